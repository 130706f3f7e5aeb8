"""2.9: a chunk, and what was promised before it came."""

from shown.day2_streaming_pipeline.promises import some_promise
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_raises, graded


@graded("2.9", points=3, says="what was committed is kept to the bit, and what has passed is left out")
def test_joined(student, rng):
    expect_all(
        some_promise(rng, 4, 10, 2).case(student, "what is left after a fast answer"),
        some_promise(rng, 2, 9, 5).case(student, "what is left after a slow one"),
        unit="rad",
        atol=0.0,
    )


@graded("2.9", points=1, says="a prefix that does not fit its chunk, and a negative `passed`, are refused")
def test_refusals(student, rng):
    promise = some_promise(rng, 3, 6, 1)
    for what, arguments in (
        ("a prefix longer than the chunk", (promise.committed, promise.chunk[:2], 1)),
        ("a prefix of one action before a chunk of none", (promise.committed[:1], promise.chunk[:0], 0)),
        ("a prefix of fewer numbers", (promise.committed[:, :1], promise.chunk, 1)),
        ("no prefix, of fewer numbers", (promise.committed[:0, :1], promise.chunk, 1)),
        ("passed of -1", (promise.committed, promise.chunk, -1)),
    ):
        expect_raises(ValueError, student.merge_prefix, *arguments, what=what, mistake="anything-accepted")
