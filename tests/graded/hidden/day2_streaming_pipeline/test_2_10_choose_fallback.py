"""2.10, hidden: every code, the edges, and a robot that never had an answer."""

from math import inf

from shown.day2_streaming_pipeline.troubles import OF_INPUT, OF_MODEL, OTHERS, expect_all, some_troubles
from vla_course.course.checking.judging import graded


@graded("2.10", points=1, says="every code has its fallback")
def test_every_code(student, rng):
    expect_all(student, some_troubles(rng, (*OF_INPUT, *OF_MODEL, *OTHERS), (False, True)))


@graded(
    "2.10", points=1, says="the edges are where the docstring says, and a robot without any answer stands"
)
def test_edges(student, rng):
    expect_all(
        student,
        [
            ("bad_picture", 0.0, 0.4, 0.5, False),
            ("bad_picture", -0.1, 0.5, 0.5, False),
            ("bad_picture", -0.1, 0.5001, 0.5, False),
            ("not_finite", -inf, inf, 0.5, False),
            ("model_failed", -inf, inf, 0.5, False),
            ("overloaded", -inf, inf, 0.5, True),
            ("camera_lost", 1e-6, 0.9, 0.5, True),
        ],
    )
