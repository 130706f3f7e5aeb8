"""Variants: parsed, put in place of the reference's answer, and used by the gate."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vla_course.course.checking.checking import run_tests
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.course.source.variants import build_submission, read_variants

from .conftest import write

MEAN = '''
"""Answers to 1.1."""

from __future__ import annotations

import math

from vla_course.course.source.variants import right, wrong


@wrong("forgot-to-divide")
def mean(values):
    if len(values) == 0:
        raise ValueError
    return sum(values)


@wrong("no-empty-check")
def mean(values):
    return sum(values) / max(len(values), 1)


@right("by-fsum")
def mean(values):
    if not len(values):
        raise ValueError("no values")
    return math.fsum(values) / len(values)
'''

SCALE = '''
from vla_course.course.source.variants import right, wrong


@wrong("no-centre")
def apply(self, value):
    """Several
    lines."""
    return value / spread(self.values)


@right("by-division")
def apply(self, value):
    return value / spread(self.values) - mean(self.values) / spread(self.values)
'''


@pytest.fixture
def variants(course):
    folder = course.root.graded / "variants" / "day1_numbers"
    write(folder / "mean_1_1.py", MEAN)
    write(folder / "apply_1_3.py", SCALE)
    return folder


def named(course, exercise_id):
    exercise = load_manifest(course.root).exercise(exercise_id)
    return exercise, {variant.name: variant for variant in read_variants(course.root, exercise)}


def test_each_marked_function_is_one_variant(course, variants):
    _, found = named(course, "1.1")
    assert [(name, variant.kind) for name, variant in found.items()] == [
        ("forgot-to-divide", "wrong"),
        ("no-empty-check", "wrong"),
        ("by-fsum", "right"),
    ]
    assert found["by-fsum"].imports == "import math"


def test_a_submission_is_the_solutions_with_that_one_function(course, variants, tmp_path):
    exercise, found = named(course, "1.1")
    folder = build_submission(course.root, exercise, found["by-fsum"], tmp_path / "submission")
    text = (folder / "day1_numbers" / "stats.py").read_text()
    assert text.startswith('"""Means and spreads."""\nimport math\n')
    assert '@exercise("1.1")\ndef mean(values):\n    if not len(values):\n' in text
    assert "np.sum" not in text
    assert "SOLUTION" not in text
    assert "middle_of_all = mean(values)" in text
    assert (folder / "day1_numbers" / "scale.py").exists()


def test_a_coroutine_is_a_variant_as_well(course, variants):
    write(variants / "mean_1_1.py", MEAN.replace("def mean", "async def mean"))
    _, found = named(course, "1.1")
    assert found["no-empty-check"].source.startswith("async def mean(values):")


@pytest.mark.parametrize(
    ("exercise_id", "name", "points", "mistake"),
    [
        ("1.1", "forgot-to-divide", 1, "forgot-to-divide"),
        ("1.1", "no-empty-check", 3, "no-empty-check"),
        ("1.1", "by-fsum", 4, None),
        ("1.3", "no-centre", 0, "no-centre"),
        ("1.3", "by-division", 2, None),
    ],
)
def test_a_variant_gets_what_it_deserves(course, variants, tmp_path, exercise_id, name, points, mistake):
    exercise, found = named(course, exercise_id)
    folder = build_submission(course.root, exercise, found[name], tmp_path / "submission")
    (verdict,) = run_tests(exercise_id, root=course.root, submission=folder, include_hidden=True)
    assert (verdict.points, verdict.mistake) == (points, mistake)


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("x = 1\n", r"mean_1_1.py:30: expected an import, or a function mean under"),
        ('@wrong("other")\ndef average(values): ...\n', r"mean_1_1.py:31: expected"),
        ("def mean(values): ...\n", r"mean_1_1.py:30: expected"),
        ('@right("by-fsum")\ndef mean(values): ...\n', r'hold "by-fsum" twice'),
        ("def mean(:\n", r"mean_1_1.py:30: not valid Python"),
    ],
)
def test_anything_else_in_the_file_is_told(course, variants, planted, told):
    write(variants / "mean_1_1.py", MEAN + "\n\n" + planted)
    with pytest.raises(CourseError, match=told):
        named(course, "1.1")


@pytest.mark.timeout(900)
def test_the_gate_passes_what_is_sound_and_names_what_is_not(course, variants):
    """Exercise 1.1 lacks a third wrong answer, 1.3 has a hint that its tests never raise."""
    write(variants / "apply_1_3.py", SCALE.replace("value / spread", "-value / spread", 1))
    gate = Path(__file__).parents[1] / "graded" / "test_gate.py"
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(gate),
        "-rA",
        "-q",
        "--tb=line",
        "--gate-seeds=1",
    ]
    quickly = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_timeout"}
    told = subprocess.run(command, capture_output=True, text=True, timeout=800, env=quickly).stdout
    outcomes = dict(
        reversed(line.split(" - ")[0].split(" ", 1))
        for line in told.splitlines()
        if line.startswith(("PASSED", "FAILED"))
    )
    assert sorted(name.split("::")[1] for name, outcome in outcomes.items() if outcome == "FAILED") == [
        "test_a_wrong_answer_loses_points_and_raises_its_own_hint[1.3-no-centre]",
        *(f"test_there_are_enough_wrong_and_right_answers[{number}]" for number in ("1.1", "1.2", "1.3")),
    ], told
    assert sum(outcome == "PASSED" for outcome in outcomes.values()) == 3 + 3 + 2 + 2
