"""Deadlines, extensions, adjustments, and the files that Canvas, Moodle, Gradescope and GitHub take."""

import csv
import datetime
import io
import json
import subprocess
import zipfile
from pathlib import PurePosixPath

import pytest
import yaml
from pydantic import ValidationError

from tests.course.conftest import course as small_course
from vla_course import cli
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict, TestVerdict
from vla_course.grading.marks.adjustments import TEMPLATE, Adjustment, read_adjustments
from vla_course.grading.marks.gradebook import beyond_bounds, grades_of
from vla_course.grading.marks.policy import (
    Lateness,
    Person,
    Policy,
    Stamp,
    lateness,
    read_policy,
    read_roster,
    read_times,
)
from vla_course.grading.marks.rules import Rules, resolve
from vla_course.grading.marks.tables import ClassMarks, write_for_platforms, write_tables
from vla_course.grading.pipeline.classroom import TESTS, WORKFLOW, classroom_files
from vla_course.grading.pipeline.gradescope import GradescopeResults, GradescopeTest, results_of, write_bundle

course = small_course
DUE = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def submission(name: str = "Jane Doe", number: str = "47", **more) -> Submission:
    return Submission(
        f"{name.lower().replace(' ', '-')}-{number}".strip("-"), name, number, "jane.zip", {}, **more
    )


def verdict() -> SubmissionVerdict:
    """Of 9 points: 3 of 4 with a named mistake, 3 of 3, an exercise that did not load."""
    sum_only = TestVerdict("s/a", "the mean is right", False, 2, True)
    empty = TestVerdict("s/b", "nothing has no mean", False, 1, False, "told", "no-empty-check")
    fresh = TestVerdict("h/c", "any mean is right", True, 1, True)
    spread = TestVerdict("h/d", "any spread is right", True, 3, True)
    return SubmissionVerdict(
        "x",
        (
            ExerciseVerdict("1.1", "Mean", "partly", 3.0, 4, (sum_only, empty, fresh), seconds=1.0),
            ExerciseVerdict("1.2", "Spread", "correct", 3.0, 3, (spread,), seconds=1.0),
            ExerciseVerdict(
                "1.3", "Scale", "does not load", 0.0, 2, (), message="scale.py, line 3: never closed"
            ),
        ),
        *(6.0, 9, 7, "0.1.0", "limits", 2.5),
    )


def graded(one: Submission | None = None, *, policy: Policy | None = None, times=None, adjust=(), roster=()):
    pairs = [(one or submission(), verdict())]
    stamps = [Stamp(name, time, 2) for name, time in (times or {}).items()]
    (grade,) = grades_of(pairs, rules_of([pairs[0][0]], policy or Policy(), stamps, adjust, roster))
    return grade


def rules_of(submissions, policy, times=(), adjust=(), roster=()) -> Rules:
    return resolve(submissions, policy=policy, times=times, adjustments=adjust, roster=roster)


def late_by(policy: Policy, one: Submission, times=None) -> Lateness:
    """The lateness by rules that call students as people do."""
    rules = rules_of([one], policy, [Stamp(name, time, 2) for name, time in (times or {}).items()])
    return lateness(rules.policy, one, rules.times)


def policy(**late) -> Policy:
    return Policy.model_validate({"late": {"deadline": DUE, "per_day": 0.1, **late}})


@pytest.mark.parametrize(
    ("over", "days"),
    [(-DAY, 0), (0 * DAY, 0), (10 * HOUR / 60, 0), (HOUR, 1), (DAY, 1), (DAY + HOUR, 2), (30 * DAY, 30)],
)
def test_each_day_begun_after_the_grace_counts(over, days):
    late = late_by(policy(grace_minutes=15), submission(), {"jane-doe": DUE + over})
    assert late.days == days


def test_the_deduction_is_a_share_of_what_was_earned_and_bounded():
    assert graded(policy=policy(), times={"47": DUE + DAY}).points == 5.4
    assert graded(policy=policy(at_most=0.5), times={"47": DUE + 30 * DAY}).points == 3.0
    grade = graded(policy=policy(), times={"jane-doe-47": DUE + 2 * DAY})
    assert grade.deducted == 1.2
    assert "2 days late, 20% of the marks deducted" in grade.notes[0]


