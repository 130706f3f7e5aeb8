"""Between the actions of a policy, -1 to 1, and the joints of the robot, rad."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.simulation.robot.anatomy import humanoid_joints
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.layout import ARMS, JOINT_COUNT, JOINT_NAMES

FloatArray = NDArray[np.float32]

ARM_COUNT: Final = ARMS.stop - ARMS.start


@dataclass(frozen=True, eq=False)
class JointRange:
    """Lower and upper limits (n,) rad, kept as float32.

    Raises:
        ValueError: the limits are not as many, or a lower one is not below its upper one.
    """

    lower: FloatArray
    upper: FloatArray

    def __post_init__(self) -> None:
        for name in ("lower", "upper"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float32))
        lower, upper = np.shape(self.lower), np.shape(self.upper)
        if lower != upper or len(lower) != 1:
            raise ValueError(f"JointRange.lower, upper are of shape {lower}, {upper}, expected (n,) both")
        if not np.all(np.less(self.lower, self.upper)):
            raise ValueError("JointRange.lower is not below JointRange.upper everywhere")

    def to_unit(self, joints: ArrayLike) -> FloatArray:
        """Return the joints (..., n) rad as actions (..., n): -1 at the lower limit, 1 at the upper, cut there."""
        width = np.subtract(self.upper, self.lower, dtype=np.float64)
        share = (np.asarray(joints, dtype=np.float64) - self.lower) / width
        return np.clip(2.0 * share - 1.0, -1.0, 1.0).astype(np.float32)


def joint_range(size: int = JOINT_COUNT, description: HumanoidDescription | None = None) -> JointRange:
    """Return the limits of all 28 joints, or of the 14 of both arms, in the order of `layout.JOINT_NAMES`.

    Raises:
        ValueError: `size` is neither 28 nor 14.
    """
    if size not in (JOINT_COUNT, ARM_COUNT):
        raise ValueError(
            f"there are no limits of {size} joints (action_dim or num_joints of a configuration), expected "
            f"{JOINT_COUNT} (all joints) or {ARM_COUNT} (both arms)"
        )
    joints = {joint.name: joint for joint in humanoid_joints(description or HumanoidDescription())}
    limits = np.array([joints[name].limits for name in JOINT_NAMES], dtype=np.float32)
    lower, upper = (limits if size == JOINT_COUNT else limits[ARMS]).T
    return JointRange(lower, upper)
