"""The gate: grades the graders. No exercise is given to students before it passes.

Hidden tests are included throughout. `make gate` runs it under ten seeds, `make test` under two, and of each exercise
with `SAMPLE` of its wrong answers.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from vla_course.course.checking.checking import run_tests
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.variants import Variant, build_submission, read_variants
from vla_course.course.verdict import Verdict

WRONG_AT_LEAST = 4
RIGHT_AT_LEAST = 1
SAMPLE = 5
"""of an exercise's wrong answers, evenly among them; so many does `make test` try"""

ROOT = CourseRoot.current()
EXERCISES = load_manifest(ROOT).exercises
VARIANTS = [(exercise, variant) for exercise in EXERCISES for variant in read_variants(ROOT, exercise)]

pytestmark = pytest.mark.gate

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.id for exercise in EXERCISES])


def each_variant(kind: str) -> pytest.MarkDecorator:
    chosen = [(exercise, variant) for exercise, variant in VARIANTS if variant.kind == kind]
    tried = {id(variant) for exercise in EXERCISES for variant in sample_of(exercise)}
    cases = [
        pytest.param(
            exercise,
            variant,
            id=f"{exercise.id}-{variant.name}",
            marks=[] if kind == "right" or id(variant) in tried else [pytest.mark.full],
        )
        for exercise, variant in chosen
    ]
    return pytest.mark.parametrize(("exercise", "variant"), cases)


def sample_of(exercise: Exercise) -> list[Variant]:
    """Return the wrong answers to an exercise that `make test` tries."""
    wrong = [variant for other, variant in VARIANTS if other == exercise and variant.kind == "wrong"]
    return [wrong[round(k)] for k in np.linspace(0, len(wrong) - 1, min(SAMPLE, len(wrong)))]


def told(verdict: Verdict) -> str:
    """The verdict in full, for whoever reads the failure."""
    parts = [
        f"  {'passed' if part.passed else 'FAILED'} {part.says}: {part.message}"
        for part in verdict.properties
    ]
    return "\n".join([f"{verdict} {verdict.message} (mistake: {verdict.mistake})", *parts, verdict.output])


@each_exercise
def test_the_untouched_stub_earns_nothing_and_is_not_attempted(
    exercise: Exercise, untouched_stubs: Path
) -> None:
    (verdict,) = run_tests(exercise.id, root=ROOT, submission=untouched_stubs, include_hidden=True)
    assert (verdict.status, verdict.points) == ("not attempted", 0.0), told(verdict)


@each_exercise
def test_the_reference_earns_every_point_under_every_seed(exercise: Exercise, seeds: Sequence[int]) -> None:
    verdicts = run_tests(exercise.id, root=ROOT, submission=ROOT.solutions, include_hidden=True, seeds=seeds)
    for verdict in verdicts:
        assert (verdict.status, verdict.points) == ("correct", exercise.points), told(verdict)
    worth = sum(part.points for part in verdicts[0].properties)
    assert worth == exercise.points, "the points of its tests, shown and hidden, differ from the manifest's"
    assert not all(part.hidden for part in verdicts[0].properties), "every test is hidden"


@each_exercise
def test_there_are_enough_wrong_and_right_answers(exercise: Exercise) -> None:
    kinds = [variant.kind for other, variant in VARIANTS if other == exercise]
    assert kinds.count("wrong") >= WRONG_AT_LEAST, "too few named wrong answers in tests/graded/variants"
    assert kinds.count("right") >= RIGHT_AT_LEAST, "no right answer in another hand in tests/graded/variants"


@each_variant("wrong")
def test_a_wrong_answer_loses_points_and_raises_its_own_hint(
    exercise: Exercise, variant: Variant, seeds: Sequence[int], tmp_path: Path
) -> None:
    assert variant.name in exercise.mistakes, "data/course.toml has no hint for this mistake"
    submission = build_submission(ROOT, exercise, variant, tmp_path)
    verdicts = run_tests(exercise.id, root=ROOT, submission=submission, include_hidden=True, seeds=seeds)
    for verdict in verdicts:
        assert verdict.points < exercise.points, told(verdict)
        assert verdict.mistake == variant.name, told(verdict)
        assert verdict.hint is not None
        assert verdict.hint.text == exercise.mistakes[variant.name]
        assert "the picture could not be drawn" not in verdict.output, told(verdict)
        named = {part.mistake for part in verdict.properties if part.mistake}
        assert named <= exercise.mistakes.keys(), (
            "a test names a mistake that data/course.toml has no hint for"
        )


@each_variant("right")
def test_a_right_answer_in_another_hand_earns_every_point(
    exercise: Exercise, variant: Variant, seeds: Sequence[int], tmp_path: Path
) -> None:
    submission = build_submission(ROOT, exercise, variant, tmp_path)
    for verdict in run_tests(exercise.id, root=ROOT, submission=submission, include_hidden=True, seeds=seeds):
        assert (verdict.status, verdict.points) == ("correct", exercise.points), told(verdict)