@pytest.mark.parametrize("given", [2, DUE + 2 * DAY])
@pytest.mark.parametrize("who", ["Jane Doe", "47", "jane-doe-47"])
def test_an_extension_moves_the_deadline_of_one_student(who, given):
    rules = policy().model_copy(update={"extensions": {who: given}})
    times = {"47": DUE + DAY, "11": DUE + DAY}
    assert late_by(rules, submission(), times).days == 0
    assert late_by(rules, submission("Joe", "11"), times).days == 1


def test_a_late_marker_counts_where_no_time_is_known_and_no_extension_is_given():
    marked = submission(late_marker=True)
    assert late_by(policy(days_if_unknown=2), marked, {}).days == 2
    assert late_by(policy(), marked, {"47": DUE}).days == 0
    extended = policy().model_copy(update={"extensions": {"47": 3.0}})
    assert late_by(extended, marked, {}).days == 0
    assert "extension" in late_by(extended, marked, {}).note


def test_the_time_of_a_file_counts_only_where_it_is_asked_for():
    one = submission(modified=DUE + DAY)
    assert late_by(policy(), one, {}).days == 0
    assert late_by(policy(times="files"), one, {}).days == 1


def test_adjustments_change_an_exercise_or_the_total():
    adjust = [
        Adjustment(student="Jane Doe", exercise="1.3", set=2, reason="told it"),
        Adjustment(student="47", exercise="1.1", points=-0.5, reason="copied a line"),
        Adjustment(student="jane-doe-47", points=1, reason="bonus"),
        Adjustment(student="somebody else", points=100, reason="no"),
    ]
    grade = graded(adjust=adjust)
    assert [mark.points for mark in grade.marks] == [2.5, 3.0, 2.0]
    assert (grade.verdict.points, grade.before_policy, grade.points) == (6.0, 7.5, 8.5)
    rules = rules_of([grade.submission], Policy(), adjust=adjust)
    assert rules.remarks == ['adjustments.toml: nobody of this class is "somebody else"']
    assert graded(adjust=[Adjustment(student="47", points=-99, reason="x")]).points == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"points": 500}, "jane-doe-47, the total: 6 became 506 of 9 points"),
        ({"exercise": "1.1", "set": 40}, "jane-doe-47, 1.1: 3 became 40 of 4 points"),
        ({"exercise": "1.1", "points": -40}, "jane-doe-47, 1.1: 3 became 0 of 4 points"),
        ({"exercise": "1.1", "set": 4}, ""),
        ({"points": 3}, ""),
    ],
)
def test_a_change_of_more_points_than_there_are_is_said(change, told):
    grade = graded(adjust=[Adjustment(student="47", reason="x", **change)])
    assert [remark.removeprefix("adjustments.toml: ") for remark in beyond_bounds([grade])] == [told] * bool(told)


def test_who_is_excused_has_no_mark_and_who_is_missing_a_zero_or_none(course, tmp_path):
    people = [Person(student="47", name="Jane Doe"), Person(student="11", name="Joe"), Person(student="12", name="Jim")]
    rules = Policy(excused={"Jane Doe": "ill", "Joe": "abroad"}, roster="roster.csv")
    found = resolve([submission()], policy=rules, roster=people)
    assert found.remarks == []
    (grade,) = grades_of([(submission(), verdict())], found)
    for policy, jim in ((rules, "0"), (rules.model_copy(update={"missing": "blank"}), "")):
        write_all(course, tmp_path, [grade], found.absent, {}, policy)
        rows = {row["name"]: row for row in csv.DictReader((tmp_path / "grades.csv").open())}
        assert [rows[name]["points"] for name in ("Jane Doe", "Joe", "Jim")] == ["", "", jim]
        assert rows["Jane Doe"]["notes"] == "excused: ill"
        assert rows["Joe"]["notes"] == "excused: abroad"
        canvas = {row[0]: row[-1] for row in csv.reader((tmp_path / "canvas.csv").open())}
        assert [canvas[name] for name in ("Jane Doe", "Joe", "Jim")] == ["EX", "EX", jim]
        moodle = [row["Full name"] for row in csv.DictReader((tmp_path / "moodle.csv").open())]
        assert moodle == ["Jim"] * (jim == "0")
    assert resolve([submission()], policy=Policy(excused={"Jim": "ill"})).remarks == [
        'policy.toml, excused: nobody of this class is "Jim"'
    ]


