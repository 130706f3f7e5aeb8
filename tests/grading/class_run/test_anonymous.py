"""A class that is marked without names: nothing that a marker opens tells who it is, and one file leads back."""

import csv

import pytest

from tests.course.conftest import course as small_course
from tests.grading.class_run.conftest import exercise, submission, verdict
from tests.grading.test_pipeline import room as small_room
from vla_course.course.manifest import load_manifest
from vla_course.grading.class_run.anonymous import masked
from vla_course.grading.class_run.run import Run
from vla_course.grading.class_run.scheduler import on_this_machine
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.gradebook import grades_of
from vla_course.grading.marks.groups import Group, share_out
from vla_course.grading.marks.meant import alias_of
from vla_course.grading.marks.policy import Person, Policy
from vla_course.grading.marks.rubric import Question, WrittenMark
from vla_course.grading.marks.rules import resolve

course = small_course
room = small_room

NAMES = (
    "Mona Doe",
    "mona-doe",
    "José Núñez",
    "josé",
    "mona",
    "mona@example.edu",
    "S-77-1",
    "mdoe3",
    "Absent Alan",
)
POLICY = """anonymous = true
roster = "roster.csv"
rubric = "rubric.toml"
"""
ROSTER = """student,name,email,sis_id,login
Mona Doe,Mona Doe,mona@example.edu,S-77-1,mdoe3
José Núñez,José Núñez,,,
Absent Alan,Absent Alan,,,
"""
RUBRIC = '[[question]]\nid = "W1"\ntitle = "Why?"\n[[question.criterion]]\nid = "why"\nsays = "says why"\npoints = 2\n'


@pytest.fixture
def anonymous(room, tmp_path):
    """Two who copied from each other, with their names in their code; a policy, a roster, a rubric."""
    for name in ("Mona Doe", "José Núñez"):
        path = room.hand_in(
            name, "1.1", "1.2", remark=f"# by {name} (mona@example.edu): {name.split()[0]}'s\n"
        )
        stats = path / "day1_numbers" / "stats.py"
        stats.write_text(
            stats.read_text() + "".join(f"{'+-*/'[n % 4].join('abcde')}\n" * (n % 5) for n in range(30))
        )
    for number in range(8):  # so that what two have in common is not what everybody has
        room.hand_in(f"Other {number}", remark=f"# {number}\n")
    for name, text in (("policy.toml", POLICY), ("roster.csv", ROSTER), ("rubric.toml", RUBRIC)):
        (tmp_path / name).write_text(text)
    return room


def opened(room) -> dict[str, str]:
    """Everything that lies where markers look, by its path: names of files and what stands in them."""
    files = [path for path in room.out.rglob("*") if path.is_file() and "state" not in path.parts]
    return {path.relative_to(room.out).as_posix(): path.read_text() for path in files}


def grade(room, tmp_path, **changes):
    policy = tmp_path / "policy.toml"
    for old, new in changes.values():
        policy.write_text(policy.read_text().replace(old, new))
    return room.grade(policy=policy)


def test_no_name_stands_anywhere_and_one_file_leads_back(anonymous, tmp_path):
    run = grade(anonymous, tmp_path)
    assert run.pairs, "the two are alike, so that code of theirs is shown"
    key = alias_of(7, "mona-doe")
    files = opened(anonymous)
    assert f"students/{key}.html" in files
    assert "marking/W1.csv" in files
    assert "canvas.csv" not in files
    told = [
        (path, name)
        for path, text in files.items()
        for name in NAMES
        if name.casefold() in (path + text).casefold()
    ]
    assert told == []
    assert f"# by {key} ({key}): {key}&#39;s" in files["class.html"]
    back = anonymous.out / "state" / "names.csv"
    assert back.stat().st_mode & 0o077 == 0
    with back.open(newline="") as stream:
        names = {row["key"]: row["name"] for row in csv.DictReader(stream)}
    assert names[key] == "Mona Doe"
    assert {"Mona Doe", "José Núñez", "Absent Alan", "Other 3"} <= set(names.values())


def test_the_keys_are_the_same_in_every_run_and_others_under_another_seed(anonymous, tmp_path):
    grade(anonymous, tmp_path)
    before = set(opened(anonymous))
    grade(anonymous, tmp_path)
    assert set(opened(anonymous)) == before
    assert alias_of(8, "mona-doe") != alias_of(7, "mona-doe")


