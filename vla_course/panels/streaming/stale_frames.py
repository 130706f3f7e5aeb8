"""A camera that is quicker than the model: how old a frame is when it is looked at, with one queue and another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Any, Final, Protocol

import numpy as np

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

RATE: Final = 30.0
"""Hz, of the camera"""
THINK: Final = 0.080
"""s, that the model takes for a frame"""
PATIENCE: Final = 0.1
"""s, for which the chapter's camera waits for room"""
_COLOURS: Final = (style.ZMP, style.COM, style.COP)


class Frames(Protocol):
    """A queue of frames: `put` takes one at once or says False, `get` gives the next one or None."""

    def put(self, item: Any) -> Any: ...

    def get(self, timeout: float) -> Any: ...


class ChapterQueue:
    """The chapter's: five frames, and where it is full the newest has to stay outside."""

    def __init__(self) -> None:
        self._frames: Queue[Any] = Queue(maxsize=5)

    def put(self, item: Any) -> bool:
        """Take an item, or return False."""
        try:
            self._frames.put_nowait(item)
        except Full:
            return False
        return True

    def get(self, timeout: float) -> Any:
        """Return the oldest, or None."""
        try:
            return self._frames.get_nowait()
        except Empty:
            return None


@dataclass(frozen=True)
class Looked:
    """When frames were looked at, s, how old they were then, s, and how many never were."""

    at: Sequence[float]
    ages: Sequence[float]
    unseen: int


def look(frames: Frames, seconds: float = 2.5, think: float = THINK, every: int = 1) -> Looked:
    """Let a camera fill a queue and a model empty it, on a clock of milliseconds that waits for neither.

    Args:
        frames: the queue; whose `put` says False has the camera wait for `PATIENCE`, and lose the frame.
        seconds: how long.
        think: s, that the model takes for a frame.
        every: of so many frames one is put in (temporal sub-sampling).
    """
    at: list[float] = []
    ages: list[float] = []
    held: float | None = None
    due = free = 0.0
    for now in np.arange(round(1000 * seconds)) / 1000.0:
        if held is None and now >= due - 1e-9:
            held, due = float(now), due + every / RATE
        if held is not None and (frames.put(held) is not False or now - held >= PATIENCE):
            held = None
        if held is None and due < now:  # while it waited it took no picture
            due = float(now)
        if now >= free and (frame := frames.get(0.0)) is not None:
            at.append(float(now))
            ages.append(float(now) - frame)
            free = now + think
    return Looked(at, ages, round(RATE * seconds) - len(at))


def ages_picture(looked: Mapping[str, Looked], bears: float) -> Picture:
    """Draw how old each frame was when the model began with it.

    Args:
        looked: by name, three at most.
        bears: s, what the robot can bear.
    """
    figure, (axes,) = picture(
        height=3.2,
        alt="; ".join(
            f"{name}: frames are {1000 * one.ages[-1]:.0f} ms old at the end" for name, one in looked.items()
        )
        + f"; the robot bears {1000 * bears:.0f} ms.",
    )
    for colour, (name, one) in zip(_COLOURS, looked.items(), strict=False):
        axes.plot(one.at, 1000 * np.array(one.ages), "o-", color=colour, ms=4, lw=1.2, label=name)
    apart = 0.06 * max(axes.get_ylim()[1], 1000 * bears)
    written = -apart / 2  # no number lies on the axis
    for colour, one in sorted(zip(_COLOURS, looked.values(), strict=False), key=lambda pair: pair[1].ages[-1]):
        written = max(1000 * one.ages[-1], written + apart)
        axes.annotate(
            f"{1000 * one.ages[-1]:.0f} ms",
            *((one.at[-1], written), (7, 0)),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=colour,
        )
    axes.axhline(1000 * bears, color=style.INK, lw=1.1, ls="--")
    last = max(one.at[-1] for one in looked.values())
    said = "older than that, and the robot misses"
    axes.text(last, 1000 * bears + 9, said, ha="right", fontsize=9.5, color=style.INK)
    axes.set(xlabel="time (s)", ylabel="age of the frame (ms)", xlim=(0, 1.09 * last), ylim=(0, None))
    legend_above(axes)
    return figure
