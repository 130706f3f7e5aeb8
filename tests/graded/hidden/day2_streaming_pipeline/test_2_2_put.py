"""2.2, hidden: queues of one and of many, a frame that is 0, and another thread that is quicker."""

from shown.day2_streaming_pipeline.frames import Traffic, expect_traffic, some_traffic
from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect, expect_raises, graded
from vla_course.serving.inference.scripted_condition import ScriptedCondition


@graded("2.2", points=1, says="so it is for a queue of one and of five, and for a frame that is 0")
def test_sizes(student, rng):
    expect_traffic(
        student,
        some_traffic(rng, 1),
        some_traffic(rng, 5, 16),
        Traffic(1, [0, 0, 5, None]),
        Traffic(2, [3, 0, 4, 5]),
    )


@graded("2.2", points=2, says="what another thread does a moment earlier is seen")
def test_quicker(student, rng):
    condition = beside(student, ScriptedCondition)()
    queue = student.NewestQueue(2, condition)
    queue.put(1)
    queue.put(2)
    condition.lets_first(queue.get, 0.0)
    got = [queue.put(3), queue.dropped, *queue.close()]
    expect(
        got == [None, 0, 2, 3],
        "of two frames one is taken out just before the next comes: nothing has to make room",
        got=got,
        expected=[None, 0, 2, 3],
        mistake="looks-before-locking",
    )
    condition = beside(student, ScriptedCondition)()
    queue = student.NewestQueue(2, condition)
    condition.lets_first(queue.close)
    expect_raises(
        RuntimeError, queue.put, 1, what="a queue that is closed just before", mistake="looks-before-locking"
    )
