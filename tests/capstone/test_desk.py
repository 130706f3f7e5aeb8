"""Whose code runs: the student's where it is written and loads, the reference's everywhere else, and why."""

from functools import partial

import pytest

from vla_course.capstone.own.children import faults_of_loading
from vla_course.capstone.own.desk import whose_are
from vla_course.course.root import CourseRoot

BALANCE, SWING, PAIRED = (
    "day3_humanoid_balance/balance.py",
    "day3_humanoid_balance/swing.py",
    "day4_training/paired.py",
)
ASKED = ("3.8", "3.9", "3.15", "3.16", "4.12")


def whose(loads=None):
    root = CourseRoot.current()
    return {
        one.exercise.id: one.why for one in whose_are(root, ASKED, loads or partial(faults_of_loading, root))
    }


def loads_all(_):
    return {}


def test_nothing_is_the_students_on_a_fresh_desk(desk):
    desk({})
    assert whose(loads_all) == dict.fromkeys(ASKED, "not attempted")


def test_solved_files_are_the_students(desk):
    desk({BALANCE: "solved", SWING: "solved"})
    assert {one for one, why in whose(loads_all).items() if not why} == {"3.8", "3.9", "3.15"}


def test_one_exercise_of_a_file_is_the_students_and_the_next_is_not(desk, solution):
    half = solution(BALANCE)
    begin, end = "# BEGIN SOLUTION", "# END SOLUTION"
    second = half.index(begin, half.index('@exercise("3.9")'))
    half = half[:second] + 'raise NotAttempted("3.9")\n        ' + half[half.index(end, second) :]
    desk({BALANCE: half})
    assert whose(loads_all) | {"3.8": "", "3.9": "not attempted"} == whose(loads_all)


def test_a_file_that_is_no_python_is_the_references_and_says_the_line(desk):
    desk({BALANCE: "solved", PAIRED: "def paired_test(before, after:\n    return 0\n"})
    found = whose(loads_all)
    assert found["3.8"] == ""
    assert found["4.12"].startswith("does not load: ")
    assert "paired.py:1" in found["4.12"]


def test_a_file_that_raises_when_it_is_loaded_does_not_take_others_with_it(desk, solution):
    desk({BALANCE: solution(BALANCE) + "\n1 / 0\n", "day3_humanoid_balance/walking.py": "solved"})
    found = whose()
    assert "ZeroDivisionError" in found["3.8"]
    assert "balance.py" in found["3.8"]
    assert found["3.16"] == "", "walking.py imports balance.py, and is none the worse for it"


def test_a_missing_file_and_a_missing_mark_are_told(desk):
    folder = desk({SWING: "solved"})
    (folder / PAIRED).unlink()
    (folder / SWING).write_text("def swing_motion():\n    return 0\n", encoding="utf-8")
    found = whose(loads_all)
    assert found["4.12"] == f"{PAIRED} is missing"
    assert found["3.15"] == "swing.py has no function marked 3.15"


@pytest.mark.full
def test_a_file_that_never_ends_loading_is_stopped(desk, solution, monkeypatch):
    monkeypatch.setattr("vla_course.capstone.own.children.LOADING", 3.0)
    desk({PAIRED: solution(PAIRED) + "\nwhile True:\n    pass\n"})
    assert "is there a loop without end?" in whose()["4.12"]
