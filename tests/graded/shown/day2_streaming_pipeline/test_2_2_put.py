"""2.2: a queue in which the newest frame wins."""

from shown.day2_streaming_pipeline.frames import expect_traffic, some_traffic
from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect, expect_raises, graded
from vla_course.serving.inference.scripted_condition import ScriptedCondition


@graded("2.2", points=3, says="a full queue lets the oldest go, tells which, counts it, and never waits")
def test_newest(student, rng):
    expect_traffic(student, some_traffic(rng, 3), some_traffic(rng, 2))


@graded("2.2", points=1, says="whoever waits for a frame is woken")
def test_woken(student, rng):
    condition = beside(student, ScriptedCondition)()
    queue = student.NewestQueue(2, condition)
    for frame in range(3):
        before = len(condition.history)
        queue.put(frame)
        done = list(condition.history)[before:]
        expect(
            "wakes" in done,
            f"with {frame} frames in the queue, a new one wakes nobody",
            got=", ".join(done),
            expected="locks, wakes, unlocks",
            mistake="nobody-woken",
        )


@graded("2.2", points=1, says="a queue that is closed takes nothing")
def test_closed(student):
    queue = student.NewestQueue(2)
    queue.close()
    expect_raises(RuntimeError, queue.put, 1, what="a queue that is closed", mistake="closed-accepted")
    got = queue.get(0.0)
    expect(got is None, "what was refused is in the queue all the same", got=got, mistake="closed-accepted")
