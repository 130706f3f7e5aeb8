"""The sample class of twelve, graded for real: what docs/instructors.md promises, from submissions to reports."""

import csv
import json
import zipfile
from pathlib import Path

import pytest

from sample_class.build import ADJUSTMENTS, build
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.grading.class_run.run import Run
from vla_course.grading.class_run.scheduler import on_this_machine
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submit import release_of
from vla_course.grading.pipeline.gradescope import GradescopeResults
from vla_course.grading.pipeline.pipeline import grade_class

ROOT = CourseRoot.current()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    build(folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def run(sample: Path) -> Run:
    write_atomically(sample / "graded" / "adjustments.toml", ADJUSTMENTS)
    return grade_class(
        sample / "submissions",
        sample / "graded",
        root=ROOT,
        policy=sample / "policy.toml",
        seed=20261001,
        backend=on_this_machine(2),
    )


def test_twelve_are_taken_in_with_a_note_on_each_that_is_odd(sample):
    found = {one.key: one for one in collect(sample / "submissions", load_manifest(ROOT), release_of(ROOT))}
    assert len(found) == 12
    odd = {key for key, one in found.items() if one.notes}
    assert odd == {"barbara-liskov", "grace-hopper-418", "mary-jackson"}
    assert found["turingalan-4711"].late_marker
    assert len({one.content for one in found.values()}) == 12


@pytest.mark.slow
def test_everybody_gets_what_their_work_is_worth(run):
    assert run.ungraded == {}
    points = {grade.key: [mark.points for mark in grade.marks] for grade in run.grades}
    assert points["ada-lovelace"] == [4.0, 10.0, 4.0, 6.0]
    assert points["dorothy-vaughan"] == [0.0, 0.0, 0.0, 0.0]
    assert points["annie-easley"] == [4.0, 10.0, 4.0, 6.0]  # 3.4 by hand
    assert points["radia-perlman"] == [4.0, 10.0, 0.0, 6.0]  # a syntax error in the file of 3.4
    assert points["frances-allen"] == [0.0, 10.0, 4.0, 6.0]  # a loop without end in 3.1
    assert points["barbara-liskov"] == [4.0, 10.0, 4.0, 0.0]  # the file of 3.6 is missing
    assert points["mary-jackson"] == [4.0, 10.0, 4.0, 6.0]  # two folders too deep
    assert points["grace-hopper-418"][:3] == [4.0, 10.0, 4.0]  # without their folder
    assert points["tim-left"] == points["tom-right"] == [4.0, 10.0, 4.0, 6.0]
    status = {grade.key: grade.marks[0].verdict.status for grade in run.grades}
    assert (status["dorothy-vaughan"], status["frances-allen"]) == ("not attempted", "timed out")


@pytest.mark.slow
def test_lateness_extension_and_adjustments_are_applied(run):
    grades = {grade.key: grade for grade in run.grades}
    alan = grades["turingalan-4711"]
    assert (alan.late.days, alan.late.share) == (2, 0.2)
    assert alan.points == pytest.approx(0.8 * alan.before_policy)
    assert grades["katherine-johnson"].late.days == 0
    assert grades["tom-right"].late.days == 0  # within the grace
    assert grades["annie-easley"].points == 25.5
    assert [person.name for person in run.missing] == ["Edsger Dijkstra"]


@pytest.mark.slow
def test_the_files_hold_it(run, sample):
    rows = list(csv.DictReader((sample / "graded" / "grades.csv").open()))
    assert len(rows) == 13
    assert {row["name"]: row["points"] for row in rows}["Ada Lovelace"] == "24.0"
    for path in (sample / "graded" / "gradescope").iterdir():
        GradescopeResults.model_validate(json.loads(path.read_text()))
    page = (sample / "graded" / "class.html").read_text()
    assert "velocity-sign" in page
    assert "Tim Left and Tom Right" in page
    assert [(pair.left, pair.right) for pair in run.pairs] == [("tim-left", "tom-right")]


@pytest.mark.slow
def test_it_grades_four_exercises_and_hands_back_by_both_platforms(run, sample):
    assert [exercise.id for exercise in run.exercises] == ["3.1", "3.3", "3.4", "3.6"]
    assert not [note for grade in run.grades for note in grade.notes if "missing" in note and "dcm.py" not in note]
    with zipfile.ZipFile(sample / "graded" / "feedback_canvas.zip") as archive:
        assert archive.namelist() == ["turingalan_LATE_4711_99821_submission-1.zip"]
    with zipfile.ZipFile(sample / "graded" / "feedback_moodle.zip") as archive:
        assert archive.namelist() == ["Grace Hopper_418_assignsubmission_file_/report.html"]
    assert [(one.student, one.what, one.by) for one in run.changes] == [
        ("annie-easley", "3.4", "A. Marker"),
        ("annie-easley", "total", "A. Marker"),
    ]
    assert run.remarks[-1] == "adjustments.toml: annie-easley, the total: 24 became 25.5 of 24 points"


@pytest.mark.slow
def test_a_known_mistake_is_named_in_the_students_report(run, sample):
    mistakes = load_manifest(ROOT).exercise("3.6").mistakes
    page = (sample / "graded" / "students" / "katherine-johnson.html").read_text()
    assert mistakes["velocity-sign"].replace("'", "&#39;")[:60] in page
