"""2.3, hidden: other percentiles, a single packet, none at all, the order of stages."""

from shown.day2_streaming_pipeline.stages import Packets, some_packets
from vla_course.course.checking.judging import expect, graded


@graded("2.3", points=1, says="any percentiles are taken as they are asked for, and of a few packets as well")
def test_others(student, rng):
    some_packets(rng, 40, (90.0, 10.0, 0.0, 100.0)).expect(student)
    some_packets(rng, 5, (75.0,)).expect(student)


@graded(
    "2.3", points=1, says="stages stand in the order in which they were first seen, and no packet has none"
)
def test_order(student, rng):
    late = [{"infer": 0.2, "wait": 0.0}, {"prepare": 0.3}, {"wait": 0.4}]
    Packets([late[int(i)] for i in rng.permutation(3)], [50.0]).expect(student)
    some = [*some_packets(rng, 3).stages, {}, {}]
    nothing = Packets(some, [50.0])
    told = student.latency_by_stage(some, [50.0])["total"]
    expect(
        told != Packets(some[:3], [50.0]).right()["total"],
        "a packet that came to no stage took 0 s, and counts in the total",
        got=told,
        expected=nothing.right()["total"],
        unit="s",
        mistake="empty-left-out",
    )
    nothing.expect(student)
    got = student.latency_by_stage([], [50.0])
    expect(got == {}, "without packets there are no percentiles", got=got, expected={})
