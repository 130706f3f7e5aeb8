"""2.5, hidden: streams of few packets, slow listeners, and faults."""

from shown.day2_streaming_pipeline.races import (
    Race,
    expect_answers,
    expect_nothing_running,
    expect_race,
    some_race,
)
from vla_course.course.checking.judging import expect, graded


@graded(
    "2.5",
    points=1,
    says="a slow listener holds up the stream, and streams of one packet or none come to an end",
)
def test_sizes(student, rng):
    expect_race(student, some_race(rng, 5, listening=True))
    expect_race(student, some_race(rng, 1))
    expect_answers(Race([], [0.01], [], []).run(student), [])


@graded(
    "2.5",
    points=2,
    says="a fault of the stream or of a stage comes after the answers before it, and is not lost",
)
def test_faults(student, rng):
    for stage, number in (("fetch", 3), ("prepare", 2), ("infer", 3), ("fetch", 0)):
        race = some_race(rng)
        told = race.run(student, [stage, number])
        got = [answer for _, answer in told["heard"]]
        what = f"{stage} fails at packet {number}"
        expect(
            told["ends"] != "through" or got != race.answers[: len(got)],
            f"{what}; whoever listens thinks that the stream has simply ended",
            got=told["ends"],
            expected="raised",
            mistake="fault-lost",
        )
        expect(
            got == race.answers[:number],
            f"{what}; the packets before it have their answers",
            got=got,
            expected=race.answers[:number],
            mistake="answers-lost-to-a-fault" if len(got) < number else None,
        )
        expect(told["ends"] == "raised", f"{what}; that is what should be raised", got=told["ends"])
        expect_nothing_running(told, f"is told that {what}")