def test_an_adjustment_that_means_several_is_refused():
    pairs = [(submission("Ann", "1"), verdict()), (submission("Ann", "2"), verdict())]
    with pytest.raises(CourseError, match="means several, write one of ann-1, ann-2"):
        rules_of([one for one, _ in pairs], Policy(), adjust=[Adjustment(student="Ann", points=1, reason="x")])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("assignment = 3", "assignment is 3"),
        ("[late]\nper_day = 2", "late.per_day is 2"),
        ("[late]\nperday = 0.1", "late.perday is 0.1: Extra inputs are not permitted"),
        ("[late]\ndeadline = 2026-10-01", "late.deadline"),
        ("[late]\ndeadline = 2026-10-01T12:00:00", "timezone"),
        ('exercises = ["9.9"]', 'no exercise "9.9"'),
        ("x = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_a_policy_is_told_with_its_place(course, tmp_path, text, told):
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(CourseError, match=told):
        read_policy(path, load_manifest(course.root))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('exercise = "1.1"\npoints = 1', "reason"),
        ('reason = "x"', "either points"),
        ('points = 1\nset = 2\nreason = "x"', "either points"),
        ('points = 1\nexercise = "9.9"\nreason = "x"', 'no exercise "9.9"'),
    ],
)
def test_an_adjustment_says_who_what_and_why(course, tmp_path, fields, told):
    path = tmp_path / "adjustments.toml"
    path.write_text(f'[[adjust]]\nstudent = "ann"\n{fields}\n')
    with pytest.raises(CourseError, match=told):
        read_adjustments(path, load_manifest(course.root))


def test_the_template_of_adjustments_holds_none_and_shows_how(course, tmp_path):
    path = tmp_path / "adjustments.toml"
    path.write_text(TEMPLATE)
    assert read_adjustments(path, load_manifest(course.root)) == ()
    example = "".join(line.removeprefix("# ") + "\n" for line in TEMPLATE.splitlines()[3:])
    path.write_text(example.replace("3.4", "1.1"))
    (one,) = read_adjustments(path, load_manifest(course.root))
    assert one.points == 2.0


