"""A policy's wishes carried out by a body whose legs are planned: arms, head and grippers are the policy's.

The walker of Day 3 owns the legs. It gets the base velocity, and may refuse it. All that an action can ask for lies
within what `VelocityCommand` admits; the walker comes up to it step by step.
"""

from collections.abc import Iterator
from math import cos, hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import Wish
from vla_course.motion.planning.step_safety import OMEGA
from vla_course.motion.polygon import nearest_point
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ARMS, HEAD
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

ARM_SPEED: Final = 2.4
"""rad/s, the greatest of each arm joint"""
HEAD_SPEED: Final = 1.5
"""rad/s, the greatest of each joint of the head"""
STIFFNESS: Final = 400.0
"""1/s^2, how firmly arms follow"""
MOST_TILT: Final = 0.2
"""rad, of a trunk that may be sent somewhere; as it is told it leans by 0.05 at most"""
FASTEST: Final = 0.85
"""m/s, of the centre of mass of a robot that may be sent somewhere; as it is told it goes at 0.73 at most"""

_SPEEDS: Final = np.array([*[ARM_SPEED] * 14, *[HEAD_SPEED] * 2])


class PlannedLegs:
    """A robot that does what wishes say, `seconds` at a time.

    Attributes:
        walker: who owns the legs.
        veto: why the last wish was refused, empty where it was not.
    """

    def __init__(self, humanoid: Humanoid) -> None:
        self._velocity = VelocityCommand()
        self.walker = Walker(humanoid, self._velocity)
        self.walker.body.upper_stiffness[:14] = STIFFNESS
        self.veto = ""
        self._owed = 0.0

    def carry_out(self, wish: Wish, seconds: float) -> Iterator[None]:
        """Let the world go on for `seconds` s, in whole ticks that add up to it over time; yields after every tick.

        Arms and head move evenly, to be where they should at the end or as near as their speeds allow. Who is about
        to leave the safe set stands still, arms and fingers as they are.

        Raises:
            ValueError: the base velocity is one that cannot be walked; no action asks for one.
        """
        body = self.walker.body
        self._owed += seconds
        ticks = max(1, round(self._owed / body.tick))
        self._owed -= ticks * body.tick
        self.veto = self._unsafe()
        forward, leftward, turning = (0.0, 0.0, 0.0) if self.veto else wish.base_velocity.tolist()
        self._velocity.forward, self._velocity.leftward, self._velocity.turning = forward, leftward, turning
        if not self.veto:
            self.walker.humanoid.grip(*wish.grippers.tolist())
        goal = np.concatenate((wish.joints[ARMS], wish.joints[HEAD]))
        way = np.zeros(16) if self.veto else goal - body.upper_posture
        rate = np.clip(way / (ticks * body.tick), -_SPEEDS, _SPEEDS)
        body.upper_velocity[:] = rate
        for _ in range(ticks):
            self.walker.tick()
            body.upper_posture += rate * body.tick
            yield

    def _unsafe(self) -> str:
        """Return why the robot had better stand still, empty where it is safe."""
        body = self.walker.body
        if self.walker.lost:
            return f"the robot has neither been at rest nor on its way for {self.walker.unable:.0f} s"
        upright = float(rotation_matrix(body.state.base_orientation)[2, 2])
        if upright < cos(MOST_TILT):
            return f"the trunk leans by {np.degrees(np.arccos(upright)):.0f} degrees"
        balance = body.balance
        speed = hypot(*balance.com_velocity[:2])
        if speed > FASTEST:
            return f"the centre of mass goes at {speed:.1f} m/s"
        dcm = balance.center_of_mass[:2] + balance.com_velocity[:2] / OMEGA
        out = hypot(*(dcm - nearest_point(balance.support_polygon, dcm)))
        if body.stands and out > 0.0:
            return f"the DCM is {100 * out:.1f} cm outside of the soles of a robot that stands"
        return ""
