"""From what Canvas exports to what Canvas imports, groups and all, with a grader that only pretends to grade."""

import csv
import zipfile

import pytest

from tests.course.conftest import course as small_course
from tests.grading.test_pipeline import room as small_room
from vla_course.course.errors import CourseError
from vla_course.grading.intake.submit import write_bytes, zip_bytes
from vla_course.grading.worker.sandbox import choose_sandbox

course = small_course
room = small_room

EXPORT = """Student,ID,SIS User ID,SIS Login ID,Section,Numbers (81),Final Score
    Points Possible,,,,,9,(read only)
"Lovelace, Ada",4711,S1,ada,A,,
"Hopper, Grace",4712,S2,grace,A,2,
"Jackson, Mary",4713,S3,mary,B,,
"Vaughan, Dorothy",4714,S4,dorothy,B,,
"Student, Test",4799,,,A,,
"""
POLICY = """assignment = "Numbers"
gradebook = "Grades.csv"
groups = "groups.csv"
[excused]
"Dorothy Vaughan" = "on leave"
"""


@pytest.fixture
def from_canvas(room, tmp_path):
    for name, solved in (
        ("lovelaceada_4711_90_answers.zip", ("1.1", "1.3")),
        ("hoppergrace_4712_91_answers.zip", ("1.2",)),
    ):
        folder = room.hand_in(name, *solved)
        members = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.py")}
        folder.rename(tmp_path / f"folder of {name}")
        write_bytes(folder, zip_bytes(members))
    (tmp_path / "Grades.csv").write_text(EXPORT)
    (tmp_path / "groups.csv").write_text("group,student\nRed,4711\nRed,Mary Jackson\n")
    (tmp_path / "policy.toml").write_text(POLICY)
    return room


def test_what_canvas_gave_goes_back_to_canvas(from_canvas, tmp_path):
    run = from_canvas.grade(policy=tmp_path / "policy.toml")
    weakness = choose_sandbox().does_not_hold  # of this machine, which is no slip of the instructor's
    assert [one for one in run.remarks if not weakness or weakness not in one] == []
    assert run.fresh == 3
    assert from_canvas.graded() == 2, "what a group handed in is graded once"
    rows = list(csv.reader((from_canvas.out / "canvas.csv").open()))
    assert [row[-1] for row in rows] == ["Numbers (81)", "9", "6.0", "3.0", "6.0", "EX", ""]
    with zipfile.ZipFile(from_canvas.out / "feedback_canvas.zip") as archive:
        assert archive.namelist() == ["hoppergrace_4712_91_answers.zip", "lovelaceada_4711_90_answers.zip"]
    page = (from_canvas.out / "students" / "mary-jackson-4713.html").read_text()
    assert "handed in by lovelaceada for Red" in page
    assert [one.name for one in run.missing] == ["Dorothy Vaughan"]
    assert not (from_canvas.out / "history.csv").exists()


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (
            "policy.toml",
            POLICY.replace('"Numbers"', '"Letters"'),
            'assignment is "Letters", no column of Grades.csv',
        ),
        ("policy.toml", POLICY.replace("groups.csv", "group.csv"), "group.csv cannot be read"),
        ("policy.toml", POLICY + 'rubric = "rubric.toml"\n', "rubric stands below .excused. and is read as a student"),
        ("policy.toml", 'rubric = "rubric.toml"\n' + POLICY, "rubric.toml cannot be read"),
        ("policy.toml", 'missing = "nothing"\n' + POLICY, "missing is 'nothing'"),
        ("groups.csv", "group,student\nRed,4711\nBlue,4711\n", 'line 3: "4711" is in "Red" already'),
        ("Grades.csv", "name,points\n", "expected what Canvas exports"),
    ],
)
def test_what_is_wrong_in_any_file_is_told_before_anything_is_graded(from_canvas, tmp_path, file, text, told):
    (tmp_path / file).write_text(text)
    with pytest.raises(CourseError, match=told):
        from_canvas.grade(policy=tmp_path / "policy.toml")
    assert from_canvas.graded() == 0


def test_points_for_a_question_count_whichever_exercises_do_and_nothing_odd_is_said(from_canvas, tmp_path):
    (tmp_path / "policy.toml").write_text('exercises = ["1.1"]\nrubric = "rubric.toml"\n' + POLICY)
    (tmp_path / "rubric.toml").write_text(
        '[[question]]\nid = "W1"\ntitle = "Why?"\n[[question.criterion]]\nid = "why"\nsays = "says why"\npoints = 2\n'
    )
    from_canvas.out.mkdir()
    (from_canvas.out / "adjustments.toml").write_text(
        '[[adjust]]\nstudent = "4712"\nexercise = "W1"\nset = 2\nreason = "said it in the oral exam"\n'
    )
    run = from_canvas.grade(policy=tmp_path / "policy.toml")
    assert from_canvas.points(run)["hoppergrace-4712"] == 2.0
    assert [one for one in run.remarks if "does not count" in one] == []
