"""Streams whose every delay is known beforehand: to try on them who answers packets, and see what happens when.

Both functions call coroutines of somebody else's in a `ScriptedLoop` and tell plainly what became of it.
"""

from __future__ import annotations

import asyncio
import builtins
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from vla_course.serving.stream.scripted_loop import Stuck, play

Span = list[Any]
"""[stage, packet, s when it began, s when it ended or None, "done", "cancelled", "failed" or "runs"]"""


def ask_once(
    one_answer: Callable[..., Any],
    packet: Any,
    answer: Any,
    seconds: float = 0.0,
    fault: str = "",
    cancelled_at: float | None = None,
) -> dict[str, Any]:
    """Have `one_answer` answer a packet, and tell how it went.

    Args:
        one_answer: takes a packet, `work` and `refuse`.
        packet: what it is given; plain data.
        answer: what `work` returns.
        seconds: s, that `work` takes.
        fault: the name of a built-in exception, which `work` raises instead; "": none.
        cancelled_at: s, when whoever asked gives up; None: never.

    Returns:
        "ends": "answered", "raised", "cancelled" or "stuck"; "answer": what came, or the name of what was raised; "at":
        s; "worked": the packets that `work` was given; "refused": of each call of `refuse` the packet, the name of the
        fault, and whether it was the one that `work` raised; "tasks": how many still run then. What `refuse` returns is
        ["refused", packet].
    """
    raised: Exception | None = getattr(builtins, fault)(f"of packet {packet}") if fault else None
    told: dict[str, Any] = {"ends": "stuck", "answer": None, "at": None, "worked": [], "refused": []}
    told["tasks"] = 0

    async def work(given: Any) -> Any:
        told["worked"].append(given)
        await asyncio.sleep(seconds)
        if raised is not None:
            raised.__traceback__ = None
            raise raised
        return answer

    def refuse(given: Any, why: Any) -> Any:
        told["refused"].append([given, type(why).__name__, why is raised])
        return ["refused", given]

    async def asking() -> Any:
        return await one_answer(packet, work, refuse)

    async def story() -> None:
        loop = asyncio.get_running_loop()
        asked = asyncio.create_task(asking())
        if cancelled_at is not None:
            loop.call_later(cancelled_at, asked.cancel)
        await asyncio.wait([asked])
        told["at"], told["tasks"] = loop.time(), len(asyncio.all_tasks()) - 1
        if asked.cancelled():
            told["ends"] = "cancelled"
        elif (found := asked.exception()) is not None:
            if found is not raised:
                raise found
            told.update(ends="raised", answer=type(found).__name__)
        else:
            told.update(ends="answered", answer=_plain(asked.result()))

    with suppress(Stuck):
        play(story())
    return told


def stream_through(
    overlapped: Callable[..., Any],
    answers: Sequence[Any],
    fetching: Sequence[float],
    preparing: Sequence[float],
    inferring: Sequence[float],
    listening: Sequence[float] = (),
    fails: Sequence[Any] = (),
    stops_after: int | None = None,
    cancelled_at: float | None = None,
    closing: float = 0.0,
) -> dict[str, Any]:
    """Send n packets through `overlapped`, and tell what happened when.

    Args:
        overlapped: takes a stream of packets, `prepare` and `infer`.
        answers: (n) that `infer` gives.
        fetching: (n + 1) s, until the stream has each packet, and until it ends.
        preparing: (n) s, that `prepare` takes.
        inferring: (n) s, that `infer` takes.
        listening: (n) s, that whoever listens is busy with each answer; (): no time.
        fails: a stage ("fetch", "prepare" or "infer") and the number of the packet at which it raises `OSError`.
        stops_after: answers after which nobody listens any more; None: all are listened to.
        cancelled_at: s, when whoever listens is cancelled; None: never.
        closing: s, that a stage needs to come to its end when it is cancelled.

    Returns:
        "heard": [s, answer] of each; "ends": "through", "stopped", "cancelled", "raised" or "stuck"; "over": s, when
        the generator is closed; "spans": a `Span` of each stage of each packet; "tasks": how many still run then.
    """
    told: dict[str, Any] = {"heard": [], "ends": "stuck", "over": None, "spans": [], "tasks": 0}
    fault = OSError("the camera is gone")

    @asynccontextmanager
    async def noted(stage: str, number: int) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        span: Span = [stage, number, loop.time(), None, "runs"]
        told["spans"].append(span)
        try:
            yield
            if [stage, number] == list(fails):
                raise fault
            span[4] = "done"
        except Exception:
            span[4] = "failed"
            raise
        except asyncio.CancelledError:
            await asyncio.sleep(closing)
            span[4] = "cancelled"
            raise
        finally:
            span[3] = loop.time()

    async def packets() -> AsyncIterator[int]:
        for number in range(len(answers)):
            async with noted("fetch", number):
                await asyncio.sleep(fetching[number])
            yield number
        await asyncio.sleep(fetching[len(answers)])

    async def prepare(number: int) -> tuple[str, int]:
        async with noted("prepare", number):
            await asyncio.sleep(preparing[number])
        return "prepared", number

    async def infer(prepared: tuple[str, int]) -> Any:
        if not isinstance(prepared, tuple):
            raise TypeError(f"infer was given {prepared!r}, expected what prepare returned")
        number = prepared[1]
        async with noted("infer", number):
            await asyncio.sleep(inferring[number])
        return answers[number]

    async def listen(stream: Any) -> str:
        loop = asyncio.get_running_loop()
        async for answer in stream:
            told["heard"].append([loop.time(), _plain(answer)])
            count = len(told["heard"])
            if count == stops_after:
                return "stopped"
            await asyncio.sleep(listening[count - 1] if count <= len(listening) else 0.0)
        return "through"

    async def story() -> None:
        stream = overlapped(packets(), prepare, infer)
        if inspect.iscoroutine(stream):
            stream.close()
            raise TypeError("overlapped is no generator, expected that it yields its answers")
        listener = asyncio.create_task(listen(stream))
        if cancelled_at is not None:
            asyncio.get_running_loop().call_later(cancelled_at, listener.cancel)
        await asyncio.wait([listener])
        if listener.cancelled():
            told["ends"] = "cancelled"
        elif (found := listener.exception()) is not None:
            if found is not fault:
                raise found
            told["ends"] = "raised"
        else:
            told["ends"] = listener.result()
        if hasattr(stream, "aclose"):
            await stream.aclose()
        told["over"] = asyncio.get_running_loop().time()
        for _ in range(3):  # turns for what was cancelled, and for the stream that nobody holds any more
            await asyncio.sleep(0.0)
        told["spans"] = [list(span) for span in told["spans"]]
        told["tasks"] = len(asyncio.all_tasks()) - 1

    with suppress(Stuck):
        play(story())
    return told


def _plain(answer: Any) -> Any:
    """An answer, or what it is instead of one."""
    if inspect.isawaitable(answer):
        close = getattr(answer, "close", lambda: None)
        close()
        return f"a {type(answer).__name__} that nobody has awaited"
    return answer
