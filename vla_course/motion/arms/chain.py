"""One arm as a chain of seven joints: where its tool is, and how it moves.

Everything here is in the frame of the pelvis (x ahead, y left, z up, origin between the hips): an arm
does not care where its robot stands. The tool frame lies between the fingertips, x along the fingers
and out of the hand, y across them, the direction in which they open.
"""

from functools import cache

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from vla_course.motion.arms.pose import Pose
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import ARM_JOINTS, LEFT_ARM, RIGHT_ARM
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

ARM_SIZE = len(ARM_JOINTS)
ARMS_IN_UPPER: dict[Side, slice] = {"left": slice(0, 7), "right": slice(7, 14)}
"""Where an arm lies in a posture (16,) of arms and head."""
ARMS_IN_JOINTS: dict[Side, slice] = {"left": LEFT_ARM, "right": RIGHT_ARM}
"""Where an arm lies among all joints (28,)."""


class ArmChain:
    """The kinematics of one arm in the pelvis frame; every joint elsewhere is left out.

    Attributes:
        side: which arm.
        lower, upper: (7,) rad, the joints' limits.
        joints: (7,) rad, as `move` set them.
        pose: of the tool, in the pelvis frame.
        jacobian: (6, 7): velocity of the tool, m/s, then its angular velocity, rad/s, a unit of joint speed.
    """

    def __init__(self, side: Side, description: HumanoidDescription | None = None) -> None:
        self.side = side
        self._model = _arm_model(side, description or HumanoidDescription())
        self._data = self._model.createData()
        self._tool = self._model.getFrameId(f"{side}_tool", pin.FrameType.BODY)
        self._elbow = self._model.getFrameId(f"{side}_forearm", pin.FrameType.BODY)
        self._wrist = self._model.getFrameId(f"{side}_palm", pin.FrameType.BODY)
        self.lower: Array = np.array(self._model.lowerPositionLimit)
        self.upper: Array = np.array(self._model.upperPositionLimit)
        self.move(np.zeros(ARM_SIZE))

    def move(self, joints: Array) -> None:
        """Put the arm at `joints` (7,) rad."""
        self.joints = joints
        pin.computeJointJacobians(self._model, self._data, joints)
        place = pin.updateFramePlacement(self._model, self._data, self._tool)
        self.pose = Pose(np.array(place.translation), np.array(place.rotation))
        self.jacobian: Array = pin.getFrameJacobian(
            self._model, self._data, self._tool, pin.ReferenceFrame.LOCAL_WORLD_ALIGNED
        )

    def bones(self) -> Array:
        """Return shoulder, elbow, wrist and tool point (4, 3) m as they are now."""
        places = [
            self._data.oMi[1].translation,
            pin.updateFramePlacement(self._model, self._data, self._elbow).translation,
            pin.updateFramePlacement(self._model, self._data, self._wrist).translation,
            self.pose.position,
        ]
        return np.array(places)


@cache
def _arm_model(side: Side, description: HumanoidDescription) -> pin.Model:
    """Return the model of an arm on a pelvis that does not move."""
    full = pin.buildModelFromXML(urdf_text(description))
    kept = {f"{side}_{joint}" for joint in ARM_JOINTS}
    locked = [full.getJointId(name) for name in full.names[1:] if name not in kept]
    model = pin.buildReducedModel(full, locked, pin.neutral(full))
    order = [f"{side}_{joint}" for joint in ARM_JOINTS]
    if list(model.names[1:]) != order:
        raise ValueError(f"the arm's joints come as {list(model.names[1:])}, expected {order}")
    return model
