"""2.4, hidden: other faults, and work that takes no time."""

from shown.day2_streaming_pipeline.asked import expect_answer, expect_refusal, some_packet
from vla_course.course.checking.judging import graded


@graded("2.4", points=1, says="whatever work raises, at once or late, becomes an answer")
def test_other_faults(student, rng):
    for fault in ("TimeoutError", "ZeroDivisionError", "OSError"):
        for seconds in (0.0, 0.2):
            expect_refusal(student, some_packet(rng)[0], fault, seconds)


@graded("2.4", points=1, says="answers that look like nothing, and those that come late, are answers")
def test_nothing(student, rng):
    packet, _, seconds = some_packet(rng)
    expect_answer(student, packet, 0, seconds)
    expect_answer(student, 0, packet, 0.0)
    expect_answer(student, packet, None, seconds)
    expect_answer(student, packet, 7, 900.0)
