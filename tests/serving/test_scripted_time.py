"""The clock, the condition and the streams on which exercises are tried: what they do, and what they do not hide."""

import asyncio
import contextlib
import threading

import pytest

from vla_course.reference.day2_streaming_pipeline.overlap import one_answer, overlapped
from vla_course.reference.day2_streaming_pipeline.queues import NewestQueue
from vla_course.serving.inference.scripted_condition import ScriptedCondition
from vla_course.serving.stream.scripted_loop import Stuck, play
from vla_course.serving.stream.scripted_stream import ask_once, stream_through


def test_an_hour_passes_in_no_time_and_everything_is_in_its_order():
    async def story():
        loop, log = asyncio.get_running_loop(), []

        async def say(what, seconds):
            await asyncio.sleep(seconds)
            log.append((what, loop.time()))

        async with asyncio.TaskGroup() as group:
            for what, seconds in (("last", 3600.0), ("first", 0.1), ("second", 0.3)):
                group.create_task(say(what, seconds))
        return log

    assert play(story()) == [("first", 0.1), ("second", 0.3), ("last", 3600.0)]


def test_time_limits_hold():
    async def story():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.0):
                await asyncio.sleep(3.0)
        return asyncio.get_running_loop().time()

    assert play(story()) == 2.0


async def wait_for_nothing():
    await asyncio.Event().wait()


async def spin():
    while True:
        await asyncio.sleep(0.0)


async def refuse_to_end():
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


@pytest.mark.parametrize("story", [wait_for_nothing, spin, refuse_to_end])
def test_what_never_ends_is_told(story):
    with pytest.raises(Stuck):
        play(story())


def test_what_is_left_running_is_ended():
    ended = []

    async def go_on():
        try:
            await asyncio.sleep(9.0)
        finally:
            ended.append("ended")

    async def story():
        story.task = asyncio.create_task(go_on())
        await asyncio.sleep(1.0)

    play(story())
    assert ended == ["ended"]


@pytest.mark.parametrize("kind", [threading.Condition, ScriptedCondition])
def test_a_scripted_condition_is_as_strict_as_a_real_one(kind):
    for call in (kind().notify, kind().notify_all, kind().release, lambda: kind().wait(0.01)):
        with pytest.raises(RuntimeError):
            call()
    condition = kind()
    with condition, condition:  # by the same one as often as he likes
        condition.notify()
        assert not condition.wait(0.0)
        assert condition.wait_for(lambda: [1]) == [1]
    queue = NewestQueue(2, condition)
    assert [queue.put(frame) for frame in range(4)] == [None, None, 0, 1]
    assert (queue.get(0.0), queue.dropped, queue.close()) == (2, 2, [3])


def test_another_thread_is_quicker_once_and_whoever_waits_for_nobody_is_told():
    condition = ScriptedCondition()
    queue = NewestQueue(2, condition)
    queue.put(1)
    condition.lets_first(queue.get, 0.0)
    queue.put(2)
    assert queue.close() == [2]
    with pytest.raises(RuntimeError, match="never comes"):
        NewestQueue(1, ScriptedCondition()).get()


def test_how_a_packet_was_answered_is_told():
    told = ask_once(one_answer, 7, 70, 0.5)
    assert told == {"ends": "answered", "answer": 70, "at": 0.5, "worked": [7], "refused": [], "tasks": 0}
    told = ask_once(one_answer, 7, 70, 0.5, "KeyError")
    assert (told["answer"], told["refused"]) == (["refused", 7], [[7, "KeyError", True]])
    assert ask_once(one_answer, 7, 70, 0.5, "", 0.2)["ends"] == "cancelled"

    async def shields(packet, work, refuse):
        return await asyncio.shield(asyncio.ensure_future(work(packet)))

    assert ask_once(shields, 7, 70, 0.5, "", 0.2)["tasks"] == 1


def test_what_overlaps_is_told_to_the_moment():
    told = stream_through(overlapped, ["a", "b"], [0.1, 0.2, 0.1], [0.1, 0.1], [0.5, 0.5])
    assert told["heard"] == [[pytest.approx(0.7), "a"], [pytest.approx(1.2), "b"]]
    spans = {(stage, number): [begin, end] for stage, number, begin, end, _ in told["spans"]}
    assert spans["infer", 0] == pytest.approx([0.2, 0.7])
    assert spans["fetch", 1] == pytest.approx([0.2, 0.4])
    assert spans["prepare", 1] == pytest.approx([0.4, 0.5])
    assert (told["ends"], told["tasks"]) == ("through", 0)


def test_a_fault_of_the_code_on_trial_is_not_taken_for_a_scripted_one():
    async def botched(packets, prepare, infer):
        yield missing  # noqa: F821

    with pytest.raises(NameError):
        stream_through(botched, [1], [0.0, 0.0], [0.0], [0.0])

    async def no_generator(packets, prepare, infer):
        return None

    with pytest.raises(TypeError, match="no generator"):
        stream_through(no_generator, [1], [0.0, 0.0], [0.0], [0.0])
