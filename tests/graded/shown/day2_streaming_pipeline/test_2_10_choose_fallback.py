"""2.10: what a robot does where no new actions come."""

from shown.day2_streaming_pipeline.troubles import OF_INPUT, OF_MODEL, expect_all, some_troubles
from vla_course.course.checking.judging import expect_raises, graded


@graded("2.10", points=3, says="the first of the four that can be is done")
def test_ladder(student, rng):
    expect_all(
        student,
        [
            *some_troubles(rng, OF_INPUT[:2], (False, True)),
            *some_troubles(rng, OF_MODEL[:2], (False, True)),
        ],
    )


@graded("2.10", points=1, says="what is no fault, and what is no number of seconds, is refused")
def test_refusals(student, rng):
    for what, arguments in (
        ("code ok", ("ok", 0.1, 0.1, 0.5, False)),
        ("a chunk of nan s", ("stale", float("nan"), 0.1, 0.5, False)),
        ("nan s since the last good answer", ("stale", 0.1, float("nan"), 0.5, False)),
        ("a patience of nan s", ("stale", 0.1, 0.1, float("nan"), False)),
        ("a chunk of nan s, a smaller model ready", ("overloaded", float("nan"), 0.1, 0.5, True)),
        ("a patience of nan s, a smaller model ready", ("model_failed", -0.1, 0.1, float("nan"), True)),
    ):
        expect_raises(ValueError, student.choose_fallback, *arguments, what=what, mistake="anything-accepted")
