"""What the benchmark of training tells follows from what was done: shares, paired differences, costs, calibration."""

import sys
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import training  # noqa: E402
from training_calibration import calibration, judged  # noqa: E402
from training_course import Cost, Kill, Pace  # noqa: E402
from training_figures import acting, costs, kills, trainings  # noqa: E402
from training_rollouts import Rollout, scenes  # noqa: E402
from training_runs import ACT, ROWS, Trained  # noqa: E402

SKILLS = ("walk", "look at")
SCENES = [scene.key for scene in scenes(SKILLS, 10)]


def rolled(**done):
    """Rollouts in SCENES: of each name so many of the first ones succeeded."""
    return {
        f"{name}/{key}": Rollout(f"{name}/{key}", k < count, False, "", 1.0)
        for name, count in done.items()
        for k, key in enumerate(SCENES)
    }


def by_name(figures):
    return {figure.name: figure for figure in figures}


def test_scenes_come_in_turns_so_that_who_stops_early_has_as_many_of_each_skill():
    assert SCENES[:4] == ["walk/0", "look at/0", "walk/1", "look at/1"]
    assert len({scene.seed for scene in scenes(("walk",), 10)}) == 10


def test_who_acts_is_compared_with_ours_in_the_same_scenes():
    told = by_name(acting(["ours", ACT], SCENES, SKILLS, rolled(**{"ours": 15, ACT: 9})))
    assert told["ours: success"].value == 0.75
    assert told["ours: success"].interval[0] == pytest.approx(0.531, abs=1e-3)  # Wilson, 15 of 20
    assert told["ours, walk"].n == 10
    difference = told[f"ours minus {ACT}"]
    assert difference.value == pytest.approx(0.3)
    assert difference.holds is True
    assert told[f"  p of a paired test, {ACT}"].value == pytest.approx(2 * 0.5**6)
    assert told[f"  p of a paired test, {ACT}"].n == 6


def test_what_is_half_done_is_compared_in_what_both_have_done():
    done = rolled(ours=10, recurrent=20)
    del done["recurrent/look at/9"], done["ours/walk/0"]
    told = by_name(acting(["ours", "recurrent"], SCENES, SKILLS, done))
    assert told["ours minus recurrent"].n == 18
    assert told["ours minus recurrent"].value == pytest.approx((9 - 18) / 18)


def test_seeds_of_training_have_one_interval_together():
    names = ["ours", "ours (seed 1)", "ours (seed 2)"]
    told = by_name(acting(names, SCENES, SKILLS, rolled(**dict(zip(names, (20, 10, 0), strict=True)))))
    together = told["ours, 3 training seeds: success"]
    assert together.value == pytest.approx(0.5)
    assert together.interval[0] < 0.2
    assert together.interval[1] > 0.8


def test_the_course_is_asked_for_its_part_of_the_shipped_policys_success():
    done = rolled(ours=18, shipped=16, **{"course preset": 12})
    told = by_name(costs({"course preset": Cost("course preset", 7.5, 2e9)}, SCENES, done))
    assert told["course preset: of the shipped policy's success"].value == pytest.approx(0.75)
    assert told["course preset: of the shipped policy's success"].holds is False
    assert told["course preset: time on one thread"].holds is True
    assert told["course preset: memory at most"].holds is False


def test_a_byte_that_differs_after_a_kill_breaks_the_promise():
    assert by_name(kills({"0": Kill("0", 0, 1.0)}))["bytes of weights that differ after a kill"].holds
    spoilt = kills({"0": Kill("0", 0, 1.0), "1": Kill("1", 3, 1.0)})
    assert spoilt[0].holds is False


def test_ours_is_to_have_half_the_parameters_of_act_at_most():
    rows = {name: Trained(name, size, 10, 10, 0.1) for name, size in (("ours", 2_000_000), (ACT, 3_000_000))}
    assert by_name(trainings(rows, {}))[f"parameters of ours against {ACT}"].holds is False


def test_the_time_of_a_decision_is_that_of_its_parts_together():
    pace = Pace([1.0] * 99 + [50.0], [2.0] * 100, [4.0] * 100)
    assert pace.p95("seeing", "deciding") == 3.0
    assert pace.p95("seeing", "deciding", "acting") == 7.0


def doubtful(count, right):
    """Rollouts in which a doubt tells success, in scenes of odd numbers as `right` says."""
    rng, found = np.random.default_rng(0), {}
    for number in range(count):
        doubts = float(rng.normal())
        likely = 1.0 / (1.0 + np.exp(3.0 * doubts))
        done = bool(rng.random() < (likely if number % 2 == 0 or right else 1.0 - likely))
        key = f"ours/walk/{number}"
        found[key] = Rollout(key, done, False, "", 1.0, doubts)
    return found


def test_a_confidence_is_judged_on_scenes_that_it_has_not_learned_from():
    well, badly = (by_name(calibration(doubtful(2000, right), ["ours"])) for right in (True, False))
    error = "confidence: calibration error"
    assert well[error].value < 0.05
    assert well[error].n == 1000
    assert badly[error].value > 0.3
    assert well["  of one that is right, by chance alone"].value < 0.05
    assert {int(one.key.rsplit("/")[-1]) % 2 for one in judged(doubtful(100, True), "ours")} == {1}


def test_of_a_few_episodes_no_confidence_is_told():
    assert calibration(doubtful(30, True), ["ours"]) == []


def test_names_of_rows_can_be_listed_and_are_different():
    names = [row.name for row in ROWS]
    assert len({row.slug for row in ROWS}) == len(names)
    assert not any("," in name or "/" in name for name in names)


def test_a_run_that_was_begun_otherwise_is_not_gone_on_with(tmp_path):
    begun = Namespace(demonstrations=[tmp_path], minutes=10.0, steps=None, seed=0, done=False)
    training._the_same(tmp_path, begun)
    training._the_same(tmp_path, begun)
    with pytest.raises(SystemExit, match=r"settings.json: minutes is 10.0, expected 5.0: --run names another"):
        training._the_same(tmp_path, Namespace(**{**vars(begun), "minutes": 5.0}))
    training._the_same(tmp_path, Namespace(**{**vars(begun), "minutes": 5.0, "done": True}))


def test_an_option_that_makes_no_sense_is_named(monkeypatch, capsys):
    for words, says in (
        (["--minutes", "0"], "--minutes is 0.0, expected more than 0"),
        (["--rows", "ours,theirs"], "--rows names 'theirs', expected some of: ours, "),
        (["--skills", "fly"], "--skills names 'fly', expected some of: walk, "),
    ):
        monkeypatch.setattr(sys, "argv", ["training.py", *words])
        with pytest.raises(SystemExit):
            training._options()
        assert says in " ".join(capsys.readouterr().err.split())
