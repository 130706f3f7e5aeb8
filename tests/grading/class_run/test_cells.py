"""Answers in a notebook's cells: told, or taken where the policy says so, and no harm done by any notebook."""

import json
from pathlib import PurePosixPath

import pytest

from tests.course.conftest import course as small_course
from tests.grading.test_pipeline import room as small_room
from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.grading.intake.contents.notebooks import answers_in_cells, cells_of

course = small_course
room = small_room

ANSWER = """
import numpy as np
from math import sqrt as root

def total(values):
    return np.sum(values)

def mean(values):
    return 0  # a first try

def mean(values):
    return float(total(values)) / len(values)

class Scale:
    def apply(self, values):
        return [root(value) for value in values]
"""


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": []} for cell in cells]
    return json.dumps(
        {"cells": [{"cell_type": "markdown", "source": ["def mean(): ..."]}, *made], "nbformat": 4}
    )


def test_code_is_read_cell_by_cell_without_lines_of_ipython():
    cells = cells_of(notebook("%matplotlib inline\nx = 1\n!ls", "def broken(:", "y = 2").encode())
    assert [(number, text.strip()) for number, text in cells] == [(2, "x = 1"), (4, "y = 2")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"cells": 3}',
        b'{"cells": [3]}',
        b'{"cells": [{"cell_type": "code"}]}',
        b"[" * 9999,
    ],
)
def test_what_is_no_notebook_holds_no_code(data):
    assert cells_of(data) == ()


def test_an_answer_is_put_into_the_stub_with_what_it_needs(course):
    manifest = load_manifest(course.root)
    found = answers_in_cells(
        {},
        {PurePosixPath("a.ipynb"): ((3, ANSWER),)},
        manifest.exercises,
        lambda path: pristine(course.root, path),
    )
    assert found.found == {"1.1": "cell 3 of a.ipynb", "1.3": "cell 3 of a.ipynb"}
    files = {path.name: data.decode() for path, data in found.files.items()}
    names: dict = {"__name__": "answers"}
    exec(files["stats.py"], names)
    assert names["mean"]([1, 2, 6]) == 3.0
    assert "root(value)" in files["scale.py"]
    assert 'NotAttempted("1.2")' in files["stats.py"]


def test_what_the_file_answers_is_not_looked_for_in_cells(course):
    manifest = load_manifest(course.root)
    path = manifest.exercise("1.1").path
    own = pristine(course.root, path).replace('raise NotAttempted("1.1")', "return 5")
    found = answers_in_cells(
        {path: own.encode()},
        {PurePosixPath("a.ipynb"): ((3, ANSWER),)},
        manifest.exercises[:2],
        lambda path: "",
    )
    assert (found.found, found.files[path].decode()) == ({}, own)
    broken = answers_in_cells(
        {path: b"def mean(:"},
        {PurePosixPath("a.ipynb"): ((3, ANSWER),)},
        manifest.exercises[:2],
        lambda path: "",
    )
    assert broken.found == {}


def test_it_is_told_by_default_and_taken_where_the_policy_says_so(room, tmp_path):
    place = room.hand_in("ann", "1.2")
    (place / "notebooks").mkdir()
    (place / "notebooks" / "day1.ipynb").write_text(notebook(ANSWER))
    (grade,) = room.grade().grades
    assert grade.points == 3.0
    told = "answered in a notebook and not in the file, which is what is graded: 1.1 (cell 2 of notebooks/day1.ipynb)"
    assert grade.notes[0].startswith(told)
    policy = tmp_path / "policy.toml"
    policy.write_text('notebooks = "taken"\nexercises = ["1.1", "1.2"]\n')
    (grade,) = room.grade(policy=policy).grades
    assert grade.points == 7.0
    assert grade.notes == (
        "answered in a notebook and taken from there: 1.1 (cell 2 of notebooks/day1.ipynb)",
    )


def test_a_notebook_alone_is_a_submission_where_cells_are_taken(room, tmp_path):
    room.place.mkdir()
    (room.place / "ann.ipynb").write_text(notebook(ANSWER))
    policy = tmp_path / "policy.toml"
    policy.write_text('notebooks = "taken"\n')
    (grade,) = room.grade(policy=policy).grades
    assert grade.points == 6.0
    (grade,) = room.grade().grades
    assert grade.points == 0.0


def test_no_notebook_of_the_course_defines_an_exercise():
    root = CourseRoot.current()
    exercises = load_manifest(root).exercises
    for path in sorted((root.folder / "notebooks").glob("*.ipynb")):
        found = answers_in_cells(
            {},
            {PurePosixPath(path.name): cells_of(path.read_bytes())},
            exercises,
            lambda one: pristine(root, one),
        )
        assert found.found == {}, path.name


def test_files_of_exercises_that_do_not_count_are_not_missed(room, tmp_path):
    (room.hand_in("ann", "1.1") / "day1_numbers" / "scale.py").unlink()
    assert any("day1_numbers/scale.py is missing" in note for note in room.grade().grades[0].notes)
    policy = tmp_path / "policy.toml"
    policy.write_text('exercises = ["1.1"]\n')
    assert room.grade(policy=policy).grades[0].notes == ()
