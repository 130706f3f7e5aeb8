"""Answers to 2.4 as students write them."""

import asyncio

from vla_course.course.source.variants import right, wrong


@wrong("error-swallowed")
async def one_answer(packet, work, refuse):
    try:
        return await work(packet)
    except Exception:
        return None


@wrong("cancellation-swallowed")
async def one_answer(packet, work, refuse):
    try:
        return await work(packet)
    except BaseException as fault:
        return refuse(packet, fault)


@wrong("some-faults-alone")
async def one_answer(packet, work, refuse):
    try:
        return await work(packet)
    except (ValueError, KeyError, TypeError, RuntimeError) as fault:
        return refuse(packet, fault)


@wrong("raised-again")
async def one_answer(packet, work, refuse):
    try:
        return await work(packet)
    except Exception as fault:
        refuse(packet, fault)
        raise


@wrong("not-awaited")
async def one_answer(packet, work, refuse):
    try:
        return work(packet)
    except Exception as fault:
        return refuse(packet, fault)


@wrong("asked-again")
async def one_answer(packet, work, refuse):
    for _ in range(3):
        try:
            return await work(packet)
        except Exception as raised:
            fault = raised
    return refuse(packet, fault)


@wrong("fault-lost")
async def one_answer(packet, work, refuse):
    try:
        return await work(packet)
    except Exception as fault:
        return refuse(packet, RuntimeError(f"could not be answered: {fault}"))


@right("by-gather")
async def one_answer(packet, work, refuse):
    (found,) = await asyncio.gather(work(packet), return_exceptions=True)
    if isinstance(found, asyncio.CancelledError):
        raise found
    return refuse(packet, found) if isinstance(found, Exception) else found


@right("else-branch")
async def one_answer(packet, work, refuse):
    try:
        answer = await work(packet)
    except asyncio.CancelledError:
        raise
    except Exception as fault:
        answer = refuse(packet, fault)
    return answer


@wrong("impatient")
async def one_answer(packet, work, refuse):
    try:
        return await asyncio.wait_for(work(packet), 1.0)
    except Exception as fault:
        return refuse(packet, fault)


@wrong("empty-refused")
async def one_answer(packet, work, refuse):
    try:
        answer = await work(packet)
        if answer is None:
            raise ValueError("no answer")
        return answer
    except Exception as fault:
        return refuse(packet, fault)


@wrong("left-running")
async def one_answer(packet, work, refuse):
    try:
        return await asyncio.shield(asyncio.ensure_future(work(packet)))
    except Exception as fault:
        return refuse(packet, fault)


@right("with-a-task")
async def one_answer(packet, work, refuse):
    task = asyncio.ensure_future(work(packet))
    try:
        await task
    except Exception as fault:
        return refuse(packet, fault)
    return task.result()
