"""What is known about the robot at one moment: its state, and the load on its soles."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class RobotState:
    """The humanoid at one moment. SI units, world frame, joints in the order of `layout.JOINT_NAMES`.

    Attributes:
        time: s.
        base_position: (3,) m, origin of the pelvis link's URDF frame (midway between the hips) - not
            its centre of mass, which is what pybullet calls the base.
        base_orientation: (4,) quaternion x y z w of the pelvis link's URDF frame.
        base_linear_velocity: (3,) m/s of the origin of the pelvis frame, in world axes.
        base_angular_velocity: (3,) rad/s, in world axes.
        joint_positions: (28,) rad.
        joint_velocities: (28,) rad/s.
        joint_torques: (28,) N m, what the motors gave during the last step.
        gripper_openings: (2,) left and right, 0 closed to 1 open.
    """

    time: float
    base_position: FloatArray
    base_orientation: FloatArray
    base_linear_velocity: FloatArray
    base_angular_velocity: FloatArray
    joint_positions: FloatArray
    joint_velocities: FloatArray
    joint_torques: FloatArray
    gripper_openings: FloatArray


@dataclass(frozen=True, slots=True)
class SoleContact:
    """What the ground did to one sole during the last step, world frame.

    Attributes:
        side: "left" or "right".
        points: (n, 3) m, contact points on the sole; n is 0 in the air.
        normal_forces: (n,) N, each along its normal, at least 0.
        forces: (n, 3) N, the whole force of the ground on the sole at each point, friction included.
    """

    side: Side
    points: FloatArray
    normal_forces: FloatArray
    forces: FloatArray

    @property
    def force(self) -> float:
        """Sum of the normal forces, N."""
        return float(self.normal_forces.sum())
