"""A chunk of actions with due times: what it says for any moment of the robot's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]

STEPWISE: Final = np.r_[ACTION.base_velocity, ACTION.grippers]
"""numbers of an action that hold from its beginning; the others are positions, reached evenly at its end"""
CLOSE: Final = 1e-6
"""s, moments nearer to each other are the same"""


def check_actions(actions: Floats, begin: Floats) -> None:
    """Check that actions can follow what the robot was doing.

    Raises:
        ValueError: they are not rows of as many numbers, there is none, or a number is not finite.
    """
    if actions.ndim != 2 or not len(actions) or actions.shape[1:] != begin.shape:
        raise ValueError(f"actions has shape {actions.shape}, expected rows of {begin.shape}, as begin")
    if not np.isfinite(actions).all():
        row, number = np.argwhere(~np.isfinite(actions))[0]
        raise ValueError(f"actions[{row}, {number}] is {actions[row, number]}, expected it finite")


@dataclass(frozen=True, eq=False)
class Chunk:
    """Actions one after the other, the first from `seen` on.

    Action i is due from `seen + i period` until `seen + (i + 1) period`. Positions of joints and stance are reached
    evenly at its end; base velocity and grippers hold from its beginning. All are absolute: what a policy says relative
    to a state has been made absolute with the state that it saw.

    Args:
        actions: (H, 36), in -1 to 1.
        begin: (36,), what the robot was doing at `seen`.
        seen: s on the robot's clock, when what it was decided on was seen.
        period: s, of an action.
        fresh: s, from when on it says something new: before, it repeats what was committed.
    """

    actions: Floats
    begin: Floats
    seen: float
    period: float
    fresh: float = -np.inf

    def __post_init__(self) -> None:
        check_actions(self.actions, self.begin)
        if not (self.period > 0.0 and np.isfinite(self.period)):
            raise ValueError(f"Chunk.period is {self.period}, expected a finite number of s, more than 0")

    @property
    def ends(self) -> float:
        """When the last action is over, s."""
        return self.seen + len(self.actions) * self.period

    def covers(self, moment: float) -> bool:
        """Tell whether an action is due at a moment."""
        return self.seen - CLOSE <= moment < self.ends - CLOSE

    def row(self, moment: float) -> int:
        """Return which action is due at a moment; beyond the ends the first or the last."""
        row = int(np.floor((moment - self.seen + CLOSE) / self.period))
        return min(max(row, 0), len(self.actions) - 1)

    def says(self, begins: float, ends: float) -> Floats:
        """Return what is to be done from one moment until another (36,), both on the robot's clock.

        Positions are those to be reached at `ends`, which is at most a period after `begins`.
        """
        row = self.row(begins)
        knots = np.vstack((self.begin, self.actions))
        place = float(np.clip((ends - self.seen) / self.period, 0.0, len(self.actions)))
        low = min(int(place), len(self.actions) - 1)
        said: Floats = knots[low] + np.float32(place - low) * (knots[low + 1] - knots[low])
        said[STEPWISE] = self.actions[row, STEPWISE]
        return said

    def from_then(self, moment: float, count: int) -> Floats:
        """Return the `count` actions (n, 36) from a moment on; fewer where it ends before."""
        within = [i for i in range(count) if moment + (i + 1) * self.period <= self.ends + CLOSE]
        rows = [self.says(moment + i * self.period, moment + (i + 1) * self.period) for i in within]
        return np.array(rows, dtype=np.float32).reshape(-1, len(self.begin))
