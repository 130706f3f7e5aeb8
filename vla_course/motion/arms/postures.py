"""Postures of an arm that have names: out of the way, beside the head, ready above a table."""

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]


def hanging(side: Side) -> Array:
    """Return the posture (7,) rad of an arm at home."""
    return np.array(HOME_POSTURE[ARMS_IN_JOINTS[side]])


def tucked(side: Side) -> Array:
    """Return the posture (7,) rad in which an arm is out of the way: elbow back, hand beside the chest."""
    return _mirrored(side, (0.85, 0.5, 0.0, -2.25, 0.0, 0.0, 0.0))


def raised(side: Side) -> Array:
    """Return a posture (7,) rad with the hand beside the head: from here it comes down on a table, not into it."""
    return _mirrored(side, (-0.5, 0.3, 0.0, -2.2, 0.0, 0.0, 0.0))


def ready(side: Side) -> Array:
    """Return a posture (7,) rad from which most of a table is near."""
    return _mirrored(side, (-0.3, 0.35, 0.0, -1.5, 0.0, 0.3, 0.0))


def _mirrored(side: Side, left: tuple[float, ...]) -> Array:
    """Return a posture of the left arm for `side`: roll and yaw change their signs."""
    signs = 1.0 if side == "left" else np.array((1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0))
    return np.array(left) * signs
