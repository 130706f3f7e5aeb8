"""2.4: one answer to each packet."""

from shown.day2_streaming_pipeline.asked import asked, expect_answer, expect_refusal, some_packet
from vla_course.course.checking.judging import expect, graded


@graded("2.4", points=1, says="the answer of work that succeeds comes through")
def test_success(student, rng):
    expect_answer(student, *some_packet(rng))


@graded("2.4", points=2, says="what work raises becomes one answer that says so, and never a success")
def test_fault(student, rng):
    for fault in ("ValueError", "KeyError"):
        packet, _, seconds = some_packet(rng)
        expect_refusal(student, packet, fault, seconds)


@graded("2.4", points=1, says="being cancelled is no error of the packet, and reaches whoever asked")
def test_cancelled(student, rng):
    packet, answer, seconds = some_packet(rng)
    told = asked(student, packet, answer, seconds, "", 0.5 * seconds)
    expect(
        told["ends"] == "cancelled",
        "whoever asked gives up half-way; yours goes on as if nothing had been said",
        got=f"{told['ends']}, {told['answer']}",
        expected="cancelled",
        mistake="cancellation-swallowed",
    )
    expect(
        not told["refused"],
        "being cancelled is told as an error of the packet",
        got=told["refused"],
        expected=[],
        mistake="cancellation-swallowed",
    )
    expect(
        told["tasks"] == 0,
        "whoever asked gives up half-way, and work goes on all the same",
        got=f"{told['tasks']} tasks",
        expected="nothing",
        mistake="left-running",
    )
