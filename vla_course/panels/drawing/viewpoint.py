"""From where to look at a robot that is pushed: across the push, so that one sees which way it leans."""

from __future__ import annotations

import numpy as np

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.traces import shoves
from vla_course.simulation.scene.cameras import Tripod

Vector = tuple[float, float, float]

TARGET: Vector = (0.0, 0.0, 0.72)


def viewpoint(
    record: MotionRecord | None = None, distance: float = 2.9, height: float = 1.05, aside: float = 58.0
) -> Tripod:
    """Return a stand `distance` m away that looks across the first push of `record`.

    `aside` is the angle between the push and the line of sight in degrees: aslant, so that one sees
    depth and the robot's face as well.
    """
    offset = np.radians(aside)
    pushes = shoves(record) if record is not None else []
    heading = pushes[0].direction if pushes else 0.0
    # Of the two sides take the one from which the robot's face is seen best.
    sides = [heading + turn for turn in (-offset, offset, np.pi - offset, np.pi + offset)]
    best = max(sides, key=_faces)
    place = (float(distance * np.cos(best)), float(distance * np.sin(best)), height)
    return Tripod(place, TARGET)


def _faces(angle: float) -> float:
    # A hair in favour of the robot's right side settles ties.
    return float(np.cos(angle) - 1e-3 * np.sin(angle))
