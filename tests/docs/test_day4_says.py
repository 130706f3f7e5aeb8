"""What Day 4 says in its text is what the benchmarks measured and the dataset holds."""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest

from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.motion.planning.step_safety import OMEGA
from vla_course.simulation.robot.layout import ACTION

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
    told = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))["figures"]
    return {one["name"]: (round(one["value"] * one["n"]), one["n"]) for one in told if one["interval"]}



def test_things_that_were_found_are_counted_as_measured():
    measured = results("grounding")
    told = {
        "pairs that training named": "trained pairs: right",
        "pairs never named, all": "held-out pairs, all: right",
    }
    for name, count in counts_of("found_right").items():
        assert measured[told.get(name, f"held out: {name.strip()}, right")] == count, name


def test_the_hand_closes_where_it_is_said_to(demonstrations):
    one = demonstrations.episodes[30]
    gripper = demonstrations.actions[one.start : one.stop, ACTION.grippers.stop - 1]
    closes = int(np.flatnonzero(np.diff(gripper) < 0)[-1]) + 1
    assert f"The hand closes at step {closes} of {len(one)}" in PROSE
    assert closes - len(one) == -10  # "of the ten moments with the cup in its hand"


def test_what_is_said_of_the_dataset_is_true(demonstrations):
    failed = [one for one in demonstrations.episodes if not one.success]
    assert (len(failed), len(demonstrations.episodes)) == (2, 32)
    assert "Two of 32 failed" in PROSE
    learn, kept = demonstrations.split(0.2, np.random.default_rng(0))
    scenes = {demonstrations.episodes[k].scene_seed for k in learn}
    assert f"{len(learn)} episodes are {len(scenes)} scenes" in PROSE
    assert len(kept) == 6
    opened = [
        k for k in learn if (demonstrations.actions[demonstrations.frames_of([k])][:, ACTION.grippers] > 0).any()
    ]
    good = [k for k in opened if demonstrations.episodes[k].success]
    assert len(good) == 3
    assert "only three open a hand" in PROSE
    one = demonstrations.episodes[29]
    assert ("black" in one.sentence, one.failure) == (True, "hit the table")


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
