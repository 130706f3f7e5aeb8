"""2.3: where the time goes, as a deadline sees it."""

from shown.day2_streaming_pipeline.stages import some_packets
from vla_course.course.checking.judging import expect_raises, graded


@graded("2.3", points=3, says="percentiles are taken over packets, stage by stage, and of the packets' sums")
def test_percentiles(student, rng):
    some_packets(rng).expect(student)


@graded("2.3", points=1, says="durations that cannot be, and a stage called total, are refused")
def test_refusals(student, rng):
    good = some_packets(rng, 12).stages
    for what, packet in (
        ("a duration of -0.01 s", {"wait": 0.1, "infer": -0.01}),
        ("a duration of nan s", {"wait": float("nan")}),
        ("an endless duration", {"infer": float("inf")}),
        ("a stage called total", {"total": 0.01}),
    ):
        some = [*good[:6], packet, *good[6:]]
        expect_raises(
            ValueError, student.latency_by_stage, some, [50.0], what=what, mistake="anything-accepted"
        )
