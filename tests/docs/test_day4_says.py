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
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.examples import examples_of
from vla_course.learning.training.learner import DITHER
from vla_course.motion.planning.step_safety import OMEGA
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


@pytest.fixture(scope="module")
def drawn(demonstrations) -> tuple[list[int], list[int]]:
    """What the notebook learns from, and what it keeps."""
    (seed,) = re.findall(r"^DRAW = (\d+)", TEXT, re.MULTILINE)
    assert "demonstrations.split(0.2, np.random.default_rng(DRAW))" in TEXT
    return demonstrations.split(0.2, np.random.default_rng(int(seed)))


def episodes_in(pattern: str) -> list[int]:
    """Return the numbers of episodes that cells of the notebook ask for."""
    found = [int(number) for number in re.findall(pattern, TEXT)]
    assert found, pattern
    return found


def test_the_hand_closes_where_it_is_said_to(demonstrations):
    (number,) = episodes_in(r"one = demonstrations\.episodes\[(\d+)\]")
    one = demonstrations.episodes[number]
    gripper = demonstrations.actions[one.start : one.stop, ACTION.grippers.start]
    closes = int(np.flatnonzero(np.diff(gripper) < 0)[-1]) + 1
    assert f"The hand closes at step {closes} of {len(one)}" in PROSE
    assert f"the last one would begin at step {len(one) - 12}:" in PROSE
    assert closes - len(one) == -10  # "of the ten moments with the cup in its hand"
    assert len(one) - 12 < closes  # "would have seen none"


def test_what_is_said_of_the_dataset_is_true(demonstrations, drawn):
    failed = [one.index for one in demonstrations.episodes if not one.success]
    assert (len(failed), len(demonstrations.episodes), len(DIRECT)) == (1, 26, 10)
    assert "Twenty-six such episodes, of all ten skills that it is to act out" in PROSE
    assert {one.skill for one in demonstrations.episodes} == set(DIRECT)
    assert "One of 26 failed" in PROSE
    assert episodes_in(r"in episode (\d+)\?") == failed == episodes_in(r"episode_film\(demonstrations, (\d+)")
    learn, kept = drawn
    scenes = {demonstrations.episodes[k].scene_seed for k in learn}
    assert f"{len(learn)} episodes are {len(scenes)} scenes" in PROSE
    assert (len(kept), len(scenes)) == (6, 10)  # "Six episodes", "ten rooms"
    good = [k for k in learn if demonstrations.episodes[k].success]
    assert f"From {len(good)} episodes a network" in PROSE
    assert f"one in {len(demonstrations.frames_of(good)) / len(good):.0f}:" in PROSE


def test_who_judges_is_asked_for_what_was_shown(demonstrations, drawn):
    learn, kept = ([demonstrations.episodes[k] for k in some] for some in drawn)
    assert {one.skill for one in kept} == {"walk", "turn", "look at"} <= {one.skill for one in learn}
    turning = [one for one in learn if one.skill == "turn"]
    to_the_left = [
        one
        for one in turning
        if demonstrations.actions[one.start : one.stop, ACTION.base_velocity][:, 2].max() > 0.5
    ]
    assert (len(turning), len(to_the_left)) == (3, 1)
    assert [one.sentence for one in learn if one.skill == "walk"] == ["take 6 steps left"]
    assert episodes_in(r"held_out, (\d+)") == [1, 21]
    assert [demonstrations.episodes[k].sentence for k in (1, 21)] == [
        "walk to the left",
        "turn left 90 degrees",
    ]
    assert {1, 21} <= set(drawn[1])
    assert set(episodes_in(r"examples, (\d+), \[")) <= set(drawn[0])


def test_ranges_are_as_wide_as_they_are_said_to_be(demonstrations, drawn):
    learn, kept = drawn
    shown, everything = (examples_of(demonstrations, some, 12) for some in (learn, [*learn, *kept]))
    values = shown.chunks[shown.own]
    fitted, leaky = fit_statistics(values), fit_statistics(everything.chunks[everything.own])
    wide = fitted.high - fitted.low
    joints = joint_range()
    for name, told in (("right_elbow", "112 degrees"), ("right_wrist_yaw", "through 35")):
        joint = JOINT_NAMES.index(name)
        scale = np.rad2deg(joints.upper[joint] - joints.lower[joint]) / 2.0
        assert round(scale * wide[NAMES.index(name.replace("_", " "))]) == int(re.findall(r"\d+", told)[0])
        assert told in PROSE
    wrist = np.abs(normalise(values, fitted)[:, NAMES.index("right wrist yaw")])
    assert (round(float(wrist.max())), float(np.mean(wrist > 1.0)) < 0.03) == (3, True)
    wider = ((leaky.high - leaky.low) / wide)[: len(NAMES)]
    assert NAMES[int(np.argmax(wider))] == "ahead"
    assert wider.max() == pytest.approx(1.25, abs=0.03)  # "a quarter wider"
    assert 1.0 - 1.0 / wider.max() == pytest.approx(0.2, abs=0.02)  # "a fifth smaller"
    ahead = ACTION.base_velocity.start
    least = [
        float(demonstrations.actions[demonstrations.frames_of([one.index])][:, ahead].min())
        for one in demonstrations.episodes
    ]
    assert set(np.argsort(least)[:2].tolist()) <= set(kept)  # "as no other episode does"
    assert sum(low < -0.2 for low in least) == 2
    assert fitted.low[NAMES.index("ahead")] > -0.01


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
    assert len(one) == round(15.0 / demonstrations.period)  # "for fifteen seconds"
    span = slice(one.start, one.stop)
    away = np.linalg.norm(demonstrations.targets[span, 0] - demonstrations.hands[span, 7:10], axis=1)
    assert f"never nearer than {100 * away.min():.0f} cm" in PROSE
    turn = demonstrations.actions[span, ACTION.stance][:, 1]
    sides = np.sign(turn[np.abs(turn) > 0.2])
    assert np.count_nonzero(np.diff(sides)) >= 3  # "to one side, and to the other"


def test_a_glance_is_asked_where_both_things_lie(demonstrations):
    (number,) = episodes_in(r"moment = demonstrations\.episodes\[(\d+)\]")
    one = demonstrations.episodes[number]
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
