"""What Day 2's answers about streams promise: overlap, order, one answer a packet, and nothing left running."""

import asyncio

import pytest

from vla_course.reference.day2_streaming_pipeline.overlap import one_answer, overlapped


async def stream(count):
    for number in range(count):
        yield number


async def same(value):
    await asyncio.sleep(0)
    return value


async def all_of(answers):
    return [answer async for answer in answers]


def test_each_packet_gets_one_answer_in_order():
    async def infer(number):
        await asyncio.sleep(0.001 * (5 - number % 5))
        return number * 10

    assert asyncio.run(all_of(overlapped(stream(12), same, infer))) == [10 * number for number in range(12)]
    assert asyncio.run(all_of(overlapped(stream(0), same, infer))) == []


def test_the_next_packet_is_prepared_while_the_model_thinks_and_no_more_than_that():
    """The model comes back only once the next packet is ready: without overlap this would never end."""

    async def run():
        ready, log = [asyncio.Event() for _ in range(5)], []

        async def prepare(number):
            log.append(("prepare", number))
            ready[number].set()
            return number

        async def infer(number):
            log.append(("infer", number))
            if number < 4:
                await asyncio.wait_for(ready[number + 1].wait(), 20.0)
            for _ in range(10):
                await asyncio.sleep(0)
            log.append(("done", number))
            return number

        assert await all_of(overlapped(stream(5), prepare, infer)) == [0, 1, 2, 3, 4]
        return log

    log = asyncio.run(run())
    for number in range(3):
        assert log.index(("done", number)) < log.index(("prepare", number + 2))


@pytest.mark.parametrize("stage", ["fetch", "prepare", "infer", "yield"])
def test_whoever_stops_leaves_nothing_running(stage):
    async def run():
        ended, reached, never = [], asyncio.Event(), asyncio.Event()

        async def hang(name):
            reached.set()
            try:
                await never.wait()
            finally:
                ended.append(name)

        async def packets():
            yield 0
            yield 1
            if stage == "fetch":
                await hang("fetch")

        async def prepare(number):
            if stage == "prepare" and number == 1:
                await hang("prepare")
            return number

        async def infer(number):
            if stage == "infer" and number == 1:
                await hang("infer")
            return number

        answers = overlapped(packets(), prepare, infer)
        before = asyncio.all_tasks()
        if stage == "yield":
            assert await anext(answers) == 0
            await answers.aclose()
        else:
            listening = asyncio.create_task(all_of(answers))
            await asyncio.wait_for(reached.wait(), 20.0)
            listening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await listening
            await answers.aclose()
            assert ended == [stage]
        assert asyncio.all_tasks() == before

    asyncio.run(run())


def test_what_the_stream_raises_comes_after_the_answers_before_it():
    async def broken():
        yield 1
        raise OSError("the camera is gone")

    async def run():
        answers = overlapped(broken(), same, same)
        assert await anext(answers) == 1
        with pytest.raises(OSError, match="the camera is gone"):
            await anext(answers)

    asyncio.run(run())


def test_what_is_raised_becomes_an_answer_and_being_cancelled_does_not():
    async def fail(packet):
        raise KeyError(packet)

    async def cancelled(packet):
        raise asyncio.CancelledError

    def refuse(packet, fault):
        return packet, type(fault)

    assert asyncio.run(one_answer(3, same, refuse)) == 3
    assert asyncio.run(one_answer(3, fail, refuse)) == (3, KeyError)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(one_answer(3, cancelled, refuse))
