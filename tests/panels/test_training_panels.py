"""What Day 4 draws of a training is what a student's own functions say, right or wrong."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from vla_course.course.root import CourseRoot
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.evaluation.paired_result import PairedResult
from vla_course.learning.planned.eyes import Eyes
from vla_course.learning.planned.learned import LearnedGrounder
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.training.action_statistics import ActionStatistics
from vla_course.learning.training.examples import examples_of
from vla_course.learning.training.trainer import Progress
from vla_course.panels.training import bad_batches
from vla_course.panels.training.adapter import adapter_picture
from vla_course.panels.training.bad_batches import BAD, NOT_A_NUMBER, plain_step, trail
from vla_course.panels.training.credit import CUT, FALL, clip_picture, credit_picture, ratio_picture
from vla_course.panels.training.curve import (
    LiveCurve,
    chunks_picture,
    curve_picture,
    with_scales,
)
from vla_course.panels.training.examples import (
    leak_picture,
    nudged_picture,
    ranges_picture,
    windows_picture,
)
from vla_course.panels.training.losses import Trail, mean_of_means, pull_picture, trails_picture
from vla_course.panels.training.memory_game import APART, Moments, cards_picture, found, learn_by
from vla_course.panels.training.modulation import by_hand_picture, channels, modulation_picture
from vla_course.panels.training.numbers import NAMES
from vla_course.panels.training.obeying import LookPanel, looks_picture, obey, obeyed_picture
from vla_course.panels.training.proof import coins_picture, rates_picture, reliability_picture, tens_picture
from vla_course.panels.training.two_ways import demonstrated, flow_of, two_ways_picture
from vla_course.reference.day4_training.advantages import advantages
from vla_course.reference.day4_training.contrastive import info_nce
from vla_course.reference.day4_training.intervals import success_interval
from vla_course.reference.day4_training.losses import chunk_loss
from vla_course.reference.day4_training.paired import paired_test
from vla_course.reference.day4_training.ppo import clipped_objective
from vla_course.reference.day4_training.statistics import fit_statistics, normalise
from vla_course.reference.day4_training.training_step import training_step
from vla_course.reference.day4_training.windows import chunk_windows
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand

SENTENCES = ("pick up the red cup", "turn right by 30 degrees")


@pytest.fixture(scope="module")
def demonstrations() -> Demonstrations:
    return Demonstrations(CourseRoot.current().folder / "data" / "demonstrations")


@pytest.fixture(scope="module")
def examples(demonstrations):
    return examples_of(demonstrations, [14, 15], 12)


@pytest.fixture(scope="module")
def policy(examples) -> ChunkPolicy:
    torch.manual_seed(0)
    return with_scales(ChunkPolicy(ChunkPolicyConfig(width=32, layers=1)), examples, fit_statistics)


def test_windows_show_what_the_mask_says():
    actions = np.linspace(0.0, 1.0, 20, dtype=np.float32)[:, None]
    shown = windows_picture(chunk_windows, actions, [10, 18], 4, 0, ("low", "high"))
    assert "of the one at step 18, 2 steps are the episode's own" in shown.alt
    hatched = [box for box in shown.axes[0].patches if box.get_hatch()]
    assert len(hatched) == 2

    def forgetful(actions, starts, horizon):
        chunks, own = chunk_windows(actions, starts, horizon)
        return chunks, np.ones_like(own)

    wrong = windows_picture(forgetful, actions, [10, 18], 4, 0, ("low", "high"))
    assert not [box for box in wrong.axes[0].patches if box.get_hatch()]


def test_what_is_done_lies_beside_what_was_intended_where_there_is_noise(demonstrations):
    assert "done is up to 0.0 degrees off" in nudged_picture(demonstrations, 14).alt
    assert "done is up to 0.0 degrees off" not in nudged_picture(demonstrations, 16).alt


def test_ranges_and_leaks_are_those_that_were_fitted():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(500, 2)).astype(np.float32)
    fitted = fit_statistics(values)
    assert (
        f"a (range {fitted.low[0]:.2f} to {fitted.high[0]:.2f}"
        in ranges_picture(values, {"a": 0, "b": 1}, fitted, normalise).alt
    )
    wider = ActionStatistics(fitted.low - (fitted.high - fitted.low), fitted.high)
    assert (
        "The range of a is 100 % wider"
        in leak_picture(fitted, replace(wider, low=np.array([wider.low[0], fitted.low[1]])), ["a", "b"]).alt
    )


def test_a_loss_is_shown_by_what_it_pulls_at():
    chunks = {"whole": (12, 0), "nearly over": (2, 0), "given": (12, 4)}
    told = pull_picture({"means": mean_of_means, "right": chunk_loss}, chunks, 12).alt
    assert "means: whole 33 %, nearly over 33 %, given 33 %" in told
    assert "right: whole 55 %, nearly over 9 %, given 36 %" in told


def test_a_bad_batch_ends_a_plain_loop_and_costs_a_careful_one_a_step(examples, monkeypatch):
    monkeypatch.setattr(bad_batches, "STEPS", NOT_A_NUMBER + 4)
    plain, careful = trail(plain_step, examples), trail(training_step, examples)
    assert np.isnan(plain.losses[NOT_A_NUMBER + 1 :]).all()
    assert np.isfinite(careful.losses[NOT_A_NUMBER + 1 :]).all()
    assert list(careful.refused) == [NOT_A_NUMBER]
    assert "yours: the loss ends at" in trails_picture({"plain": plain, "yours": careful}, BAD).alt
    trails_picture({"one": Trail([1.0, 0.5])}, {}).png()


def test_the_curve_rings_the_best_validation(capsys):
    reports = [
        Progress(step, 30, 1.0 / step, value, min(0.5, value), 2.0)
        for step, value in ((10, 0.5), (20, 0.4), (30, 0.6))
    ]
    shown = curve_picture("training", reports)
    assert "after 30 of 30 steps" in shown.alt
    ring = shown.axes[0].lines[2]
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (20, 0.4)
    live = LiveCurve("training")
    for report in reports:
        live(report)
    assert len(live.reports) == 3


def test_chunks_begin_where_the_policy_is_asked(policy, examples, demonstrations):
    shown = chunks_picture({"fresh": policy}, examples, 15, ["right elbow"], every=10)
    expert = shown.axes[0].lines[0]
    one = demonstrations.episodes[15]
    column = 12 + NAMES.index("right elbow")
    np.testing.assert_allclose(
        expert.get_ydata(), demonstrations.actions[one.start : one.stop, column], atol=1e-6
    )
    assert len(shown.axes[0].lines) == 1 + 2 * -(-len(one) // 10)
    assert "fresh is" in shown.alt
    moves = chunks_picture({"fresh": policy}, examples, 15)
    assert len(moves.axes) == 3
    assert any("gripper" in one.get_title(loc="left") for one in moves.axes)  # it takes a cup
    with pytest.raises(ValueError, match="episode is 3, expected one of those in the examples: 14, 15"):
        chunks_picture({"fresh": policy}, examples, 3)


def test_untrained_film_leaves_all_channels_as_they_are(policy):
    scaled, shifted = channels(policy, SENTENCES[0])
    np.testing.assert_array_equal(scaled, 1.0)
    np.testing.assert_array_equal(shifted, 0.0)
    with torch.no_grad():
        policy.blocks[0].film.modulation.bias[3] = 0.5
    try:
        assert channels(policy, SENTENCES[0])[0][3] == pytest.approx(1.5)
        told = modulation_picture({"one": policy}, SENTENCES).alt
        assert "one, scale γ: 1.00 to 1.50" in told
        assert "one, shift β: 0.00 to 0.00" in told
    finally:
        with torch.no_grad():
            policy.blocks[0].film.modulation.bias.zero_()


def test_scale_and_shift_by_hand_light_what_is_named():
    rgb = np.full((24, 24, 3), 100, dtype=np.uint8)
    rgb[4:8, 8:12] = (200, 40, 40)
    rgb[16:20, 16:20] = (40, 40, 200)
    plain, still = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    settings = {
        "red": ((1.0, -1.0, -1.0), still),
        "blue": ((-1.0, -1.0, 1.0), still),
        "as it is": (plain, still),
    }
    shown = by_hand_picture(rgb, settings)
    assert "red: the sum is largest in row 1, column 2 of 6" in shown.alt
    assert "blue: the sum is largest in row 4, column 4 of 6" in shown.alt
    shown.png()


def test_names_are_in_the_order_of_what_is_said():
    assert NAMES[:7] == tuple(
        f"left {joint}"
        for joint in (
            "shoulder pitch",
            "shoulder roll",
            "shoulder yaw",
            "elbow",
            "wrist yaw",
            "wrist pitch",
            "wrist roll",
        )
    )
    assert NAMES[-2:] == ("left gripper", "right gripper")


def test_the_memory_game_is_learnt_from_pairs(demonstrations):
    rng = np.random.default_rng(0)
    base = torch.from_numpy(rng.normal(size=(80, 6)).astype(np.float32))
    noise = torch.from_numpy(rng.normal(size=(2, 80, 18)).astype(np.float32))
    now, later = (torch.cat([base, 2.0 * part], 1) for part in noise)
    moments = Moments(10 * APART * np.arange(80), now, later, np.zeros(80, dtype=np.int64))
    rows = np.arange(80)
    eye, losses = learn_by(info_nce, moments, rows)
    assert losses[-1] < 0.5 * losses[0]
    assert found(eye, moments, rows, 16) > found(None, moments, rows, 16) + 0.2
    part = Moments(np.arange(80), now, later, moments.episodes)
    assert (
        "after:"
        in cards_picture(demonstrations, part, {"before": (None, [0, 9, 20]), "after": (eye, [0, 9, 20])}).alt
    )


def test_arrows_of_credit_do_not_cross_an_ending_unless_the_function_lets_them():
    assert "0 arrows cross" in credit_picture(advantages, 8, {2: FALL, 5: CUT}, 0.98, 0.8).alt

    def leaking(rewards, values, ended, late, final, gamma, lam):
        return advantages(rewards, values, ended & False, late & False, final, gamma, lam)

    assert "0 arrows cross" not in credit_picture(leaking, 8, {2: FALL, 5: CUT}, 0.98, 0.8).alt


def test_the_clipped_objective_is_flat_where_it_has_gained():
    better, worse = clip_picture(clipped_objective, 0.2).axes[:2]
    flat = next(line for line in better.lines if line.get_label().startswith("no gradient")).get_xdata()
    assert (flat.min() > 1.2 - 1e-6, flat.max()) == (True, 1.5)
    flat = next(line for line in worse.lines if line.get_label().startswith("no gradient")).get_xdata()
    assert (flat.min(), flat.max() < 0.8 + 1e-6) == (0.5, True)


def test_a_ratio_is_that_of_two_densities():
    shown = ratio_picture((0.0, 0.1, 0.2), moved=0.2, spread=0.1)
    # exp of half the difference of the squares: e^-2 beside the old mean, 1 half way, e^2 at the new one
    assert [text.get_text() for text in shown.axes[0].texts] == ["ρ = 0.1", "ρ = 1.0", "ρ = 7.4"]


def test_regression_goes_between_two_ways_and_a_flow_takes_one():
    told = two_ways_picture().alt
    assert "demonstrations: 0 of 30" in told
    assert "regression: 1 of 1" in told
    hits = int(re.search(r"flow matching: (\d+) of 30", told)[1])
    assert hits <= 3
    sides = np.sign(
        flow_of(demonstrated(200, np.random.default_rng(0))).sample(60, torch.Generator().manual_seed(1))[
            :, 4
        ]
    )
    assert 10 < (sides > 0).sum() < 50


def test_an_adapter_is_as_thin_as_its_rank():
    assert "rank 4: 3,072 weights" in adapter_picture(torch.nn.Linear(256, 512), (4, 16)).alt


def test_what_episodes_prove_is_drawn_from_the_students_interval():
    outcomes = np.arange(100) % 4 > 0
    shown = tens_picture(outcomes, lambda won, n: (0.0, 1.0), (10, 20), np.random.default_rng(0))
    assert "of 40 people with 10 episodes each, the intervals of 40 hold the truth" in shown.alt
    assert (
        "the intervals of 0 hold"
        in tens_picture(outcomes, lambda won, n: (0.9, 1.0), (10,), np.random.default_rng(0)).alt
    )
    alone = tens_picture(np.ones(30, bool), None, (10,), np.random.default_rng(0))
    assert "with 10 episodes each they report 100 to 100 %" in alone.alt
    assert len(alone.axes[0].lines) == 1 + 40  # the truth, and a dot for each of them
    assert "a: 9 of 10" in rates_picture({"a": (9, 10)}, success_interval, "title").alt


def test_coins_are_counted_from_the_episodes():
    before, after = np.array([True, True, False, False, False]), np.array([True, False, True, True, False])
    shown = coins_picture(before, after, paired_test(before, after), ("a", "b"))
    assert "1 succeed with both, 1 with neither, 2 only with b, 1 only with a; p = 1.000" in shown.alt
    coins_picture(before, before, PairedResult(0, 0, 0.0, 1.0), ("a", "b")).png()


def test_reliability_tells_how_far_from_the_diagonal_answers_are():
    sure = np.linspace(0.0, 0.999, 100)
    shown = reliability_picture(
        {
            "boaster": (sure, np.zeros(100, bool)),
            "modest": (0.0 * sure, np.ones(100, bool)),
            "to be believed": (np.full(100, 0.75), np.arange(100) % 4 > 0),
        },
        success_interval,
    )
    words = [text.get_text() for axes in shown.axes for text in axes.texts]
    assert words == ["ECE 50 points", "ECE 100 points", "ECE 0 points"]
    assert "to be believed: 75 % sure in the mean, 75 % right" in shown.alt


def test_the_trained_grounder_lights_what_is_named(demonstrations):
    grounder = LearnedGrounder.load()
    frame = demonstrations.episodes[12].start
    views = np.stack([demonstrations.pictures(place, frame)[0] for place in PLACES])
    told = looks_picture(grounder, views, ["point at the purple ball", "point at the yellow cup"])
    chest = PLACES.index("chest")
    rings = [
        [line.get_xydata()[0] for line in told.axes[row * len(PLACES) + chest].lines[:1]] for row in range(2)
    ]
    for row, episode in enumerate((12, 13)):
        seen = demonstrations.target_pixels[demonstrations.episodes[episode].start, 3 * chest : 3 * chest + 2]
        np.testing.assert_allclose(rings[row][0], 96.0 * seen, atol=8.0)
    panel = LookPanel(grounder, views, "point at the purple ball")
    before = panel.status
    panel.look("point at the yellow cup")
    assert panel.status != before
    panel.look(" ")
    assert panel.status.startswith("<p>")


def test_who_obeys_is_judged_by_physics_and_photographed():
    class Stander:
        """Stands, whatever it is told."""

        refusal = "I was told nothing"

        def perform(self, humanoid, sentence):
            from vla_course.learning.planned.body import PlannedBody

            body = PlannedBody(
                [understand("stand still").parts[0]], sentence, humanoid, None, Eyes(humanoid), True
            )
            yield from body.stand("stand still", 0.6)

    scene = task_for(understand("point at the red cup"), np.random.default_rng(2))
    did = obey(Stander(), "point at the red cup", scene, every=0.5)
    assert did.reached == "not done (I was told nothing)"
    assert [round(one.time, 1) for one in did.moments][:2] == [0.0, 0.5]
    shown = obeyed_picture([did], count=2)
    assert "point at the red cup" in shown.alt
    shown.png()
