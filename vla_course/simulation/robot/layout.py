"""The one order of the 28 joints and the one layout of an action, with named parts.

Sign convention: at the zero posture (standing straight, arms hanging) every joint axis points along
+x (roll), +y (pitch) or +z (yaw) of the pelvis, on both sides alike. By the right-hand rule a
positive knee bends the knee, a negative elbow bends the elbow, a negative hip pitch lifts the thigh
forward, a positive head pitch looks down. Mirroring a posture left to right therefore flips the
signs of roll and yaw and keeps those of pitch.
"""

from dataclasses import dataclass
from typing import Final

LEG_JOINTS: Final = ("hip_yaw", "hip_roll", "hip_pitch", "knee", "ankle_pitch", "ankle_roll")
ARM_JOINTS: Final = (
    "shoulder_pitch",
    "shoulder_roll",
    "shoulder_yaw",
    "elbow",
    "wrist_yaw",
    "wrist_pitch",
    "wrist_roll",
)
HEAD_JOINTS: Final = ("head_yaw", "head_pitch")
SIDES: Final = ("left", "right")

JOINT_NAMES: Final[tuple[str, ...]] = (
    *(f"left_{joint}" for joint in LEG_JOINTS),
    *(f"right_{joint}" for joint in LEG_JOINTS),
    *(f"left_{joint}" for joint in ARM_JOINTS),
    *(f"right_{joint}" for joint in ARM_JOINTS),
    *HEAD_JOINTS,
)
JOINT_COUNT: Final = len(JOINT_NAMES)

LEFT_LEG: Final = slice(0, 6)
RIGHT_LEG: Final = slice(6, 12)
LEGS: Final = slice(0, 12)
LEFT_ARM: Final = slice(12, 19)
RIGHT_ARM: Final = slice(19, 26)
ARMS: Final = slice(12, 26)
HEAD: Final = slice(26, 28)

GRIPPER_NAMES: Final = ("left_gripper", "right_gripper")


@dataclass(frozen=True, slots=True, eq=False)
class ActionLayout:
    """Where each named part lies in an action vector of `size` numbers.

    `legs` (12), `arms` (14) and `head` (2) are joint targets in rad in the order of `JOINT_NAMES`;
    `base_velocity` (3) is forward m/s, leftward m/s and turning rad/s of the middle between the feet;
    `stance` (3) is what trunk and legs do for the hands: bow rad, turn rad, height m (`motion.hands.stance`);
    `grippers` (2) are the left and right opening, 0 closed to 1 open.
    """

    legs: slice
    arms: slice
    head: slice
    joints: slice
    base_velocity: slice
    stance: slice
    grippers: slice
    size: int


ACTION: Final = ActionLayout(
    legs=LEGS,
    arms=ARMS,
    head=HEAD,
    joints=slice(0, 28),
    base_velocity=slice(28, 31),
    stance=slice(31, 34),
    grippers=slice(34, 36),
    size=36,
)
