"""One footstep: where a sole is to stand, and how the foot gets there."""

from dataclasses import dataclass, fields
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Footstep:
    """A place for one sole, in the world frame. The sole's origin lies below the ankle, its x axis ahead.

    Raises:
        ValueError: a number is not finite, or the swing height is negative.
    """

    side: Side
    """which foot"""
    x: float
    """m"""
    y: float
    """m"""
    z: float = 0.0
    """m, of the ground there"""
    yaw: float = 0.0
    """rad, 0 points along +x, positive turns left"""
    swing_height: float = 0.05
    """m, how far the sole rises above the higher end of its way"""

    def __post_init__(self) -> None:
        if self.side not in ("left", "right"):
            raise ValueError(f"Footstep.side is {self.side!r}, expected 'left' or 'right'")
        for field in fields(self)[1:]:
            if not isfinite(getattr(self, field.name)):
                raise ValueError(
                    f"Footstep.{field.name} is {getattr(self, field.name)}, expected a finite number"
                )
        if self.swing_height < 0.0:
            raise ValueError(f"Footstep.swing_height is {self.swing_height}, expected at least 0 m")

    @property
    def position(self) -> Array:
        """(3,) m, the sole's origin."""
        return np.array((self.x, self.y, self.z))
