"""What the joints of a robot go through: how fast, how near their limits, and how long at their greatest torque."""

import numpy as np

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import JOINT_COUNT
from vla_course.simulation.robot.state import RobotState


class Strain:
    """Looks at a robot's joints every tick.

    Attributes:
        speed: rad/s, the greatest of any joint so far.
        room: rad, the least distance of any joint to its nearer limit so far; negative beyond it.
        saturated: ticks, the longest time on end for which a joint was asked for its greatest torque, or more.
    """

    def __init__(self, humanoid: Humanoid) -> None:
        self._lower, self._upper = humanoid.joint_limits.T
        self._efforts = humanoid.joint_efforts * (1.0 - 1e-9)
        self._ticks = np.zeros(JOINT_COUNT, dtype=int)
        self.speed, self.room, self.saturated = 0.0, float("inf"), 0

    def observe(self, state: RobotState) -> None:
        """Take note of the state at the end of a tick."""
        at = state.joint_positions
        self.speed = max(self.speed, float(np.abs(state.joint_velocities).max()))
        self.room = min(self.room, float(np.minimum(at - self._lower, self._upper - at).min()))
        self._ticks = np.where(np.abs(state.joint_torques) >= self._efforts, self._ticks + 1, 0)
        self.saturated = max(self.saturated, int(self._ticks.max()))
