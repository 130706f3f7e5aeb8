"""What a run says: rates, reasons, chains, calibration; and which of two is better."""

from dataclasses import replace

import numpy as np
import pytest

from tests.learning.recorded_runs import by_chance, outcome, record
from vla_course.learning.evaluation.comparing import (
    Stratum,
    compare,
    factor_effects,
    seed_spread,
    stratified,
)
from vla_course.learning.evaluation.episodes import Episode, EvaluationFault, of_key
from vla_course.learning.evaluation.evaluating import Settings, read_run
from vla_course.learning.evaluation.paired_result import PairedResult
from vla_course.learning.evaluation.parts import EvaluationParts
from vla_course.learning.evaluation.summary import (
    GAVE_UP,
    MEANT,
    SAID,
    by_reason,
    calibration_error,
    in_a_row,
    lines,
    reason,
    reliability,
    rows,
    times_to_success,
    told_right,
)
from vla_course.simulation.scene.things import HELD_OUT
from vla_course.simulation.tasks.instructions import SKILLS


def outcomes(*rules, family="walk", split="seen"):
    """Return outcomes of episodes one after the other, changed as told."""
    return [outcome(Episode(split, family, k, 0), **rule) for k, rule in enumerate(rules)]


# ---- one run ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("fell", "fell"),
        ("moved the green box", "knocked a thing about"),
        ("dropped the red cup", "dropped a thing"),
        ("bumped into the person", "bumped into the person"),
        ("hit the table", "hit the table"),
        ("collided with itself", "collided with itself"),
        ("wrong hand", "used the wrong hand"),
        ("I am not sure what is meant by 'look at the red cup'", MEANT),
        ("I am not sure what 'dance' asks for", SAID),
        ("I do not understand 'x': because", SAID),
        ("I was told nothing", "was told nothing"),
        ("there is no person in sight", "did not see what it needed"),
        ("there is nothing in sight that may be red cup", "did not see what it needed"),
        ("I never learned to serve a drink", "does not know how to"),
        ("out of time", "out of time"),
        ("the rule does not hold", "thought that it was done, and it was not"),
        ("broke: KeyError: 'x'", "the program broke"),
        ("no hand can take the red cup", GAVE_UP),
    ],
)
def test_failures_are_grouped_by_what_they_are_examples_of(trouble, expected):
    assert reason(trouble) == expected


def test_the_commonest_reason_comes_first_and_what_was_done_has_none():
    told = [
        {"done": True},
        *[{"done": False, "trouble": one} for one in ("fell", "moved the red box", "moved the blue box")],
    ]
    groups = by_reason(outcomes(*told))
    assert {name: len(found) for name, found in groups.items()} == {"knocked a thing about": 2, "fell": 1}
    assert next(iter(groups)) == "knocked a thing about"


def test_lines_are_splits_families_and_every_held_out_pair_never_pooled(tmp_path):
    run = record(
        tmp_path / "run",
        lambda one: one.number % 3 > 0,
        ("empty", "composition", "seen"),
        count=12,
        factors=("mass",),
    )
    found = list(rows(run))
    assert [row.name for row in lines(run)] == [
        "seen",
        "seen, mass",
        "composition",
        "composition, mass",
        "empty",
    ]
    of_pairs = {
        row.pair: (row.done, len(row.outcomes)) for row in found if row.pair and row.name == "composition"
    }
    assert of_pairs == {pair: (0 if k % 3 == 0 else 7, 7) for k, pair in enumerate(HELD_OUT)}
    seen = [row for row in found if row.name == "seen"]
    assert [row.family for row in seen] == ["", *SKILLS]
    assert (seen[0].done, len(seen[0].outcomes)) == (8 * 12, 12 * 12)
    assert len(seen[0].experts) == 144


def test_no_expert_stands_beside_a_control_though_the_task_has_one(tmp_path):
    run = record(tmp_path / "run", splits=("seen", "empty"), count=1, factors=("light",))
    assert {row.name: len(row.experts) for row in lines(run)} == {"seen": 12, "seen, light": 12, "empty": 0}
    assert [(row.split, row.factor) for row in lines(run)] == [
        ("seen", ""),
        ("seen", "light"),
        ("empty", ""),
    ]


