"""2.5: the next packet is prepared while the model thinks about this one."""

from dataclasses import replace

from shown.day2_streaming_pipeline.races import expect_nothing_running, expect_race, some_race
from vla_course.course.checking.judging import expect, graded


@graded(
    "2.5",
    points=3,
    says="answers come in order and at once, the next packet is on its way meanwhile, and no more",
)
def test_race(student, rng):
    expect_race(student, some_race(rng))


@graded("2.5", points=2, says="whoever stops listening leaves nothing running")
def test_stopped(student, rng):
    race = some_race(rng)
    slow = replace(race, fetching=[0.2] * len(race.fetching))
    for how, one, end in (
        ("stops after two answers, while the next packet is fetched", slow, {"stops": 2}),
        ("is cancelled while the model thinks", race, {"cancelled": race.heard()[1] - 0.001}),
        ("is cancelled while the first packet is fetched", slow, {"cancelled": 0.1}),
        ("is cancelled while it waits for the next packet", slow, {"cancelled": 0.39}),
    ):
        told = one.run(student, **end)
        expect(
            told["ends"] in ("stopped", "cancelled"), f"whoever listens {how}, and is held", got=told["ends"]
        )
        expect_nothing_running(told, how, end.get("cancelled") or told["heard"][-1][0])
