"""What the numbers are called that a policy says."""

from typing import Final

import numpy as np

from vla_course.learning.policy import spoken
from vla_course.simulation.robot.layout import ACTION, JOINT_NAMES

_ALL: Final = np.empty(ACTION.size, dtype=object)
_ALL[ACTION.joints] = [name.replace("_", " ") for name in JOINT_NAMES]
_ALL[ACTION.base_velocity] = ["ahead", "aside", "turning"]
_ALL[ACTION.stance] = ["bow", "turn", "height"]
_ALL[ACTION.grippers] = ["left gripper", "right gripper"]

NAMES: Final[tuple[str, ...]] = tuple(_ALL[spoken.SPOKEN].tolist())
"""in the order in which they are said"""
