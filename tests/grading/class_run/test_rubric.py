"""Questions that people mark: sheets are prepared once, read with care, and count."""

import csv
import io

import pytest

from tests.course.conftest import course as small_course
from tests.grading.class_run.conftest import grades, submission
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.policy import Policy
from vla_course.grading.marks.rubric import prepare_sheets, read_rubric, read_sheets
from vla_course.grading.marks.tables import ClassMarks, write_tables
from vla_course.grading.pipeline.gradescope import results_of
from vla_course.grading.reports.report import Pages

course = small_course

RUBRIC = """
[[question]]
id = "W1"
title = "Why does the capture point run away?"
[[question.criterion]]
id = "physics"
says = "names the unstable eigenvalue"
points = 3
[[question.criterion]]
id = "words"
says = "in plain words"
points = 1.5
"""

ADA, BOB = submission("Ada Lovelace"), submission("Bob", "47")


@pytest.fixture
def questions(course, tmp_path):
    path = tmp_path / "rubric.toml"
    path.write_text(RUBRIC)
    return read_rubric(path, load_manifest(course.root))


def sheet(tmp_path, text: str, name: str = "W1.csv"):
    path = tmp_path / "marking" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path.parent


def test_a_sheet_has_a_line_a_student_and_keeps_what_was_written_in_it(tmp_path, questions):
    folder = tmp_path / "marking"
    prepare_sheets(folder, questions, [ADA], names=True)
    path = folder / "W1.csv"
    assert path.read_text() == "student,name,physics,words,comment,marker\nada-lovelace,Ada Lovelace,,,,\n"
    written = '\ufeffstudent;name;physics;words;comment;marker\r\nada-lovelace;Ada;2,5;1;"good;\nclear";MS'
    path.write_text(written, newline="")
    prepare_sheets(folder, questions, [ADA, BOB], names=True)
    text = path.read_bytes().decode()
    assert text.lstrip("\ufeff").startswith(written.lstrip("\ufeff"))
    assert text.endswith("\nbob-47;Bob;;;;\n")
    found, _ = read_sheets(folder, questions, [ADA, BOB])
    (mark,) = found["ada-lovelace"]
    assert (mark.earned, mark.comment, mark.marker) == (3.5, "good;\nclear", "MS")
    assert not found["bob-47"][0].marked
    prepare_sheets(folder, questions, [ADA, BOB], names=True)
    assert path.read_bytes().decode() == text


def test_a_name_in_a_sheet_is_no_formula(tmp_path, questions):
    prepare_sheets(tmp_path, questions, [submission("=HYPERLINK(1)", "47")], names=True)
    assert ",'=HYPERLINK(1)," in (tmp_path / "W1.csv").read_text()


def test_several_markers_have_a_sheet_each_and_no_answer_is_marked_twice(tmp_path, questions):
    head = "student,physics,words,comment,marker\n"
    sheet(tmp_path, f"{head}Ada Lovelace,3,1.5,,anna\n", "W1-anna.csv")
    folder = sheet(tmp_path, f"{head}47,1,0,see page 2,ben\n", "W1-ben.csv")
    found, remarks = read_sheets(folder, questions, [ADA, BOB])
    assert [found[key][0].earned for key in ("ada-lovelace", "bob-47")] == [4.5, 1.0]
    assert remarks == []
    prepare_sheets(folder, questions, [ADA, BOB], names=True)
    assert len((folder / "W1.csv").read_text().splitlines()) == 1
    sheet(tmp_path, f"{head}47,1,0,see page 2,ben\nada-lovelace,0,0,,ben\n", "W1-ben.csv")
    with pytest.raises(
        CourseError,
        match=r"W1-ben.csv, line 3: ada-lovelace is marked for W1 already, in W1-anna.csv, line 2",
    ):
        read_sheets(folder, questions, [ADA, BOB])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Bob,4,1", r"line 2: physics is '4', expected points from 0 to 3"),
        ("Bob,-1,1", r"physics is '-1', expected points from 0 to 3"),
        ("Bob,nan,1", r"physics is 'nan', expected"),
        ("Bob,good,1", r"physics is 'good', expected"),
        ("Bob,3,", r"words is empty: fill in every criterion of W1, or none"),
    ],
)
def test_what_is_no_points_is_told_with_its_line(tmp_path, questions, line, told):
    folder = sheet(tmp_path, f"student,physics,words\n{line}\n")
    with pytest.raises(CourseError, match=told):
        read_sheets(folder, questions, [BOB])


def test_a_line_that_means_nobody_and_an_answer_that_is_not_marked_are_said(tmp_path, questions):
    folder = sheet(tmp_path, "student,physics,words,comment\nRob,3,1,\nBob,,,well\nAda Lovelace,,,\n")
    found, remarks = read_sheets(folder, questions, [ADA, BOB])
    assert not any(mark.marked for marks in found.values() for mark in marks)
    assert remarks == [
        'W1.csv, line 2: student "Rob" means nobody of this class',
        "W1.csv, line 3: a comment without points, which nobody reads until it is marked",
        "W1 is not marked yet for 2 of 2: it counts 0 there",
    ]


def test_points_count_comments_are_read_and_a_change_by_hand_applies(course, tmp_path, questions):
    folder = sheet(tmp_path, "student,physics,words,comment,marker\nAda Lovelace,2,1.5,mind the <sign>,MS\n")
    written, _ = read_sheets(folder, questions, [ADA])
    change = Adjustment(student="Ada Lovelace", exercise="W1", set=4.5, reason="right after all")
    (grade,) = grades((ADA, 4, 2), written=written, adjustments=[change])
    assert (grade.earned, grade.points, grade.out_of) == (9.5, 10.5, 12.5)
    manifest, policy = load_manifest(course.root), Policy()
    page = Pages(manifest, policy).of_student(grade)
    assert "mind the &lt;sign&gt;" in page
    assert "W1 changed by hand: right after all" in page
    assert "names the unstable eigenvalue" in page
    write_tables(tmp_path, ClassMarks([grade], [], {}, manifest.exercises[:2], questions, policy))
    head, row = csv.reader(io.StringIO((tmp_path / "grades.csv").read_text()))
    assert dict(zip(head, row, strict=True))["W1 Why does the capture point run away?"] == "4.5"
    results = results_of(grade, manifest, "visible")
    (given,) = [test for test in results.tests if test.number == "W1"]
    assert (given.score, given.max_score, results.score) == (3.5, 4.5, 10.5)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "W1"', 'id = "1.1"', "question.0.id"),
        ("points = 3", "points = 0", "question.0.criterion.0.points is 0"),
        ('id = "words"', 'id = "Physics"', 'the criterion "physics" is there twice'),
        ('id = "words"', 'id = "comment"', 'the criterion "comment" is there twice, or is a column'),
        ('says = "in plain words"', 'say = "in plain words"', "question.0.criterion.1.says"),
        (RUBRIC, RUBRIC * 2, 'question.id is "W1", which is there twice'),
        (RUBRIC, "", "question"),
    ],
)
def test_a_rubric_is_checked_field_by_field(course, tmp_path, old, new, told):
    path = tmp_path / "rubric.toml"
    path.write_text(RUBRIC.replace(old, new))
    with pytest.raises(CourseError, match=told):
        read_rubric(path, load_manifest(course.root))
