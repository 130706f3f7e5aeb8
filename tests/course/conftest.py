"""A small course in a folder of its own: three exercises in two files, tests, variants, a notebook."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vla_course.course.root import CourseRoot
from vla_course.course.source.stubs import write_stubs

MANIFEST = """
[[day]]
number = 1
folder = "day1_numbers"
title = "Numbers"

[[exercise]]
id = "1.1"
title = "Mean"
file = "stats.py"
symbol = "mean"
points = 4
minutes = 5
difficulty = 1
objective = "Average."
systems = ["S1"]
seconds = 6
hints = ["Add them up.", "Divide by how many there are."]
[exercise.mistakes]
forgot-to-divide = "That is the sum: divide it."
no-empty-check = "An empty list has no mean: raise ValueError."

[[exercise]]
id = "1.2"
title = "Spread"
file = "stats.py"
symbol = "spread"
points = 3
minutes = 5
difficulty = 2
objective = "Deviation."
prerequisites = ["1.1"]
seconds = 6
hints = ["Take the mean first."]
[exercise.mistakes]
variance = "That is its square."

[[exercise]]
id = "1.3"
title = "Scale"
file = "scale.py"
symbol = "Scale.apply"
points = 2
minutes = 5
difficulty = 2
objective = "Methods."
seconds = 6
hints = ["Subtract, then divide."]
[exercise.mistakes]
no-centre = "Subtract the mean first."
"""

STATS = '''"""Means and spreads."""

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise


@exercise("1.1")
def mean(values):
    """Return the mean of `values`; raises ValueError if there are none."""
    # BEGIN SOLUTION
    if len(values) == 0:
        raise ValueError("no values, expected at least one")
    return float(np.sum(values)) / len(values)
    # END SOLUTION


@exercise("1.2")
def spread(values):
    """Return the standard deviation of `values`."""
    # BEGIN SOLUTION
    middle_of_all = mean(values)
    return mean([(value - middle_of_all) ** 2 for value in values]) ** 0.5
    # END SOLUTION
'''

SCALE = '''"""A scale."""

from vla_course.course.exercise import NotAttempted, exercise

from .stats import mean, spread


class Scale:
    """Measures values in spreads from their mean."""

    def __init__(self, values):
        self.values = values

    @exercise("1.3")
    def apply(self, value):
        """Return how many spreads `value` is from the mean."""
        # BEGIN SOLUTION
        return (value - mean(self.values)) / spread(self.values)
        # END SOLUTION

    def back(self, scaled):
        return scaled * spread(self.values) + mean(self.values)
'''

SHOWN_1_1 = """
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded("1.1", points=2, says="the mean of a few numbers is right")
def test_known_numbers(student):
    got = student.mean([1.0, 2.0, 6.0])
    expect_close(got, 3.0, what="mean", unit="m", mistakes={"forgot-to-divide": 9.0})


@graded("1.1", points=1, says="any mean is right")
def test_any_numbers(student, rng):
    values = rng.normal(size=5)
    got = student.mean(values)
    expect_close(got, values.mean(), what="mean", mistakes={"forgot-to-divide": values.sum()})


@graded("1.1", points=1, says="nothing has no mean")
def test_nothing(student):
    expect_raises(ValueError, student.mean, [], what="an empty list", mistake="no-empty-check")
"""

SHOWN_1_2 = """
import zlib

from vla_course.course.checking.judging import expect, expect_close, graded


def picture():
    return b"\\x89PNG drawn"


@graded("1.2", points=1, says="the spread of two numbers is right")
def test_two_numbers(student):
    got = student.spread([0.0, 4.0])
    expect_close(got, 2.0, what="spread", mistakes={"variance": 4.0}, picture=picture)


@graded("1.2", points=1, says="a spread is not negative")
def test_sign(student, rng):
    got = student.spread(rng.normal(size=4))
    expect(got >= 0, "a spread is never below zero", got=got)
"""

HIDDEN_1_2 = """
from vla_course.course.checking.judging import expect_close, graded


@graded("1.2", points=1, says="any spread is right")
def test_two_numbers(student, rng):
    values = rng.normal(size=6)
    expect_close(student.spread(values), values.std(), what="spread", mistakes={"variance": values.var()})
"""

SHOWN_1_3 = """
from vla_course.course.checking.judging import expect_close, graded


@graded("1.3", points=2, says="a value is measured from the mean in spreads")
def test_scale(student):
    expect_close(student.Scale([0.0, 4.0]).apply(6.0), 2.0, what="scaled value", mistakes={"no-centre": 3.0})
"""


class Course:
    """The small course and what tests do with it."""

    def __init__(self, root: CourseRoot) -> None:
        self.root = root

    def file(self, name: str) -> Path:
        """A file on the student's desk."""
        return self.root.stubs / "day1_numbers" / name

    def solution(self, name: str) -> Path:
        return self.root.solutions / "day1_numbers" / name

    def answer(self, exercise_id: str, body: str) -> None:
        """Write an answer in place of the stub's `raise`; `body` is indented as deep as that line."""
        name = "scale.py" if exercise_id == "1.3" else "stats.py"
        text = self.file(name).read_text()
        line = next(line for line in text.splitlines() if f'raise NotAttempted("{exercise_id}")' in line)
        indent = line[: len(line) - len(line.lstrip())]
        lines = [indent + part if part else "" for part in body.splitlines()]
        self.file(name).write_text(text.replace(line, "\n".join(lines)))

    def solve(self) -> None:
        for name in ("stats.py", "scale.py"):
            self.file(name).write_text(self.solution(name).read_text())

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command line, in a process of its own."""
        return self.python("-m", "vla_course.cli", *arguments, **environment)

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", *arguments],
            capture_output=True,
            text=True,
            cwd=self.root.folder,
            env={**os.environ, **environment},
            timeout=240,
        )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def build_course(folder: Path) -> Course:
    """Write the small course into that folder."""
    root = CourseRoot(folder)
    write(root.manifest, MANIFEST)
    write(root.solutions / "day1_numbers" / "__init__.py", '"""Day 1."""\n')
    write(root.solutions / "day1_numbers" / "stats.py", STATS)
    write(root.solutions / "day1_numbers" / "scale.py", SCALE)
    shown, hidden = root.graded / "shown" / "day1_numbers", root.graded / "hidden" / "day1_numbers"
    write(shown / "test_1_1_mean.py", SHOWN_1_1)
    write(shown / "test_1_2_spread.py", SHOWN_1_2)
    write(hidden / "test_1_2_spread.py", HIDDEN_1_2)
    write(shown / "test_1_3_scale.py", SHOWN_1_3)
    write(root.notebooks / "day1_numbers.py", "# %%\nprint('mean')\n")
    write_stubs(root)
    return Course(root)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    built = build_course(tmp_path / "course")
    monkeypatch.setenv("VLA_COURSE_ROOT", str(built.root.folder))
    monkeypatch.delenv("VLA_COURSE_EXERCISES", raising=False)
    monkeypatch.delenv("VLA_COURSE_ISOLATE", raising=False)
    monkeypatch.setenv("VLA_COURSE_AUTHOR", "yes")  # every difference counts, unless a test says otherwise
    return built
