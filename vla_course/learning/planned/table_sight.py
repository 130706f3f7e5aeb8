"""Where the table is, from depth pictures: its size is known, and that its sides are along the world's axes.

Points of one height say how high its top is. That they all lie on it, and that wherever the eye looks past them to
something lower there is none of it, says where it is: of all places where it might stand, the one that agrees best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import Sight
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.scene import parts as scene_parts

Array = NDArray[np.float64]

HEIGHTS: Final = (0.45, 1.0)
"""m, between which the top of a table is looked for"""
LEVEL: Final = 0.004
"""m, within which points are of one height"""
FEWEST: Final = 150
"""points of one height, that may be a table top"""
CELL: Final = 0.004
"""m, of the grid on which places of the table are compared"""
BELOW: Final = 0.015
"""m, below the top: what is seen there was seen past the table"""
DOUBTFUL: Final = 3
"""cells that tell otherwise: a place that so few speak against may be the right one"""


@dataclass(frozen=True, slots=True, eq=False)
class TableSight:
    """A table as it was seen.

    Attributes:
        top: the table.
        doubt: (2,) m, how far along x and y the places are apart of which none is better than the others.
    """

    top: Tabletop
    doubt: Array


def see_table(sights: Sequence[Sight]) -> TableSight | None:
    """Return the table that `sights` show; None where there is none in sight."""
    points = np.concatenate([sight.points for sight in sights])
    height = _height(points[:, 2])
    if height is None:
        return None
    on = points[np.abs(points[:, 2] - height) < LEVEL][:, :2]
    size = np.array(scene_parts.TABLE_SIZE)
    middle = np.median(on, axis=0)
    on = on[(np.abs(on - middle) < size).all(axis=1)]
    past = _past(np.concatenate([sight.rays for sight in sights]), height)
    low, high = on.min(axis=0) - size - 0.02, on.max(axis=0) + size + 0.02
    shape = np.ceil((high - low) / CELL).astype(int)
    votes = np.zeros(shape)
    votes[tuple(_cells(past, low, shape).T)] = -1.0
    votes[tuple(_cells(on, low, shape).T)] = 1.0
    sums = np.zeros(shape + 1)
    sums[1:, 1:] = votes.cumsum(axis=0).cumsum(axis=1)
    w, d = np.round(size / CELL).astype(int)
    score = sums[w:, d:] - sums[:-w, d:] - sums[w:, :-d] + sums[:-w, :-d]
    best = np.argwhere(score >= score.max() - DOUBTFUL)
    x, y = low + (best.min(axis=0) + best.max(axis=0)) / 2.0 * CELL + size / 2.0
    return TableSight(table_at(np.array((x, y, height))), np.ptp(best, axis=0) * CELL)


def table_at(middle: Array) -> Tabletop:
    """Return the table the middle of whose top is at `middle` (3,) m."""
    length = float(middle[2]) - scene_parts.TABLE_THICKNESS
    legs = tuple(
        Graspable(
            "box", (*scene_parts.TABLE_LEG, length), np.array((middle[0] + x, middle[1] + y, length / 2.0))
        )
        for x, y in scene_parts.table_leg_places()
    )
    return Tabletop(middle, scene_parts.TABLE_SIZE, legs=legs)


def _height(heights: Array) -> float | None:
    """Return the height m that most points have; None where few have the same."""
    inside = heights[(heights > HEIGHTS[0]) & (heights < HEIGHTS[1])]
    count, edges = np.histogram(inside, np.arange(HEIGHTS[0], HEIGHTS[1], LEVEL / 2.0))
    if not count.size or count.max() < FEWEST:
        return None
    most = edges[count.argmax()] + LEVEL / 4.0
    return float(np.median(inside[np.abs(inside - most) < LEVEL]))


def _past(rays: Array, height: float) -> Array:
    """Return where rays (M, 2, 3) that end below `height` m have passed it, (n, 2) m."""
    eye, hit = rays[:, 0], rays[:, 1]
    passed = (eye[:, 2] > height + 0.01) & (hit[:, 2] < height - BELOW)
    eye, hit = eye[passed], hit[passed]
    share = (eye[:, 2] - height) / (eye[:, 2] - hit[:, 2])
    crossing: Array = (eye + share[:, None] * (hit - eye))[:, :2]
    return crossing


def _cells(points: Array, low: Array, shape: NDArray[np.int_]) -> NDArray[np.int_]:
    cells = np.floor((points - low) / CELL).astype(int)
    return cells[((cells >= 0) & (cells < shape)).all(axis=1)]
