"""Answers to 2.5 as students write them."""

import asyncio

from vla_course.course.source.variants import right, wrong


@wrong("one-after-the-other")
async def overlapped(packets, prepare, infer):
    async for packet in packets:
        yield await infer(await prepare(packet))


@wrong("answer-held-back")
async def overlapped(packets, prepare, infer):
    source = aiter(packets)

    async def fetch():
        try:
            return [await prepare(await anext(source))]
        except StopAsyncIteration:
            return []

    upcoming = await fetch()
    while upcoming:
        answer, upcoming = await asyncio.gather(infer(upcoming[0]), fetch())
        yield answer


@wrong("too-far-ahead")
async def overlapped(packets, prepare, infer):
    ready = asyncio.Queue(maxsize=1)

    async def produce():
        async for packet in packets:
            await ready.put([await prepare(packet)])
        await ready.put([])

    producing = asyncio.create_task(produce())
    try:
        while prepared := await ready.get():
            yield await infer(prepared[0])
    finally:
        producing.cancel()
        await asyncio.gather(producing, return_exceptions=True)


@wrong("out-of-order")
async def overlapped(packets, prepare, infer):
    async def whole(packet):
        return await infer(await prepare(packet))

    tasks = [asyncio.create_task(whole(packet)) async for packet in packets]
    for task in reversed(tasks):
        yield await task


@wrong("two-at-once")
async def overlapped(packets, prepare, infer):
    async def whole(packet):
        return await infer(await prepare(packet))

    before = None
    async for packet in packets:
        task = asyncio.create_task(whole(packet))
        if before is not None:
            yield await before
        before = task
    if before is not None:
        yield await before


@wrong("last-one-lost")
async def overlapped(packets, prepare, infer):
    source = aiter(packets)

    async def fetch():
        try:
            return await prepare(await anext(source))
        except StopAsyncIteration:
            return None

    prepared = await fetch()
    while prepared is not None:
        upcoming = asyncio.create_task(fetch())
        try:
            answer = await infer(prepared)
            if upcoming.done() and upcoming.exception() is None and upcoming.result() is None:
                return
            yield answer
            prepared = await upcoming
            if prepared is None:
                return
        finally:
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)


@wrong("left-running")
async def overlapped(packets, prepare, infer):
    source = aiter(packets)

    async def fetch():
        try:
            packet = await anext(source)
        except StopAsyncIteration:
            return []
        return [await prepare(packet)]

    upcoming = asyncio.create_task(fetch())
    while prepared := await asyncio.shield(upcoming):
        upcoming = asyncio.create_task(fetch())
        yield await infer(prepared[0])


@wrong("fault-lost")
async def overlapped(packets, prepare, infer):
    source = aiter(packets)

    async def fetch():
        try:
            return [await prepare(await anext(source))]
        except (StopAsyncIteration, OSError):
            return []

    upcoming = asyncio.create_task(fetch())
    try:
        while prepared := await upcoming:
            upcoming = asyncio.create_task(fetch())
            try:
                answer = await infer(prepared[0])
            except OSError:
                return
            yield answer
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)


@wrong("answers-lost-to-a-fault")
async def overlapped(packets, prepare, infer):
    source = aiter(packets)

    async def fetch():
        try:
            packet = await anext(source)
        except StopAsyncIteration:
            return []
        return [await prepare(packet)]

    prepared = await fetch()
    while prepared:
        upcoming = asyncio.create_task(fetch())
        thinking = asyncio.create_task(infer(prepared[0]))
        try:
            await asyncio.wait([upcoming, thinking], return_when=asyncio.FIRST_COMPLETED)
            if upcoming.done():
                upcoming.result()
            yield await thinking
            prepared = await upcoming
        finally:
            for task in (upcoming, thinking):
                task.cancel()
            await asyncio.gather(upcoming, thinking, return_exceptions=True)


@right("with-two-events")
async def overlapped(packets, prepare, infer):
    wanted, ready = asyncio.Queue(), asyncio.Queue()

    async def produce():
        try:
            async for packet in packets:
                await ready.put(("packet", await prepare(packet)))
                await wanted.get()
        except Exception as fault:
            await ready.put(("fault", fault))
        await ready.put(("end", None))

    producing = asyncio.create_task(produce())
    try:
        while True:
            kind, what = await ready.get()
            if kind == "end":
                return
            if kind == "fault":
                raise what
            wanted.put_nowait(None)
            yield await infer(what)
    finally:
        producing.cancel()
        await asyncio.gather(producing, return_exceptions=True)


@right("task-by-task")
async def overlapped(packets, prepare, infer):
    source, end = aiter(packets), object()

    async def following():
        packet = await anext(source, end)
        return end if packet is end else await prepare(packet)

    task = asyncio.ensure_future(following())
    try:
        while True:
            prepared = await task
            if prepared is end:
                break
            task = asyncio.ensure_future(following())
            answer = await infer(prepared)
            yield answer
    finally:
        if not task.done():
            task.cancel()
            try:
                await task
            except (asyncio.CancelledError, Exception):
                pass
        elif not task.cancelled():
            task.exception()
