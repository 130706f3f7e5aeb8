"""A stream in which the next packet is prepared while the model thinks about this one: one answer each, in order."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import TypeVar

from vla_course.course.exercise import NotAttempted, exercise

Packet = TypeVar("Packet")
Prepared = TypeVar("Prepared")
Answer = TypeVar("Answer")


@exercise("2.4")
async def one_answer(
    packet: Packet, work: Callable[[Packet], Awaitable[Answer]], refuse: Callable[[Packet, Exception], Answer]
) -> Answer:
    """Return the answer to a packet, whatever happens.

    Whatever `work` raises becomes an answer that says so: one bad packet gives one error, never a dead stream, and
    never a success. A robot that waits for an answer which never comes holds its arm in the air. Being cancelled is
    no error of the packet: it goes on to whoever asked, and leaves no work running. `work` is asked once: a second
    try would take the time of the packets behind it. What it returns is the answer, None as well, and however late:
    deadlines are kept elsewhere.

    Args:
        packet: to be answered.
        work: returns its answer, or raises.
        refuse: makes an answer of a packet and what was raised; it does not raise itself.

    Returns:
        What `work` returned; where it raised, what `refuse` makes of the packet and the exception.

    Raises:
        asyncio.CancelledError: whoever asked no longer wants the answer. It is no `Exception`.
    """
    raise NotAttempted("2.4")


@exercise("2.5")
async def overlapped(
    packets: AsyncIterable[Packet],
    prepare: Callable[[Packet], Awaitable[Prepared]],
    infer: Callable[[Prepared], Awaitable[Answer]],
) -> AsyncIterator[Answer]:
    """Yield an answer for each packet, in the order of the packets.

    While `infer` works on one packet, the next one is fetched and prepared, and no more than that one: so a model that
    is slow holds up whoever sends, and memory stays bounded. `prepare` and `infer` each work on one packet at a time.
    An answer is yielded as soon as it is there: it does not wait for the next packet, which a camera may send much
    later. Whoever stops listening (closes the generator, or is cancelled) leaves nothing running: neither the fetching
    nor a preparation.

    A task runs beside whoever created it: `asyncio.create_task(fetch())` starts it, `await` of it waits for its end.

    Args:
        packets: the stream.
        prepare: makes a packet ready.
        infer: answers one that is ready.

    Yields:
        What `infer` returned, packet by packet.

    Raises:
        Exception: what the stream raised, unchanged, when all packets before it are answered.
    """
    source = aiter(packets)

    async def fetch() -> list[Prepared]:
        # A list of one, or none at the end of the stream: a task cannot raise StopAsyncIteration to say so.
        try:
            packet = await anext(source)
        except StopAsyncIteration:
            return []
        return [await prepare(packet)]

    raise NotAttempted("2.5"); yield
