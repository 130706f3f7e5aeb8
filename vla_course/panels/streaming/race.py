"""A race of frames against the camera: what overlaps what, frame by frame, and who gets an answer at all."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from matplotlib.patches import Rectangle

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture

T = TypeVar("T")
Overlap = Callable[..., Any]
"""from packets, `prepare` and `infer` to their answers, as `overlapped` of exercise 2.5"""

RATE: Final = 30.0
"""Hz, of the camera"""
PREPARE, INFER = 0.018, 0.028
"""s, of the two stages of a frame"""
DEADLINE: Final = 0.066
"""s, from camera to answer: two frames"""
_COLOURS: Final = {"waits": "#C9CED2", "prepares": style.PUSH, "thinks": style.CART_TABLE}


@dataclass(frozen=True)
class Span:
    """A stage of a frame, s from the start of its race."""

    frame: int
    stage: str
    begins: float
    ends: float


@dataclass(frozen=True)
class Race:
    """What became of the frames of a race; `seen` and `answered` s from its start, frame by frame."""

    spans: Sequence[Span]
    seen: Sequence[float]
    answered: Sequence[float]

    @property
    def latency(self) -> list[float]:
        """From camera to answer, s, frame by frame."""
        return [answer - seen for seen, answer in zip(self.seen, self.answered, strict=True)]


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns, from a loop of its own: a notebook's own loop is running already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def one_by_one(
    packets: AsyncIterator[Any],
    prepare: Callable[[Any], Awaitable[Any]],
    infer: Callable[[Any], Awaitable[Any]],
) -> AsyncIterator[Any]:
    """Yield an answer for each packet, in the way of the chapter: all of one frame, then all of the next."""
    async for packet in packets:
        yield await infer(await prepare(packet))


def race(overlap: Overlap, frames: int = 12, *, one_core: bool = False) -> Race:
    """Let frames race against the camera, on this machine's clock.

    The stages only wait, as who calls a decoder in hardware or a GPU does; with `one_core` they need the same core, and
    take turns.

    Args:
        overlap: who passes frames through the stages.
        frames: how many.
        one_core: whether both stages need one core.
    """
    return finish(_race(overlap, frames, one_core))


async def _race(overlap: Overlap, frames: int, one_core: bool) -> Race:
    start, spans, core = time.monotonic(), [], asyncio.Lock()
    seen = [frame / RATE for frame in range(frames)]

    def now() -> float:
        return time.monotonic() - start

    async def camera() -> AsyncIterator[int]:
        for frame in range(frames):
            await asyncio.sleep(max(seen[frame] - now(), 0.0))
            yield frame

    async def stage(frame: int, name: str, seconds: float) -> int:
        if one_core:
            await core.acquire()
        begins = now()
        await asyncio.sleep(seconds)
        spans.append(Span(frame, name, begins, now()))
        if one_core:
            core.release()
        return frame

    answered = []
    answers = overlap(
        camera(),
        lambda frame: stage(frame, "prepares", PREPARE),
        lambda frame: stage(frame, "thinks", INFER),
    )
    if inspect.iscoroutine(answers):  # a stub without a yield is no generator yet
        answers = await answers
    async with aclosing(answers):
        async for _ in answers:
            answered.append(now())
    begun = {(span.frame, span.stage): span for span in spans}
    for frame in range(frames):
        prepares, thinks = begun[frame, "prepares"], begun[frame, "thinks"]
        spans += [
            Span(frame, "waits", seen[frame], prepares.begins),
            Span(frame, "waits", prepares.ends, thinks.begins),
        ]
    return Race(spans, seen, answered)


def lanes_picture(races: Mapping[str, Race]) -> Picture:
    """Draw races as swim lanes: a lane a frame, from the moment it was seen."""
    most = max(max(one.answered) for one in races.values())
    frames = max(len(one.seen) for one in races.values())
    figure, panes = picture(
        len(races),
        1,
        height=0.5 + len(races) * (0.55 + 0.13 * frames),
        alt="; ".join(
            f"{name}: the last frame is answered {1000 * one.latency[-1]:.0f} ms after it was seen"
            for name, one in races.items()
        )
        + ".",
        sharex=True,
    )
    for axes, (name, one) in zip(panes, races.items(), strict=True):
        for span in one.spans:
            high = 0.2 if span.stage == "waits" else 0.76
            axes.add_patch(
                Rectangle(
                    (1000 * span.begins, span.frame - high / 2),
                    *(1000 * (span.ends - span.begins), high),
                    fc=_COLOURS[span.stage],
                )
            )
        due = [1000 * (seen + DEADLINE) for seen in one.seen]
        axes.plot(due, np.arange(len(due)), "|", color=style.INK, ms=7, mew=1.6)
        late = sum(latency > DEADLINE for latency in one.latency)
        axes.set(xlim=(0, 1000 * most + 15), ylim=(len(one.seen) - 0.4, -0.7), ylabel="frame")
        axes.set_yticks([0, len(one.seen) - 1], ["0", str(len(one.seen) - 1)])
        axes.set_title(
            f"{name}: {late} of {len(one.seen)} late, the last one {1000 * one.latency[-1]:.0f} ms old",
            loc="left",
            fontsize=10.5,
        )
    panes[-1].set_xlabel("time (ms)")
    handles = [Rectangle((0, 0), 1, 1, fc=colour) for colour in _COLOURS.values()]
    bar = panes[0].plot([], [], "|", color=style.INK, ms=7, mew=1.6)
    figure.legend(
        [*handles, *bar], [*_COLOURS, "due"], loc="outside upper left", ncols=4, frameon=False, fontsize=9.5
    )
    return figure


# ---- who gets an answer -------------------------------------------------------------------------------

OneAnswer = Callable[..., Awaitable[Any]]
"""from a packet, `work` and `refuse` to its answer, as `one_answer` of exercise 2.4"""
BROKEN: Final = (3, 7)
"""packets that cannot be read, of `COUNT`"""
COUNT: Final = 12
_FATES: Final = {"answered": style.COP, "told what was wrong": style.CART_TABLE, "never answered": "#FFFFFF"}


async def let_it_raise(number: int, work: OneAnswer, refuse: Callable[..., str]) -> Any:
    """Answer a packet, or end the stream."""
    return await work(number)


async def carry_on(number: int, work: OneAnswer, refuse: Callable[..., str]) -> Any:
    """Answer a packet, or nothing at all."""
    try:
        return await work(number)
    except Exception:
        return None


def fates(answer: OneAnswer) -> list[str]:
    """Return what became of each packet of a stream in which `BROKEN` cannot be read."""

    async def work(packet: int) -> str:
        if packet in BROKEN:
            raise ValueError("no picture")
        return "answered"

    async def stream() -> list[str]:
        came = ["never answered"] * COUNT
        for packet in range(COUNT):
            try:
                found = await answer(packet, work, lambda packet, fault: "told what was wrong")
            except ValueError:
                break  # nobody caught it: the stream is over
            came[packet] = found or "never answered"
        return came

    return finish(stream())


def fates_picture(handlers: Mapping[str, OneAnswer]) -> Picture:
    """Draw what became of each packet of a stream, for each way of handling what cannot be read."""
    found = {name: fates(answer) for name, answer in handlers.items()}
    figure, (axes,) = picture(
        height=0.75 + 0.38 * len(found),
        alt="; ".join(
            f"{name}: " + ", ".join(f"{came.count(fate)} {fate}" for fate in _FATES)
            for name, came in found.items()
        )
        + ".",
    )
    for row, came in enumerate(found.values()):
        for packet, fate in enumerate(came):
            axes.add_patch(
                Rectangle(
                    (packet - 0.42, row - 0.36),
                    0.84,
                    0.72,
                    fc=_FATES.get(fate, style.ZMP),
                    ec=style.SOFT,
                    lw=0.8,
                )
            )
    axes.set(xlim=(-0.6, COUNT - 0.4), ylim=(len(found) - 0.5, -0.5), xlabel="packet")
    axes.set_yticks(range(len(found)), list(found))
    axes.set_xticks(range(COUNT))
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    handles = [Rectangle((0, 0), 1, 1, fc=colour, ec=style.SOFT) for colour in _FATES.values()]
    figure.legend(handles, list(_FATES), loc="outside upper left", ncols=3, frameon=False, fontsize=9.5)
    return figure
