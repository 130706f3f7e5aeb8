"""The expert's gaze: the head turns so that its camera has in the middle what the expert is about."""

from math import atan2, hypot
from typing import Final

import numpy as np

from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.standing.body import StandingBody
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.robot.state import FloatArray, RobotState
from vla_course.simulation.world.rotation import rotation_matrix, wrapped

SPEED: Final = 1.5
"""rad/s, of each joint of the head"""
STOP_GAP: Final = 0.02
"""rad, that the joints of the head keep from their mechanical stops"""
_LOOK: Final = 5
"""ticks between two looks at where to look"""
_UPPER: Final = slice(14, 16)
"""where the head is among arms and head"""


class Gaze:
    """Turns the head towards `target`, a thing that is known of or "person"; None: straight ahead.

    Attributes:
        target: what to look at.
        fixed: yaw and pitch rad to turn to in place of it, None for none.
    """

    def __init__(
        self, humanoid: Humanoid, body: StandingBody, knowledge: SceneKnowledge, target: str | None = None
    ) -> None:
        self._humanoid, self._body, self._knowledge, self.target = humanoid, body, knowledge, target
        self.fixed: FloatArray | None = None
        self._limits = humanoid.joint_limits[HEAD] + (STOP_GAP, -STOP_GAP)
        self._ticks, self._goal = 0, np.zeros(2)

    def tick(self) -> None:
        """Move the head's posture a tick on."""
        if self._ticks % _LOOK == 0:
            self._goal = np.clip(self._wanted(), *self._limits.T)
        self._ticks += 1
        posture, room = self._body.upper_posture, SPEED * self._body.tick
        posture[_UPPER] += np.clip(self._goal - posture[_UPPER], -room, room)

    def _wanted(self) -> FloatArray:
        if self.fixed is not None:
            return self.fixed
        if self.target is None:
            return np.zeros(2)
        return looking_at(self._humanoid, self._body.state, self._knowledge.place(self.target))


def looking_at(humanoid: Humanoid, state: RobotState, place: FloatArray) -> FloatArray:
    """Return yaw and pitch rad of a head that looks at a place (3,) m: as they are now, and the angles off it."""
    eye, orientation = humanoid.link_pose("head_camera")
    axis = rotation_matrix(orientation)[:, 0]
    back = rotation_matrix(state.base_orientation).T
    (yaw, pitch), (is_yaw, is_pitch) = _angles(back @ (place - eye)), _angles(back @ axis)
    off = np.array((wrapped(yaw - is_yaw), pitch - is_pitch))
    joints: FloatArray = np.clip(state.joint_positions[HEAD] + off, *humanoid.joint_limits[HEAD].T)
    return joints


def _angles(way: FloatArray) -> tuple[float, float]:
    """Return yaw and pitch rad, down positive, of a way (3,) in the pelvis frame."""
    x, y, z = way.tolist()
    return atan2(y, x), -atan2(z, hypot(x, y))
