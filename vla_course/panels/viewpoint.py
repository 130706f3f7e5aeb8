"""From where to look at a robot that is pushed: across the push, so that one sees which way it leans."""

from __future__ import annotations

import numpy as np

from vla_course.motion.record import MotionRecord
from vla_course.panels.traces import shoves
from vla_course.simulation.cameras import Tripod

Vector = tuple[float, float, float]

TARGET: Vector = (0.0, 0.0, 0.72)
_OFFSET = np.radians(58.0)
"""rad between the push and the line of sight: aslant, so that depth and face are seen as well"""


def viewpoint(record: MotionRecord | None = None, distance: float = 2.9, height: float = 1.05) -> Tripod:
    """Return a stand `distance` m away that looks across the first push of `record`."""
    pushes = shoves(record) if record is not None else []
    heading = pushes[0].direction if pushes else 0.0
    # Of the two sides take the one from which the robot's face is seen best.
    best = max((heading - _OFFSET, heading + _OFFSET, heading + np.pi - _OFFSET, heading + np.pi + _OFFSET), key=_faces)
    place = (float(distance * np.cos(best)), float(distance * np.sin(best)), height)
    return Tripod(place, TARGET)


def _faces(angle: float) -> float:
    # A hair in favour of the robot's right side settles ties.
    return float(np.cos(angle) - 1e-3 * np.sin(angle))
