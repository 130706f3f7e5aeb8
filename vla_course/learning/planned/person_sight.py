"""Where a person stands and looks, from depth points: whatever is as tall as one and stands beside the table.

A head is a ball of known size, and shoulders with arms are wider than deep: so its middle says where the person
stands, and the long axis of what is below it where they look. That they look towards the robot, and not away, is
taken for granted.
"""

from dataclasses import dataclass
from math import atan2, pi
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label

from vla_course.motion.hands.things import Tabletop
from vla_course.simulation.tasks.goals import FACE
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

GRAIN: Final = 0.04
"""m, of the grid on which points are gathered to a person"""
TALL: Final = (0.85, 1.75)
"""m, from where to where the points of a person are looked for: over any table"""
RISES: Final = 0.35
"""m, at least from the lowest to the highest of these"""
FEWEST: Final = 40
"""points of a person"""
HEAD: Final = 0.11
"""m, the radius of a head"""
DEEP: Final = 0.09
"""m, from the front of a chest to the middle of a person"""
ARMS: Final = (0.80, 1.35)
"""m, between which arms and chest are"""


@dataclass(frozen=True, slots=True, eq=False)
class PersonSight:
    """A person: where they stand (2,) m, and look, rad."""

    position: Array
    heading: float


def see_person(points: Array, table: Tabletop | None, eye: Array) -> PersonSight | None:
    """Return the person whom `points` (N, 3) m show to a robot at `eye` (2,) m; None where there is none in sight."""
    points = points[(points[:, 2] > TALL[0]) & (points[:, 2] < TALL[1])]
    if table is not None:
        on = (np.abs(points[:, :2] - table.middle[:2]) < np.array(table.size) / 2.0 + 0.03).all(axis=1)
        points = points[~on]
    if len(points) < FEWEST:
        return None
    low = points[:, :2].min(axis=0) - 2.0 * GRAIN
    cells = ((points[:, :2] - low) / GRAIN).astype(int)
    taken = np.zeros(cells.max(axis=0) + 3, dtype=bool)
    taken[tuple(cells.T)] = True
    labels, count = label(binary_dilation(taken), np.ones((3, 3)))
    of = labels[tuple(cells.T)]
    groups = [points[of == k] for k in range(1, count + 1)]
    tall = [one for one in groups if len(one) >= FEWEST and np.ptp(one[:, 2]) > RISES]
    if not tall:
        return None
    return _person(max(tall, key=len), eye)


def _person(points: Array, eye: Array) -> PersonSight:
    way = points[:, :2].mean(axis=0) - eye
    way /= np.linalg.norm(way)
    body = points[(points[:, 2] > ARMS[0]) & (points[:, 2] < ARMS[1])][:, :2]
    head = points[points[:, 2] > FACE - HEAD + 0.02]
    if len(head) >= FEWEST // 4:
        position = _ball(head, head[:, :2].mean(axis=0) + HEAD / 2.0 * way)
    else:
        deep, across = body @ way, body @ (-way[1], way[0])
        position = (np.quantile(deep, 0.1) + DEEP) * way + (across.min() + across.max()) / 2.0 * np.array(
            (-way[1], way[0])
        )
    towards = atan2(-way[1], -way[0])
    if len(body) < FEWEST // 2:
        return PersonSight(position, towards)
    from_middle = body - body.mean(axis=0)
    long = np.linalg.eigh(from_middle.T @ from_middle)[1][:, 1]
    facing = atan2(long[1], long[0]) + pi / 2.0
    facing += pi if abs(wrapped(facing - towards)) > pi / 2.0 else 0.0
    return PersonSight(position, wrapped(facing))


def _ball(points: Array, middle: Array) -> Array:
    """Return the middle (2,) of the head that fits `points` best, one of known size at a known height."""
    for _ in range(8):
        away = points - (*middle, FACE)
        far = np.linalg.norm(away, axis=1)
        near = np.abs(far - HEAD) < 0.05
        if near.sum() < 3:
            break
        slope = away[near, :2] / far[near, None]
        middle = middle + np.linalg.lstsq(slope, far[near] - HEAD, rcond=None)[0]
    return middle