def test_who_did_both_did_not_do_the_other_one_instead(tmp_path):
    run = record(tmp_path / "run", splits=("swap",), count=2, families=["pick up"])
    one, two = run.outcomes.values()
    both = {one.key: replace(one, done=True, other=True), two.key: replace(two, done=False, other=True)}
    (row,) = lines(replace(run, outcomes=both))
    assert (row.done, row.instead, len(row.outcomes)) == (1, 1, 2)


def test_chains_count_how_many_got_so_far():
    found = outcomes(*({"done": k == 5, "in_row": k} for k in (5, 5, 2, 0)), family="chain", split="chain")
    assert in_a_row(found) == [0.75, 0.75, 0.5, 0.5, 0.5]
    assert sum(in_a_row(found)) == 3.0


def test_times_are_those_of_successes():
    found = outcomes(
        *({"done": True, "simulated": float(k)} for k in (1, 2, 3, 4, 5)), {"done": False, "simulated": 90.0}
    )
    assert times_to_success(found) == (2.0, 3.0, 4.0)
    assert times_to_success(found[5:]) is None


def test_calibration_agrees_with_that_of_the_reader():
    from vla_course.learning.reading.calibration import calibration_error as of_arrays

    rng = np.random.default_rng(0)
    sure = rng.uniform(size=200).round(3)
    sure[:3] = (0.0, 1.0, 0.999)
    right = rng.uniform(size=200) < sure
    bins = reliability(
        outcomes(*({"done": bool(done), "sure": float(one)} for one, done in zip(sure, right, strict=True)))
    )
    assert calibration_error(bins) == pytest.approx(of_arrays(sure, right))
    assert sum(one.n for one in bins) == 200
    perfect = reliability(outcomes(*({"done": k < 7, "sure": 0.7} for k in range(10))))
    assert calibration_error(perfect) == pytest.approx(0.0)


def test_what_a_command_is_worth_is_told_task_by_task(tmp_path):
    told = lambda one: (one.split == "seen" and not one.factor) or one.family == "stand still"  # noqa: E731
    run = record(tmp_path / "run", told, count=1, factors=("light",))
    pairs = told_right(run)
    assert len(pairs) == len(SKILLS)
    assert pairs["seen/stand still/0/0"] == (True, True)
    assert pairs["seen/walk/0/0"] == (True, False)


# ---- two runs --------------------------------------------------------------------------------------


def test_two_runs_are_compared_episode_by_episode(tmp_path):
    before = record(tmp_path / "a", lambda one: one.number < 2, ("seen",), count=4)
    after = record(tmp_path / "b", lambda one: one.number in (1, 2, 3), ("seen", "swap"), count=4)
    (found,) = compare(before, after)
    assert (found.name, found.n, found.before, found.after) == ("seen", 48, 24, 36)
    assert (found.result.gained, found.result.lost) == (24, 12)
    assert found.difference == pytest.approx(0.25)
    assert found.interval[0] < 0.25 < found.interval[1]
    assert [one.family for one in found.families] == list(SKILLS)
    assert all((one.n, one.result.gained, one.result.lost) == (4, 2, 1) for one in found.families)
    turned = compare(after, before)[0]
    assert turned.difference == -found.difference
    assert turned.interval == pytest.approx((-found.interval[1], -found.interval[0]))


def test_runs_without_a_common_episode_or_with_other_words_are_refused(tmp_path):
    one = record(tmp_path / "a", count=1)
    other_seed = record(tmp_path / "b", count=1, settings=Settings("planned", seed=1))
    with pytest.raises(EvaluationFault, match="a \\(seed 0\\) and b \\(seed 1\\) have no episode in common"):
        compare(one, other_seed)
    path = tmp_path / "c" / "planned.jsonl"
    record(tmp_path / "c", count=1)
    path.write_text(path.read_text().replace("words of seen/walk/0/0", "walk differently", 1))
    with pytest.raises(EvaluationFault, match="seen/walk/0/0 was told 'words of .* and 'walk differently'"):
        compare(one, read_run(tmp_path / "c"))


