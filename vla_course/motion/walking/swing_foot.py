"""The foot in the air: over the ground by the student's quintic, up and down by a bump."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.body import SwingTarget
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]


class SwingMotion(Protocol):
    """How a foot travels: the student's `swing_motion` or the reference's."""

    def __call__(
        self,
        position: Array,
        velocity: Array,
        acceleration: Array,
        goal: Array,
        time_left: float,
        ahead: float,
    ) -> tuple[Array, Array, Array]: ...


_TOP = 0.45
"""-, the part of a swing after which the foot is at its highest; as long before the end it begins to come down"""


def min_jerk(s: float) -> tuple[float, float, float]:
    """Return value, slope and bend at `s`, 0 to 1, of the way from 0 to 1 with the least jerk."""
    u = s * (1.0 - s)
    return s**3 * (10.0 - 15.0 * s + 6.0 * s * s), 30.0 * u * u, 60.0 * u * (1.0 - 2.0 * s)


def lifted(progress: float, start: float, top: float, landing: float) -> tuple[float, float, float]:
    """Return height m of a swinging foot and its first and second derivative by `progress`, 0 to 1.

    It goes up from `start` m to `top` m, stays there for a moment, and comes down to `landing` m.
    """
    if progress < _TOP:
        part, slope, bend = min_jerk(progress / _TOP)
        return start + (top - start) * part, (top - start) * slope / _TOP, (top - start) * bend / _TOP**2
    part, slope, bend = min_jerk(max(0.0, progress + _TOP - 1.0) / _TOP)
    return top + (landing - top) * part, (landing - top) * slope / _TOP, (landing - top) * bend / _TOP**2


class SwingFoot:
    """One swing, from a foot at rest at `position` (3,) m and `yaw` rad to a goal that may move meanwhile.

    `progress` goes from 0 to 1. In the first and the last part `upright` of it the foot goes only up or down: an
    edge may be near.
    """

    def __init__(
        self, foot: int, position: Array, yaw: float, motion: SwingMotion, upright: float = 0.0
    ) -> None:
        self.foot, self.progress = foot, 0.0
        self._lifted_from, self._first_yaw = float(position[2]), yaw
        self._motion, self._upright = motion, upright
        self._way = (np.array([position[0], position[1], yaw]), np.zeros(3), np.zeros(3))

    @property
    def place(self) -> Array:
        """Where the foot is by now (2,) m."""
        return self._way[0][:2]

    def advance(self, goal: Footstep, time_left: float, tick: float) -> SwingTarget:
        """Return where the foot ought to be a tick from now, `time_left` s before it lands at `goal`."""
        turn = goal.yaw - self._first_yaw
        yaw = self._first_yaw + wrapped(turn)
        left = max(time_left, 1e-9)
        rate = (1.0 - self.progress) / max(left, tick)
        if self.progress >= self._upright:
            over = max(left - self._upright / max(rate, 1e-9), 1e-9)
            self._way = self._motion(*self._way, np.array([goal.x, goal.y, yaw]), over, tick)

        self.progress = min(1.0, self.progress + rate * tick)
        top = max(self._lifted_from, goal.z) + goal.swing_height
        z, speed, bend = lifted(self.progress, self._lifted_from, top, goal.z)
        (x, y, yaw), (vx, vy, spin), (ax, ay, _) = self._way
        return SwingTarget(
            foot=self.foot,
            position=np.array([x, y, z]),
            velocity=np.array([vx, vy, speed * rate]),
            acceleration=np.array([ax, ay, bend * rate * rate]),
            yaw=wrapped(yaw),
            yaw_rate=spin,
        )
