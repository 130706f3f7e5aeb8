"""This edition works on this machine: every check passes on the reference, and untouched exercises are just that."""

import pytest

from vla_course.course.checking.checking import run_tests
from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.source import marked_functions
from vla_course.doctor import examine

ROOT = CourseRoot.current()
EXERCISES = load_manifest(ROOT).exercises

each_exercise = pytest.mark.parametrize("exercise_id", [exercise.id for exercise in EXERCISES])


@each_exercise
def test_the_reference_passes_its_check(exercise_id: str) -> None:
    (verdict,) = run_tests(exercise_id, root=ROOT, submission=ROOT.compiled_reference)
    assert verdict.correct, f"{verdict} {verdict.message}\n{verdict.output}"


@each_exercise
def test_an_untouched_exercise_is_not_attempted(exercise_id: str) -> None:
    (verdict,) = run_tests(exercise_id, root=ROOT, submission=ROOT.pristine_stubs)
    assert (verdict.status, verdict.points) == ("not attempted", 0.0)


def test_reset_has_an_untouched_stub_of_every_exercise() -> None:
    for exercise in EXERCISES:
        text = pristine(ROOT, exercise.path)
        assert exercise.id in {marked.id for marked in marked_functions(text, exercise.file)}


def test_what_the_course_needs_is_installed() -> None:
    failed = [finding for finding in examine().findings if finding.status == "fail"]
    assert not failed
