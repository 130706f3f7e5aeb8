"""The foot in the air: over the ground by the student's quintic, up and down by a bump."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps import Footstep
from vla_course.motion.walking_body import SwingTarget
from vla_course.simulation.rotation import wrapped

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


class SwingFoot:
    """One swing, from a foot at rest at `position` (3,) m and `yaw` rad to a goal that may move meanwhile.

    `progress` goes from 0 to 1. Height over progress s: a min-jerk from the old ground to the new, and a
    bump 64 (s - s^2)^3 upon it, which leaves the ground and meets it without speed.
    """

    def __init__(self, foot: int, position: Array, yaw: float, motion: SwingMotion) -> None:
        self.foot, self.progress = foot, 0.0
        self._lifted_from, self._first_yaw = float(position[2]), yaw
        self._motion = motion
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
        self._way = self._motion(*self._way, np.array([goal.x, goal.y, yaw]), left, tick)

        rate = (1.0 - self.progress) / max(left, tick)
        self.progress = s = min(1.0, self.progress + rate * tick)
        rise = goal.z - self._lifted_from
        height = max(rise, 0.0) + goal.swing_height - rise / 2.0
        u = s - s * s
        z = self._lifted_from + rise * s**3 * (10.0 - 15.0 * s + 6.0 * s * s) + height * 64.0 * u**3
        speed = rise * 30.0 * u * u + height * 192.0 * u * u * (1.0 - 2.0 * s)
        bend = rise * 60.0 * u * (1.0 - 2.0 * s) + height * 384.0 * u * ((1.0 - 2.0 * s) ** 2 - u)
        (x, y, yaw), (vx, vy, spin), (ax, ay, _) = self._way
        return SwingTarget(
            foot=self.foot,
            position=np.array([x, y, z]),
            velocity=np.array([vx, vy, speed * rate]),
            acceleration=np.array([ax, ay, bend * rate * rate]),
            yaw=wrapped(yaw),
            yaw_rate=spin,
        )
