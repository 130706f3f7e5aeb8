"""What Day 4 says in its text is what the benchmarks measured and the dataset holds."""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest

from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.learning.evaluation.episodes import FACTORS, of_key
from vla_course.learning.evaluation.evaluating import read_run
from vla_course.learning.evaluation.summary import SAID, reason
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.examples import examples_of
from vla_course.learning.training.learner import DITHER
from vla_course.motion.planning.step_safety import OMEGA
from vla_course.panels.evaluation.films import kept
from vla_course.panels.training.numbers import NAMES
from vla_course.reference.day4_training.statistics import fit_statistics, normalise
from vla_course.simulation.robot.layout import ACTION, JOINT_NAMES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "notebooks" / "day4_training.py").read_text(encoding="utf-8")
PROSE = " ".join(line.lstrip("# ") for line in TEXT.splitlines() if line.startswith("#"))


@pytest.fixture(scope="module")
def demonstrations() -> Demonstrations:
    return Demonstrations(ROOT / "data" / "demonstrations")


def counts_of(variable: str) -> dict[str, tuple[int, int]]:
    """Return the counts that a cell of the notebook writes down."""
    code = "\n".join(line for line in TEXT.splitlines() if not line.startswith("#"))
    (found,) = (
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == variable
    )
    return dict(ast.literal_eval(found))


def results(name: str) -> dict[str, tuple[int, int]]:
    told = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))[
        "figures"
    ]
    return {one["name"]: (round(one["value"] * one["n"]), one["n"]) for one in told if one["interval"]}


def test_things_that_were_found_are_counted_as_measured():
    measured = results("grounding")
    told = {
        "pairs that training named": "trained pairs: right",
        "pairs never named, all": "held-out pairs, all: right",
    }
    for name, count in counts_of("found_right").items():
        assert measured[told.get(name, f"held out: {name.strip()}, right")] == count, name


def test_what_a_new_word_costs_is_told_as_measured():
    told = json.loads((ROOT / "benchmarks" / "results" / "finetuning.json").read_text(encoding="utf-8"))
    measured = {one["name"]: one["value"] for one in told["figures"]}
    rows = {
        "nothing": "cone, 0 demonstrations, before",
        "the word alone": "cone, 20 demonstrations, word",
        "and LoRA": "cone, 20 demonstrations, lora",
        "and all weights": "cone, 20 demonstrations, everything",
    }
    for said, name in rows.items():
        shares = [round(100 * measured[f"{name}: {part}"]) for part in ("new", "alike", "old", "beside")]
        assert f"| {said} | " + " | ".join(f"{share} %" for share in shares) + " |" in TEXT, said
    rehearsed = [
        round(100 * measured[f"cone, 20 demonstrations, lora, rehearsed: {part}"])
        for part in ("old", "beside")
    ]
    assert "it keeps {} and {} %".format(*rehearsed) in PROSE
    before, after = (measured[f"in physics, point at the cone: {when}"] for when in ("before", "after, word"))
    assert (round(12 * before), round(12 * after)) == (7, 7)
    assert "In twelve scenes in physics it did so seven times before, and seven times after" in PROSE


def test_what_is_said_of_the_run_that_ships_is_what_it_holds():
    folder = ROOT / "data" / "evaluation" / "planned"
    run = read_run(folder)
    tasks = [key for key in run.outcomes if not key.endswith("/camera")]
    usual, moved = ([run.outcomes[key + more].done for key in tasks] for more in ("", "/camera"))
    assert len(tasks) == 12  # "twelve tasks"
    assert {of_key(key).family for key in tasks} == {"look at", "reach for", "point at"}
    gained = sum(new and not old for old, new in zip(usual, moved, strict=True))
    lost = sum(old and not new for old, new in zip(usual, moved, strict=True))
    assert (gained, lost > 5) == (0, True)  # "all coins fall to one side", and enough of them
    assert "up to 3 cm and turned by up to 4.5 degrees" in PROSE
    assert "up to 3 cm and turned by up to 4.5 degrees" in FACTORS["camera"]
    films = kept(run, folder)
    failed = [one.outcome for one in films.values() if not one.outcome.done]
    assert len(failed) > 2
    assert all(one.key.endswith("/camera") for one in failed)  # "its cameras moved"
    assert len({reason(one.trouble) for one in failed}) == len(failed)  # "one for each kind of failure"
    assert SAID not in {reason(one.trouble) for one in failed}  # "every one of them heard its command"
    assert all(films[f"swap/look at/0/{number}"].outcome.done for number in (0, 1))  # "side by side"
    assert len(list((folder / "films").glob("*.mp4"))) == len(films)


@pytest.fixture(scope="module")
def drawn(demonstrations) -> tuple[list[int], list[int]]:
    """What the notebook learns from, and what it holds out."""
    assert "demonstrations.split(0.2, np.random.default_rng(0))" in TEXT
    return demonstrations.split(0.2, np.random.default_rng(0))


def first_of(demonstrations: Demonstrations, skill: str) -> Episode:
    """Return the episode that cells of the notebook ask for as `episodes_of(skill)[0]`."""
    assert f'episodes_of("{skill}")[0]' in TEXT
    return next(one for one in demonstrations.episodes if one.skill == skill and one.success)