def test_what_was_marked_by_key_counts_when_the_names_are_back(anonymous, tmp_path):
    grade(anonymous, tmp_path)
    key = alias_of(7, "mona-doe")
    sheet = anonymous.out / "marking" / "W1.csv"
    assert sheet.read_text().splitlines()[0] == "student,why,comment,marker"
    sheet.write_text(f"student,why,comment,marker\n{key},2,well said,M\n{alias_of(7, 'josé-núñez')},1,,M\n")
    changes = anonymous.out / "adjustments.toml"
    changes.write_text(f'[[adjust]]\nstudent = "{key}"\npoints = 1\nreason = "a bonus"\nby = "M"\n')
    hidden = grade(anonymous, tmp_path)
    assert anonymous.points(hidden).items() >= {"mona-doe": 10.0, "josé-núñez": 8.0}.items()
    assert key in (anonymous.out / "history.csv").read_text()
    run = grade(anonymous, tmp_path, names=("anonymous = true", "anonymous = false"))
    assert run.fresh == 0
    assert anonymous.points(run).items() >= {"mona-doe": 10.0, "josé-núñez": 8.0}.items()
    files = opened(anonymous)
    assert "Mona Doe" in files["class.html"]
    assert "mdoe3" in files["canvas.csv"]
    assert f"students/{key}.html" not in files
    assert "a bonus" in files["students/mona-doe.html"]
    assert sheet.read_text().count("\n") == 11, "who stands in it by key gets no second line by name"


def test_names_that_go_hidden_later_leave_no_files_with_names(anonymous, tmp_path):
    grade(anonymous, tmp_path, names=("anonymous = true", "anonymous = false"))
    assert "canvas.csv" in opened(anonymous)
    (anonymous.out / "marking" / "W1.csv").unlink()
    run = grade(anonymous, tmp_path, names=("anonymous = false", "anonymous = true"))
    assert [one for one in run.shown.remarks if "before names were hidden" in one] == []
    files = opened(anonymous)
    assert [(path, name) for path, text in files.items() for name in NAMES if name in path + text] == []


def test_files_that_named_students_before_and_are_left_are_said(anonymous, tmp_path):
    changes = anonymous.out / "adjustments.toml"
    changes.parent.mkdir()
    changes.write_text('[[adjust]]\nstudent = "Mona Doe"\npoints = 1\nreason = "Mona Doe said it"\nby = "M"\n')
    grade(anonymous, tmp_path, names=("anonymous = true", "anonymous = false"))
    before = (anonymous.out / "history.csv").read_text()
    run = grade(anonymous, tmp_path, names=("anonymous = false", "anonymous = true"))
    left = "adjustments.toml, history.csv, marking/W1.csv: written before names were hidden, and left as it is"
    assert [one for one in run.shown.remarks if left in one]
    assert (anonymous.out / "history.csv").read_text() == before
    page = (anonymous.out / "class.html").read_text()
    assert left in page
    assert "Mona Doe" not in page
    assert f"{alias_of(7, 'mona-doe')} said it" in page


def test_names_are_hidden_in_notes_remarks_messages_and_what_code_prints(course, tmp_path):
    mona = submission("Mona Doe", "4711", notes=("handed in 2 times: Mona Doe.zip is graded",))
    printed = exercise("1.1", 2, message="Mona Doe is not defined", output="hello from mona, id 4711\n")
    graded = verdict(printed, exercise("1.2", 4))
    (handed,) = share_out([mona], [Group("Doe and Berg", ("4711",))], (), print)
    told = {"student": "mona-doe-4711", "reason": "Mona Doe said so", "request": "I, Mona Doe, ask"}
    changes = [Adjustment(points=1, exercise=what, **told) for what in ("1.1", "W1", None)]
    question = Question.model_validate(
        {"id": "W1", "title": "Why?", "criterion": [{"id": "why", "says": "says why", "points": 2}]}
    )
    written = WrittenMark(question, {"why": 1.0}, comment="Mona Doe writes well")
    rules = resolve([handed], policy=Policy(excused={"4711": "Mona Doe is ill"}), adjustments=changes)
    rules.written = {handed.key: [written]}
    made = Run(
        place=tmp_path,
        out=tmp_path,
        root=course.root,
        manifest=load_manifest(course.root),
        policy=Policy(anonymous=True),
        policy_path=None,
        seed=7,
        level="limits",
        backend=on_this_machine(1),
        submissions=[handed],
        grades=grades_of([(handed, graded)], rules),
        missing=[Person(student="Absent Alan", excused="Absent Alan is ill")],
        ungraded={"mona-doe-4711": "the grader of Mona Doe fell"},
        remarks=["mona-doe-4711: no time is known", "Doe and Berg: nobody has handed in"],
    )
    shown = masked(made)
    key = alias_of(7, "mona-doe-4711")
    (grade,) = shown.grades
    assert (grade.key, grade.name, grade.submission.id, grade.person) == (key, key, "", None)
    assert grade.notes[1:] == (f"handed in 2 times: {key} is graded",)
    told = grade.marks[0].verdict
    assert (told.message, told.output) == (f"{key} is not defined", f"hello from {key}, id {key}\n")
    assert grade.verdict.exercises[0] == told
    assert shown.ungraded == {key: f"the grader of {key} fell"}
    assert shown.remarks == [f"{key}: no time is known", f"{grade.group}: nobody has handed in"]
    assert grade.group.startswith("group-")
    assert [(what, one.student, one.reason, one.request) for what, one in grade.decisions] == [
        (what, key, f"{key} said so", f"I, {key}, ask") for what in ("1.1", "W1", "total")
    ]
    assert (grade.written[0].comment, grade.excused) == (f"{key} writes well", f"{key} is ill")
    assert "Alan" not in shown.missing[0].excused
    assert grade.points == made.grades[0].points
