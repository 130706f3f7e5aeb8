"""The expert's gaze: the head turns so that its camera has in the middle what the expert is about."""

from math import atan2, hypot
from typing import Final

import numpy as np

from vla_course.motion.standing.body import StandingBody
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.robot.state import FloatArray, RobotState
from vla_course.simulation.tasks.goals import FACE
from vla_course.simulation.tasks.stage import Stage
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
    """Turns the head of `stage`'s robot towards `target`, a thing or "person"; None: straight ahead."""

    def __init__(self, stage: Stage, body: StandingBody, target: str | None = None) -> None:
        self._stage, self._body, self.target = stage, body, target
        self._limits = stage.humanoid.joint_limits[HEAD] + (STOP_GAP, -STOP_GAP)
        self._ticks, self._goal = 0, np.zeros(2)

    def tick(self) -> None:
        """Move the head's posture a tick on."""
        if self._ticks % _LOOK == 0:
            wanted = np.zeros(2) if self.target is None else looking_at(self._stage, self._body.state, self.target)
            self._goal = np.clip(wanted, *self._limits.T)
        self._ticks += 1
        posture, room = self._body.upper_posture, SPEED * self._body.tick
        posture[_UPPER] += np.clip(self._goal - posture[_UPPER], -room, room)


def looking_at(stage: Stage, state: RobotState, target: str) -> FloatArray:
    """Return yaw and pitch rad of a head that looks at a thing or "person": as they are now, and the angles off it."""
    place = stage.place(target)
    if target == "person":
        place[2] = FACE
    eye, axis = stage.axis("head_camera")
    back = rotation_matrix(state.base_orientation).T
    (yaw, pitch), (is_yaw, is_pitch) = _angles(back @ (place - eye)), _angles(back @ axis)
    off = np.array((wrapped(yaw - is_yaw), pitch - is_pitch))
    joints: FloatArray = np.clip(state.joint_positions[HEAD] + off, *stage.humanoid.joint_limits[HEAD].T)
    return joints


def _angles(way: FloatArray) -> tuple[float, float]:
    """Return yaw and pitch rad, down positive, of a way (3,) in the pelvis frame."""
    x, y, z = way.tolist()
    return atan2(y, x), -atan2(z, hypot(x, y))