def test_a_students_own_test_is_what_judges(tmp_path):
    one, two = (record(tmp_path / name, by_chance(0.5, k), ("seen",)) for k, name in enumerate("ab"))
    parts = EvaluationParts(lambda done, n: (0.0, 1.0), lambda before, after: PairedResult(2, 0, 1.0, 0.125))
    assert compare(one, two, parts)[0].result.p_value == 0.125
    assert compare(one, two, parts)[0].difference == pytest.approx(1.0)


def test_families_count_alike_however_many_episodes_each_has():
    many = Stratum("walk", 90, PairedResult(0, 0, 0.0, 1.0))
    few = Stratum("pick up", 10, PairedResult(5, 0, 0.5, 0.06))
    difference, (low, high) = stratified([many, few])
    assert difference == pytest.approx(0.25)
    assert low < 0.25 < high


def test_an_interval_of_episodes_that_do_not_speak_has_a_width():
    _, (low, high) = stratified([Stratum("walk", 10, PairedResult(0, 0, 0.0, 1.0))])
    assert low < -0.05
    assert high == pytest.approx(-low)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng, inside, trials = np.random.default_rng(1), 0, 600
    ways = np.array(((0.10, 0.05), (0.30, 0.10), (0.02, 0.02), (0.15, 0.25)))  # gained, lost, by family
    truth = float((ways[:, 0] - ways[:, 1]).mean())
    for _ in range(trials):
        strata = []
        for gain, lose in ways:
            gained, lost, _ = rng.multinomial(15, (gain, lose, 1.0 - gain - lose)).tolist()
            strata.append(Stratum("", 15, PairedResult(gained, lost, (gained - lost) / 15, 1.0)))
        _, (low, high) = stratified(strata)
        inside += low <= truth <= high
    assert 0.925 <= inside / trials <= 0.985


def test_a_factor_is_compared_with_the_same_tasks_without_it(tmp_path):
    run = record(
        tmp_path / "run",
        lambda one: one.factor != "camera" or one.number == 0,
        ("seen",),
        count=4,
        factors=("light", "camera", "layout"),
    )
    found = {one.name: one for one in factor_effects(run)}
    assert set(found) == {"seen, light", "seen, camera"}
    assert found["seen, light"].difference == 0.0
    assert found["seen, camera"].difference == pytest.approx(-0.75)
    assert found["seen, camera"].result.lost == 36


# ---- several trainings -----------------------------------------------------------------------------


def test_chance_of_episodes_and_chance_of_trainings_are_told_apart(tmp_path):
    same = [record(tmp_path / f"same{k}", lambda one: one.number % 2 == 0, ("seen",)) for k in range(3)]
    (found,) = seed_spread(same)
    assert found.rates == (0.5, 0.5, 0.5)
    assert (found.between, found.of_trainings) == (0.0, 0.0)
    assert found.of_episodes == pytest.approx(1.96 * 0.5 / np.sqrt(48), rel=0.02)
    apart = [record(tmp_path / f"apart{k}", lambda one, k=k: k > 0, ("seen",)) for k in range(3)]
    (found,) = seed_spread(apart)
    assert found.mean == pytest.approx(2 / 3)
    assert found.of_episodes == 0.0
    assert found.of_trainings == pytest.approx(4.3027 * found.between / np.sqrt(3), rel=1e-4)


def test_one_training_or_other_policies_say_nothing_of_trainings(tmp_path):
    one = record(tmp_path / "a", count=1)
    with pytest.raises(EvaluationFault, match="expected those of two or more"):
        seed_spread([one])
    other = record(tmp_path / "b", count=1, settings=Settings("expert"))
    with pytest.raises(EvaluationFault, match="runs are of expert, planned, expected one policy"):
        seed_spread([one, other])
    assert of_key(next(iter(one.outcomes))).split == "seen"
