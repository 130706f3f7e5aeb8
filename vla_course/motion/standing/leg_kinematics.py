"""Where the soles are in the pelvis frame, by the joint angles of the legs alone."""

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import JOINT_NAMES, LEGS

Array = NDArray[np.float64]


class LegKinematics:
    """The legs of a humanoid on a pelvis that is the origin.

    Args:
        description: of the robot (default: the course's).
    """

    def __init__(self, description: HumanoidDescription | None = None) -> None:
        full = pin.buildModelFromXML(urdf_text(description or HumanoidDescription()))
        legs = set(JOINT_NAMES[LEGS])
        locked = [full.getJointId(name) for name in full.names[1:] if name not in legs]
        self._model = pin.buildReducedModel(full, locked, pin.neutral(full))
        self._data = self._model.createData()
        self._in_q = [self._model.joints[self._model.getJointId(name)].idx_q for name in JOINT_NAMES[LEGS]]
        self._soles = [
            self._model.getFrameId(f"{side}_sole", pin.FrameType.BODY) for side in ("left", "right")
        ]

    def soles(self, joints: Array) -> tuple[list[Array], list[Array]]:
        """Return the places (3,) m and the rotations (3, 3) of left and right sole in the pelvis frame.

        Args:
            joints: (28,) rad, of which those of the legs count.
        """
        q = np.empty(self._model.nq)
        q[self._in_q] = joints[LEGS]
        pin.forwardKinematics(self._model, self._data, q)
        found = [pin.updateFramePlacement(self._model, self._data, sole) for sole in self._soles]
        return [np.array(sole.translation) for sole in found], [np.array(sole.rotation) for sole in found]
