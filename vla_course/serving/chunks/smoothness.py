"""How smoothly a robot goes over from chunk to chunk: the jerk at their borders, beside the jerk within them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.chunks.deciding import UPPER, joints_of

WINDOW: Final = 3
"""ticks after a border in which its jump shows in a third difference"""


@dataclass(frozen=True)
class Jerk:
    """Root mean squares of the third difference of commanded joints over time, rad/s^3.

    Attributes:
        borders: where another chunk had just taken over; 0 where none did.
        inside: everywhere else.
        overall: everywhere, which tells apart who makes no jump from who only makes it later.
    """

    borders: float
    inside: float
    overall: float


def jerk_of(sent: Sequence[NDArray[np.floating]], borders: Sequence[int], tick: float) -> Jerk:
    """Return the jerk of arms and head as they were commanded.

    A third difference takes four commands. It belongs to a border where one of its last three was the first of a
    chunk: there alone does a jump from chunk to chunk show. What the robot's first chunk does is not counted as a
    border: it takes over from nothing.

    Args:
        sent: (n) actions (36,), one a tick.
        borders: the ticks at which another chunk took over.
        tick: s.
    """
    if len(sent) < 4:
        return Jerk(0.0, 0.0, 0.0)
    joints = joints_of(np.asarray(sent, dtype=np.float64))[:, UPPER]
    squares = (np.diff(joints, 3, axis=0) ** 2).mean(axis=1) / tick**6
    near = np.zeros(len(squares), dtype=bool)
    for border in list(borders)[1:]:
        near[max(border - WINDOW, 0) : border] = True
    counted = np.ones(len(squares), dtype=bool)
    if borders:
        counted[max(borders[0] - WINDOW, 0) : borders[0]] = False

    def mean(chosen: NDArray[np.bool_]) -> float:
        return float(np.sqrt(squares[chosen].mean())) if chosen.any() else 0.0

    return Jerk(mean(near & counted), mean(~near & counted), mean(counted))
