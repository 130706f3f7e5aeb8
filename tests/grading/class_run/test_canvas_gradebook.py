"""The gradebook that Canvas exported comes back with one column filled, and nothing else touched."""

import csv
import io

import pytest

from tests.course.conftest import course as small_course
from tests.grading.class_run.conftest import grades, submission
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.grading.marks.canvas import read_gradebook
from vla_course.grading.marks.policy import Person, Policy
from vla_course.grading.marks.tables import ClassMarks, write_for_platforms

course = small_course

HEAD = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Day 2 (810),Day 3: balance (811),Current Score,Final Score"
)
EXPORT = f"""{HEAD}
,,,,,,Manual Posting,,
    Points Possible,,,,,10,8,(read only),(read only)
"Lovelace, Ada",4711,S1,ada,A,9.5,,95,40
"Hopper, Grace",4712,S2,grace,A,8,3,80,40
"Doe, Jane",4713,S3,jane1,B,,,0,0
"Doe, Jane",4714,S4,jane2,B,,,0,0
"Student, Test",4799,,f00,A,,,,
"""


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "Grades-VLA.csv"
    path.write_text(EXPORT)
    return path


def canvas(name: str, number: str, **more):
    original = f"{name.lower().replace(' ', '')}_{number}_99_submission.zip"
    return submission(name, number, platform="Canvas", originals=(original,), **more)


def filled(course, out, export, found, absent=(), **policy) -> tuple[list[list[str]], list[str]]:
    rules = Policy(assignment="Day 3: balance", gradebook=export.name, **policy)
    exercises = [one for one in load_manifest(course.root).exercises if one.id == "1.1"] * 2  # 8 points
    gradebook = read_gradebook(export, rules.assignment)
    remarks = write_for_platforms(out, ClassMarks(found, absent, {}, exercises, (), rules), gradebook)
    return list(csv.reader(io.StringIO((out / "canvas.csv").read_text()))), remarks


def test_the_assignments_own_column_is_filled_and_no_other_is_there(course, tmp_path, export):
    found = grades((canvas("Ada Lovelace", "4711"), 4, 2), (canvas("Grace Hopper", "4712"), 4, 4))
    rows, remarks = filled(course, tmp_path, export, found)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Day 3: balance (811)"]
    assert rows[1][-1] == "Manual Posting"
    assert rows[2][0] == "    Points Possible"
    assert rows[2][-1] == "8"
    assert rows[3] == ["Lovelace, Ada", "4711", "S1", "ada", "A", "6.0"]
    assert rows[4][-1] == "8.0"
    assert [row[0] for row in rows[5:]] == ["Doe, Jane", "Doe, Jane", "Student, Test"]
    assert remarks == []


def test_who_is_not_graded_keeps_what_canvas_has_and_an_absent_one_gets_nothing_or_zero(
    course, tmp_path, export
):
    people = [Person(student="4713", sis_id="S3"), Person(student="4714", sis_id="S4", excused="ill")]
    found = grades((canvas("Ada Lovelace", "4711"), 4, 2))
    marks = {row[1]: row[-1] for row in filled(course, tmp_path, export, found, people)[0]}
    assert (marks["4712"], marks["4713"], marks["4714"], marks["4799"]) == ("3", "0", "EX", "")
    marks = {row[1]: row[-1] for row in filled(course, tmp_path, export, found, people, missing="blank")[0]}
    assert (marks["4713"], marks["4714"]) == ("", "EX")


def test_an_excused_one_who_handed_in_is_excused(course, tmp_path, export):
    rules = Policy(excused={"Ada Lovelace": "ill"})
    found = grades((canvas("Ada Lovelace", "4711"), 4, 2), policy=rules)
    rows, _ = filled(course, tmp_path, export, found)
    assert rows[3][-1] == "EX"


def test_ids_tell_who_it_is_before_names_do_and_a_name_of_two_tells_nobody(course, tmp_path, export):
    found = grades(
        (canvas("Jane Doe", "4714"), 4, 4), (submission("Jane Doe"), 2, 0), (submission("Grace Hopper"), 4, 0)
    )
    rows, remarks = filled(course, tmp_path, export, found)
    marks = {row[1]: row[-1] for row in rows}
    assert (marks["4713"], marks["4714"], marks["4712"]) == ("", "8.0", "4.0")
    assert remarks == ["jane-doe is not in Grades-VLA.csv: no line in canvas.csv"]


def test_an_id_of_another_platform_is_no_id_of_canvas(course, tmp_path, export):
    found = grades((submission("Ada Lovelace", "4713", platform="Moodle"), 4, 4))
    marks = {row[1]: row[-1] for row in filled(course, tmp_path, export, found)[0]}
    assert (marks["4711"], marks["4713"]) == ("8.0", "")


def test_it_is_a_roster_without_canvas_own_test_student(export):
    people = read_gradebook(export, "811").people()
    assert [(one.student, one.name, one.sis_id, one.login, one.section) for one in people][:2] == [
        ("4711", "Ada Lovelace", "S1", "ada", "A"),
        ("4712", "Grace Hopper", "S2", "grace", "A"),
    ]
    assert len(people) == 4


@pytest.mark.parametrize("called", ["Day 3: balance", "day 3:  Balance", "811", "Day 3: balance (811)"])
def test_an_assignment_is_found_by_title_by_number_or_by_both(export, called):
    assert read_gradebook(export, called).column == "Day 3: balance (811)"


def test_a_column_that_is_not_there_is_told_with_those_that_are(export):
    with pytest.raises(
        CourseError, match=r'assignment is "Day 33", no column .* it has .*"Day 3: balance \(811\)"'
    ):
        read_gradebook(export, "Day 33")
    export.write_text(EXPORT.replace("Day 2 (810)", "Day 3: balance (810)"))
    with pytest.raises(
        CourseError, match=r'several: write one of "Day 3: balance \(810\)", "Day 3: balance \(811\)"'
    ):
        read_gradebook(export, "Day 3: balance")
    export.write_text("name,points\n")
    with pytest.raises(CourseError, match="expected what Canvas exports"):
        read_gradebook(export, "Day 3: balance")


def test_other_points_possible_in_canvas_are_said(course, tmp_path, export):
    export.write_text(EXPORT.replace(",10,8,", ",10,100,"))
    rows, remarks = filled(course, tmp_path, export, grades((canvas("Ada Lovelace", "4711"), 4, 2)))
    assert rows[2][-1] == "100"
    assert remarks == [
        'Canvas holds "Day 3: balance (811)" at 100 points, this class is graded out of 8: change the one or the other'
    ]


def test_semicolons_and_a_byte_order_mark_are_read(export):
    text = "\ufeff" + EXPORT.replace('"Lovelace, Ada"', "Ada Lovelace").replace(",", ";")
    export.write_text(text)
    assert read_gradebook(export, "Day 3: balance").people()[0].name == "Ada Lovelace"


def test_a_student_without_canvas_number_is_told_with_the_line(export):
    export.write_text(EXPORT.replace('"Doe, Jane",4713', '"Doe, Jane",'))
    with pytest.raises(CourseError, match=r"Grades-VLA.csv, line 6: ID is empty, .* number of 'Doe, Jane'"):
        read_gradebook(export, "811")
