"""Hints, solutions and progress."""

import pytest

from vla_course.course import check, hint, progress, solution
from vla_course.course.errors import CourseError


def test_hints_come_one_after_the_other_and_the_last_stays(course):
    assert [hint("1.1").text for _ in range(3)] == ["Add them up.", *["Divide by how many there are."] * 2]
    assert hint("1.2").number == 1


def test_a_check_offers_the_first_hint_that_was_not_read(course):
    hint("1.1")
    assert check("1.1").hint.text == "Divide by how many there are."


def test_spoilt_state_counts_as_none(course):
    hint("1.1")
    for spoilt in ("{", "[]", '{"1.1": "many"}', "\udcff"):
        (course.root.state / "hints.json").write_bytes(spoilt.encode("utf-8", "surrogateescape"))
        assert hint("1.1").number == 1


def test_the_solution_is_shown_without_markers(course):
    found = solution("1.3")
    assert found.source.startswith('@exercise("1.3")\ndef apply(self, value):\n')
    assert "return (value - mean(self.values)) / spread(self.values)" in found.source
    assert "SOLUTION" not in found.source


def test_an_edition_without_solutions_says_so(course):
    course.solution("stats.py").unlink()
    with pytest.raises(CourseError, match="not part of this edition"):
        solution("1.1")


def test_progress_is_what_was_checked(course):
    course.answer("1.1", "return sum(values) / 3")
    assert [one.status for one in progress().days[0].exercises] == ["not checked"] * 3
    check("1.1")
    now = progress()
    assert (now.points, now.out_of) == (2.0, 9)
    assert [one.status for one in now.days[0].exercises] == ["partly", "not checked", "not checked"]
    assert not now.days[0].exercises[0].edited
    course.answer("1.2", "return 1.0")
    assert progress().days[0].exercises[0].edited


def test_what_others_wrote_is_not_the_students_progress(course, monkeypatch):
    monkeypatch.setenv("VLA_COURSE_EXERCISES", "solutions")
    check("1.1")
    monkeypatch.delenv("VLA_COURSE_EXERCISES")
    assert progress().points == 0
