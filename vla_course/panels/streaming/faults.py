"""Faults that are switched on and off while a stream runs, and what the stream says it does about them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.streaming.race import finish
from vla_course.serving.inference.fallback import Patience
from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.inference.statistics import Report
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.packets.wire import pack
from vla_course.serving.stream.model import Decided
from vla_course.serving.stream.pipeline import StreamingVLAPipeline, StreamSettings
from vla_course.simulation.robot.layout import ACTION

Choose = Callable[[str, float, float, float, bool], str]
"""what is done instead, as `choose_fallback` of exercise 2.10"""

FAULTS: Final = (
    *("picture corrupt", "camera lost", "nan in the state", "decoding hangs"),
    *("model slow", "model fails", "memory full"),
)
DOES: Final = ("the model", "the smaller model", "the last chunk", "hold", "stand")
"""what a robot does on a response, from the best to the last"""
_FALLBACKS: Final = {None: 0, "smaller_model": 1, "last_chunk": 2, "hold": 3, "stand": 4}
COLOURS: Final = (style.COP, style.PUSH, style.COM, style.CART_TABLE, style.ZMP)
RATE: Final = 15.0
"""Hz, of the stream"""
SETTINGS: Final = StreamSettings(deadline=0.12, stale=0.1, patience=Patience(hold=0.8, faults=3, again=0.6))
_ACTIONS: Final = np.zeros((4, ACTION.size), np.float32)
"""0.4 s of actions: what is over when the next one is not there is seen soon"""

Switches = Callable[[float], frozenset[str]]
"""which faults are on so many s after the start"""


@dataclass(frozen=True)
class Told:
    """A response, when it came, s from the start, and how the stream had been doing by then."""

    at: float
    response: VLAResponse
    report: Report

    @property
    def does(self) -> int:
        """What the robot does on it, as an index of `DOES`."""
        return _FALLBACKS[self.response.fallback]


class FaultyModel:
    """A stand-in for a model: waits as long as one thinks, and has what faults are on.

    Args:
        seconds: that it thinks.
        now: which faults are on.
    """

    period = 0.1

    def __init__(self, seconds: float, now: Callable[[], frozenset[str]] = frozenset) -> None:
        self._seconds, self._now = seconds, now

    def prepare(self, packet: VLAPacket) -> VLAPacket:
        """Decode the head's picture."""
        if "decoding hangs" in self._now():
            time.sleep(0.12)
        packet.pixels("head")
        return packet

    def infer(self, prepared: Any) -> Decided:
        """Think."""
        faults = self._now()
        if "model fails" in faults:
            raise ZeroDivisionError("as models do")
        time.sleep(0.2 if "model slow" in faults else self._seconds)
        return Decided(_ACTIONS)


def message(number: int, faults: frozenset[str]) -> bytes:
    """Return a packet as it crosses, with what is wrong with it."""
    tree = _good().to_tree() | {"vla/frame_id": number, "vla/correlation_id": f"robot:{number}"}
    if "picture corrupt" in faults:
        tree["observation/image/head"] = tree["observation/image/head"][:300]
    if "camera lost" in faults:
        del tree["observation/image/head"]
    if "nan in the state" in faults:
        state: NDArray[np.float32] = np.array(tree["observation/state"])
        state[7] = np.nan
        tree["observation/state"] = state
    return pack(tree)


@cache
def _good() -> VLAPacket:
    seen = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    return VLAPacket(
        frame_id=0,
        correlation_id="robot:0",
        timestamp=0.0,
        query="pick up the red cup",
        images={"head": encode_picture(seen), "chest": encode_picture(seen)},
        robot_state=np.zeros(STATE.size, np.float32),
    )


async def stream(
    switches: Switches, until: Callable[[float], bool], choose: Choose | None = None
) -> AsyncIterator[Told]:
    """Stream packets at `RATE`, with the faults that are on, and yield what is told.

    Args:
        switches: which faults are on, s after the start.
        until: whether it is over, s after the start.
        choose: what is done instead of an answer, by default the reference.
    """
    start = time.monotonic()

    def on() -> frozenset[str]:
        return switches(time.monotonic() - start)

    async def packets() -> AsyncIterator[bytes]:
        number = 0
        while not until(time.monotonic() - start):
            await asyncio.sleep(max(start + number / RATE - time.monotonic(), 0.0))
            yield message(number, on())
            number += 1

    parts = InferenceParts.reference()
    if choose is not None:
        parts = replace(parts, fallback=choose)
    pipeline = StreamingVLAPipeline(
        FaultyModel(0.02, on),
        FaultyModel(0.005),
        SETTINGS,
        lambda: "full" if "memory full" in on() else "none",
        parts=parts,
    )
    with _quiet():
        async with pipeline:
            async for response in pipeline.process_stream(packets()):
                yield Told(time.monotonic() - start, response, pipeline.report())


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the log of faults that were asked for out of the notebook."""
    log = logging.getLogger("vla_course.serving")
    before, log.disabled = log.level, False
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


Plan = Mapping[str, tuple[float, float]]
"""of each fault from when to when it is on, s"""


def switched(plan: Plan) -> Switches:
    """Return switches that go by a plan.

    Raises:
        ValueError: there is no such fault.
    """
    for name in plan:
        if name not in FAULTS:
            raise ValueError(f"fault is {name!r}, expected one of: {', '.join(FAULTS)}")
    return lambda now: frozenset(name for name, (begin, end) in plan.items() if begin <= now < end)


def stream_with(plan: Plan, seconds: float, choose: Choose | None = None) -> list[Told]:
    """Stream for so many s with faults that come and go by a plan, and return what was told."""

    async def all_of_it() -> list[Told]:
        return [told async for told in stream(switched(plan), lambda now: now > seconds, choose)]

    return finish(all_of_it())


def faults_picture(told: Sequence[Told], plan: Plan) -> Picture:
    """Draw what the robot did, response by response, and above it which fault was on."""
    codes = sorted({one.response.code.value for one in told})
    figure, (axes,) = picture(
        height=3.6,
        alt=f"{len(told)} responses, with the codes {', '.join(codes)}; in the end {DOES[told[-1].does]}.",
    )
    for name, (begin, end) in plan.items():
        axes.axvspan(begin, end, color=style.BAND, ec="none", zorder=0.4)
        axes.text((begin + end) / 2, -0.72, name.replace(" ", "\n", 1), ha="center", va="bottom", fontsize=9)
    axes.plot(
        [one.at for one in told], [one.does for one in told], color="#C9CED2", lw=1.0, drawstyle="steps-post"
    )
    for index, colour in enumerate(COLOURS):
        some = [one for one in told if one.does == index]
        axes.plot([one.at for one in some], [index] * len(some), "o", color=colour, ms=6)
    axes.set(xlim=(0, max(one.at for one in told) + 0.1), ylim=(len(DOES) - 0.5, -1.5), xlabel="time (s)")
    axes.set_yticks(range(len(DOES)), DOES)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    return figure
