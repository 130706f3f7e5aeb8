"""2.6: for how many actions to expect to wait."""

from shown.day2_streaming_pipeline.waits import some_waits
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_raises, graded


@graded("2.6", points=3, says="nearly all answers come in time, and one slow one of many does not count")
def test_percentile(student, rng):
    expect_all(
        some_waits(rng, 0.3).case(student, "the actions for sixty delays"),
        some_waits(rng, 0.7).case(student, "those for sixty others"),
        unit="actions",
    )


@graded("2.6", points=1, says="delays that cannot be, and a period of no time, are refused")
def test_refusals(student, rng):
    good = some_waits(rng, 0.5)
    for what, delays, period in (
        ("no delay at all", [], good.period),
        ("a delay of -0.02 s", [*good.delays, -0.02], good.period),
        ("a delay of nan s", [*good.delays[:5], float("nan")], good.period),
        ("an endless delay", [float("inf"), *good.delays], good.period),
        ("a period of 0 s", good.delays, 0.0),
        ("a period of -0.1 s", good.delays, -0.1),
        ("a period of nan s", good.delays, float("nan")),
    ):
        expect_raises(
            ValueError, student.steps_to_wait, delays, period, what=what, mistake="anything-accepted"
        )