def test_rosters_and_times_are_read_and_checked(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("\ufeffStudent,Name,SIS_ID\n47,Jane Doe,S1\nann,Ann,\n")
    people = read_roster(roster)
    assert [(one.student, one.name, one.sis_id) for one in people] == [
        ("47", "Jane Doe", "S1"),
        ("ann", "Ann", ""),
    ]
    assert [one.student for one in rules_of([submission()], Policy(), roster=people).absent] == ["ann"]
    times = tmp_path / "times.csv"
    times.write_text("student,submitted\nJane Doe,2026-10-01T12:00:00+00:00\n")
    assert read_times(times) == (Stamp("Jane Doe", DUE, 2),)
    times.write_text("student,submitted\nJane Doe,yesterday\n")
    with pytest.raises(CourseError, match=r"times.csv, line 2: submitted is 'yesterday'"):
        read_times(times)
    times.write_text("who,when\n")
    with pytest.raises(CourseError, match="expected a first line with the column student"):
        read_times(times)


def write_all(course, out, grades, missing, ungraded, rules) -> None:
    marks = ClassMarks(grades, missing, ungraded, load_manifest(course.root).exercises, (), rules)
    write_tables(out, marks)
    write_for_platforms(out, marks)


@pytest.fixture
def files(course, tmp_path):
    return written(course, tmp_path, "Canvas")


def written(course, tmp_path, platform: str) -> dict[str, list[list[str]]]:
    """The CSV files of one student, one who is absent and one whose grader failed, by name."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student,name,email,sis_id,login,section\n47,Jane Doe,jane@example.edu,S1,jane,A\n11,Joe,j@x.edu,S2,joe,B\n"
    )
    people = read_roster(roster)
    one = submission("=HYPERLINK(1)", platform=platform)
    grade = graded(one, roster=people, policy=policy(), times={"47": DUE + DAY})
    write_all(course, tmp_path, [grade], [people[1]], {"lost-12": "no verdict"}, Policy(assignment="Day 1"))
    return {
        name: list(csv.reader(io.StringIO((tmp_path / f"{name}.csv").read_text())))
        for name in ("grades", "canvas", "moodle")
    }


def test_the_gradebook_has_everything_and_a_column_an_exercise(files):
    head, jane, joe, lost = files["grades"]
    row = dict(zip(head, jane, strict=True))
    assert (row["points"], row["earned"], row["late_days"], row["late_deduction"]) == (
        "5.4",
        "6.0",
        "1",
        "0.6",
    )
    assert (row["1.1 Mean"], row["1.3 Scale"]) == ("3.0", "0.0")
    assert dict(zip(head, joe, strict=True))["notes"] == "nothing handed in"
    assert dict(zip(head, lost, strict=True))["points"] == ""


def test_a_name_cannot_be_a_formula(course, tmp_path):
    grade = graded(submission("=HYPERLINK(1)", ""))
    write_all(course, tmp_path, [grade], [], {}, Policy())
    for name in ("grades", "canvas", "moodle"):
        text = (tmp_path / f"{name}.csv").read_text()
        assert "'=HYPERLINK(1)" in text
        assert ",=" not in text


def test_canvas_finds_its_columns(files):
    head, possible, jane, joe = files["canvas"]
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Day 1"]
    assert (possible[0], possible[-1]) == ("    Points Possible", "9")
    assert jane == ["Jane Doe", "47", "S1", "jane", "A", "5.4"]
    assert joe == ["Joe", "11", "S2", "joe", "B", "0"]


@pytest.mark.parametrize("platform", ["Moodle", "Brightspace", ""])
def test_no_id_of_one_platform_stands_in_the_column_of_another(course, tmp_path, platform):
    files = written(course, tmp_path, platform)
    assert [row[1] for row in files["canvas"]] == ["ID", "", "", ""]
    assert (files["moodle"][1][0] == "Participant 47") is (platform == "Moodle")
    assert (files["moodle"][2][0] == "Participant 11") is (platform == "Moodle")


def test_moodle_finds_its_columns(course, tmp_path):
    head, jane, joe = written(course, tmp_path, "Moodle")["moodle"]
    row = dict(zip(head, jane, strict=True))
    assert (row["Identifier"], row["Email address"], row["ID number"]) == (
        "Participant 47",
        "jane@example.edu",
        "S1",
    )
    assert (row["Grade"], row["Maximum Grade"]) == ("5.4", "9")
    assert row["Feedback comments"] == "1.1: 3/4, 1.2: 3/3, 1.3: 0/2, late: -0.6"
    assert joe[4] == "0"


# The fields of Gradescope's autograder specification.
TOP = {
    "score",
    "execution_time",
    "output",
    "visibility",
    "stdout_visibility",
    "extra_data",
    "tests",
    "leaderboard",
}
TEST = {"score", "max_score", "name", "number", "output", "tags", "visibility", "extra_data"}


def test_gradescope_gets_documented_fields_and_scores_that_add_up(course):
    results = results_of(graded(), load_manifest(course.root), "after_published").model_dump(mode="json")
    assert set(results) <= TOP
    assert all(set(test) <= TEST for test in results["tests"])
    assert (results["score"], results["stdout_visibility"]) == (6.0, "hidden")
    assert sum(test["score"] for test in results["tests"]) == 6.0
    assert sum(test["max_score"] for test in results["tests"]) == 9.0
    by_number = {test["number"]: test for test in results["tests"]}
    assert [by_number[number]["visibility"] for number in ("1.1.1", "1.1.3")] == [
        "visible",
        "after_published",
    ]
    assert by_number["1.1.2"]["output"] == "told\nAn empty list has no mean: raise ValueError."
    assert by_number["1.3"]["output"] == "scale.py, line 3: never closed"
    json.dumps(results)


def test_what_gradescope_does_not_know_is_refused():
    with pytest.raises(ValidationError):
        GradescopeTest(name="x", number="1", score=1, max_score=1, colour="red")
    with pytest.raises(ValidationError):
        GradescopeTest(name="x", number="1", score=1, max_score=1, visibility="sometimes")
    test = GradescopeTest(name="x", number="1", score=1, max_score=1)
    with pytest.raises(ValidationError):
        GradescopeResults(score=1, execution_time=0, tests=(test, test))


def test_the_bundle_has_its_scripts_at_the_root_and_all_that_they_need(course, tmp_path, capsys):
    path = tmp_path / "autograder.zip"
    assert cli.main(["release", "--gradescope", str(path), "--seed", "5"]) == 0
    assert "hidden tests and seed 5 included" in capsys.readouterr().out
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.read("seed") == b"5\n"
        for script in ("setup.sh", "run_autograder"):
            assert archive.getinfo(script).external_attr >> 16 & 0o111
            text = archive.read(script).decode()
            assert text.startswith("#!/usr/bin/env bash\n")
            subprocess.run(["bash", "-n"], input=text, text=True, check=True)
    assert "course/tests/graded/hidden/day1_numbers/test_1_2_spread.py" in names
    assert not [name for name in names if "variants" in name or name.endswith(".pyc")]
    first = path.read_bytes()
    write_bundle(course.root, path, 5)
    assert path.read_bytes() == first


PROJECT = """[project]
dependencies = ["numpy>=2.2,<3", "torch~=2.13.0"]
[project.optional-dependencies]
instructor = ["jinja2>=3.1"]
"""


def test_the_bundle_asks_for_torch_only_where_something_in_it_imports_torch(course, tmp_path):
    def asked() -> list[str]:
        write_bundle(course.root, tmp_path / "autograder.zip", 5)
        with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
            return archive.read("requirements.txt").decode().splitlines()

    (course.root.folder / "pyproject.toml").write_text(PROJECT)
    assert asked() == ["numpy>=2.2,<3", "jinja2>=3.1"]
    test = next(course.root.graded.rglob("test_*.py"))
    test.write_text(test.read_text() + "\n\ndef f():\n    from torch import nn\n    return nn\n")
    assert asked() == ["numpy>=2.2,<3", "torch~=2.13.0", "jinja2>=3.1"]


def test_classroom_gets_the_workflow_and_the_tests_that_it_documents(course):
    files = classroom_files(load_manifest(course.root))
    assert set(files) == {PurePosixPath(".github/workflows/classroom.yml"), TESTS}
    workflow = yaml.safe_load(files[WORKFLOW])
    assert set(workflow[True]) == {
        "push",
        "workflow_dispatch",
        "repository_dispatch",
    }  # `on` is a truth in YAML
    steps = workflow["jobs"]["run-autograding-tests"]["steps"]
    graders = {step["id"]: step["with"] for step in steps if "command-grader" in step.get("uses", "")}
    assert graders["exercise_1_1"] == {
        **{"test-name": "1.1 Mean", "command": ".venv/bin/vla-course check 1.1"},
        **{"timeout": 2, "max-score": 4},
    }
    reporter = steps[-1]
    assert reporter["with"]["runners"] == "exercise_1_1,exercise_1_2,exercise_1_3"
    for step_id in reporter["with"]["runners"].split(","):
        result = f"${{{{ steps.{step_id}.outputs.result }}}}"
        assert reporter["env"][f"{step_id.upper()}_RESULTS"] == result
    tests = json.loads(files[TESTS])["tests"]
    assert [test["points"] for test in tests] == [4, 3, 2]
    documented = {"name", "setup", "run", "input", "output", "comparison", "timeout", "points"}
    assert all(set(test) == documented for test in tests)