def test_the_hand_closes_where_it_is_said_to(demonstrations):
    one = first_of(demonstrations, "pick up")
    grippers = demonstrations.actions[one.start : one.stop, ACTION.grippers]
    gripper = grippers[:, np.ptp(grippers, axis=0).argmax()]
    closes = int(np.flatnonzero(np.diff(gripper) < 0)[-1]) + 1
    assert "The hand closes less than twelve steps before the end" in PROSE
    assert len(one) - 12 < closes < len(one)  # "would have seen none"


def test_what_is_said_of_the_dataset_is_true(demonstrations, drawn):
    assert (len(demonstrations.episodes), len(DIRECT)) == (26, 10)
    assert "Twenty-six such episodes, of all ten skills that it is to act out" in PROSE
    assert {one.skill for one in demonstrations.episodes} == set(DIRECT)
    learn, _ = drawn
    scenes = {demonstrations.episodes[k].scene_seed for k in learn}
    assert f"{len(learn)} episodes are {len(scenes)} scenes" in PROSE
    assert len(scenes) == 10  # "ten rooms"
    good = [k for k in learn if demonstrations.episodes[k].success]
    assert 18 <= len(good) <= 20  # "some twenty episodes"
    assert len(demonstrations.frames_of(good)) / len(good) == pytest.approx(60, abs=8)  # "one in sixty or so"


def test_nobody_is_validated_on_a_skill_that_it_was_never_shown(demonstrations, drawn):
    learn, kept = ([demonstrations.episodes[k] for k in some] for some in drawn)
    assert {one.skill for one in kept} <= {one.skill for one in learn if one.success}
    assert len([one for one in kept if one.success]) > 2  # the first and the third of them are drawn
    assert any(one.skill == "pick up" and one.success for one in learn)


def test_ranges_are_as_wide_as_they_are_said_to_be(demonstrations, drawn):
    learn, kept = drawn
    shown, everything = (examples_of(demonstrations, some, 12) for some in (learn, [*learn, *kept]))
    values = shown.chunks[shown.own]
    fitted, leaky = fit_statistics(values), fit_statistics(everything.chunks[everything.own])
    wide = fitted.high - fitted.low
    joints = joint_range()
    moves = {
        name: float(
            (joints.upper - joints.lower)[JOINT_NAMES.index(name)] * wide[NAMES.index(name.replace("_", " "))]
        )
        for name in ("right_elbow", "right_wrist_yaw")
    }
    assert moves["right_elbow"] / moves["right_wrist_yaw"] == pytest.approx(3.0, abs=0.5)
    assert "the right elbow moves about three times as far as the yaw of its wrist" in PROSE
    wrist = np.abs(normalise(values, fitted)[:, NAMES.index("right wrist yaw")])
    assert wrist.max() > 3.0  # "at 3 and not at 1"
    assert np.mean(wrist > 1.0) < 0.03  # "in a few frames"
    wider = ((leaky.high - leaky.low) / wide)[: len(NAMES)]
    assert wider.max() > 1.1  # "with them the range gets wider"
    assert np.median(wider) < 1.0  # "the others get narrower"


def test_numbers_that_a_policy_says_are_counted(demonstrations):
    assert ACTION.size == 36
    assert (len(spoken.SPOKEN), spoken.SIZE - len(spoken.SPOKEN)) == (24, 12)
    for told in ("An action is 36 numbers", "The policy says 24 of them", "twelve more"):
        assert told in PROSE
    weights = sum(part.numel() for part in ChunkPolicy().parameters())
    assert f"{weights / 1e6:.1f} million weights" in PROSE
    assert DITHER == 0.1
    assert "by up to 0.1 on your scale" in PROSE


def test_what_went_wrong_in_the_failure_is_told(demonstrations):
    (one,) = (one for one in demonstrations.episodes if not one.success)
    assert (one.failure, "bowl" in one.sentence, one.noise_level > 0.0) == ("not done in time", True, True)
    assert "time is up" in PROSE
    span = slice(one.start, one.stop)
    away = np.linalg.norm(demonstrations.targets[span, 0] - demonstrations.hands[span, 7:10], axis=1)
    assert away.min() > 0.1  # "never gets near enough"
    turn = demonstrations.actions[span, ACTION.stance][:, 1]
    sides = np.sign(turn[np.abs(turn) > 0.2])
    assert np.count_nonzero(np.diff(sides)) >= 3  # "to one side, and to the other"


def test_a_glance_is_asked_where_both_things_lie(demonstrations):
    one = first_of(demonstrations, "point at")
    assert {one.thing, demonstrations.episodes[one.twin].thing} == {"purple ball", "yellow cup"}


def test_a_fall_grows_as_it_is_said_to():
    assert round(np.exp(OMEGA)) == 30
    assert "thirty centimetres" in PROSE


def test_exercises_of_the_core_path_are_marked_as_in_the_manifest():
    for exercise in load_manifest(CourseRoot(ROOT)).exercises:
        if not exercise.id.startswith("4."):
            continue
        heading = re.search(rf"### Exercise {re.escape(exercise.id)}: .*?\n#\n# (.*?)\n", TEXT)
        assert heading, exercise.id
        expected = f"difficulty {exercise.difficulty} of 4"
        assert heading.group(1) == ("◆ core path · " if exercise.core else "") + expected, exercise.id


def test_minutes_at_the_top_are_those_of_the_manifest():
    mine = [one for one in load_manifest(CourseRoot(ROOT)).exercises if one.id.startswith("4.")]
    assert sum(one.minutes for one in mine) == 240
    assert sum(one.minutes for one in mine if one.core) == 150
    assert "four hours of writing" in PROSE
    assert "two and a half of them" in PROSE
