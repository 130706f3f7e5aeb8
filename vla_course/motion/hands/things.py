"""Things to grasp: their shape and place as far as a planner knows them, and the grasps that hold them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.pose import Pose
from vla_course.simulation.robot.anatomy import (
    FINGER_SIZE,
    FINGER_STROKE,
    PALM_SIZE,
    WRIST_TO_FINGER,
    WRIST_TO_TOOL,
)

Array = NDArray[np.float64]
Shape = Literal["cylinder", "box", "ball"]
Grip = Literal["power", "precision"]


@dataclass(frozen=True, slots=True, eq=False)
class Graspable:
    """A thing that stands upright on something flat.

    Raises:
        ValueError: an unknown shape, or a size that is not positive.
    """

    shape: Shape
    """an upright cylinder, an upright box or a ball"""
    size: tuple[float, float, float]
    """m, width along its own x and y, height"""
    position: Array
    """(3,) m, its middle"""
    heading: float = 0.0
    """rad, of its own x axis"""

    def __post_init__(self) -> None:
        if self.shape not in ("cylinder", "box", "ball"):
            raise ValueError(f"Graspable.shape is {self.shape!r}, expected 'cylinder', 'box' or 'ball'")
        if not min(self.size) > 0.0:
            raise ValueError(f"Graspable.size is {self.size}, expected more than 0 m each way")
        if np.shape(self.position) != (3,) or not np.isfinite(self.position).all():
            raise ValueError(f"Graspable.position is {self.position}, expected three finite numbers in m")


@dataclass(frozen=True, slots=True)
class Gripper:
    """What a grasp must know of the hand, m; the defaults are the course's robot."""

    palm_to_tool: float = WRIST_TO_TOOL - WRIST_TO_FINGER
    """from the palm's face to the tool point"""
    tool_to_tip: float = WRIST_TO_FINGER + FINGER_SIZE[2] - WRIST_TO_TOOL
    """from the tool point to the fingertips"""
    half_width: float = PALM_SIZE[0] / 2
    """of the hand, across the fingers and across the direction in which they open"""
    widest: float = 2 * FINGER_STROKE
    """between the open fingers"""
    palm_gap: float = 0.012
    """to keep between palm and thing"""
    side_gap: float = 0.02
    """to keep between each open finger and thing"""
    table_gap: float = 0.008
    """to keep between fingers and table"""


@dataclass(frozen=True, slots=True, eq=False)
class Grasp:
    """A way to hold a thing: where the tool is, how wide the fingers open before, and which grip it is."""

    pose: Pose
    """of the tool, in the frame of the thing's position"""
    opening: float
    """0 closed to 1 open, of the gripper on its way there"""
    grip: Grip
    """a power grip has the thing deep between the fingers, a precision grip at their tips"""


@dataclass(frozen=True, slots=True, eq=False)
class Tabletop:
    """A table: middle of its top (3,) m, its two sides m along x and y. For hands only the slab counts."""

    middle: Array
    size: tuple[float, float]
    thickness: float = 0.09
    """m, of the slab with the rail below it"""
    legs: tuple[Graspable, ...] = ()
    """what it stands on, for knees and shanks to keep away from"""

    @property
    def height(self) -> float:
        """m, of the surface."""
        return float(self.middle[2])
