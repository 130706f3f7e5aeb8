"""What stands on a table, from depth points: clusters of them, and the upright things that they fit.

The robot knows what the things of the course are like, how wide and tall a cup is; it does not know where they are, nor
which of them stand there. Where nobody says what a thing is, the kind that is as tall decides; what is as tall as none
is taken for an upright cylinder round all its points.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label

from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.scene.things import SHAPES

Array = NDArray[np.float64]

GRAIN: Final = 0.008
"""m, of the grid on which points are gathered to clusters"""
APART: Final = 2
"""cells, that may lie between two points of one cluster"""
OVER: Final = 0.005
"""m, over the table: what is lower may be the table"""
TALLEST: Final = 0.45
"""m, over the table: what is higher up is no thing on it"""
LEAST: Final = 0.025
"""m, over the table: what is lower is no thing"""
STANDS: Final = 0.06
"""m, over the table: of what stands on it something lower shows; all else hangs in the air, in a hand"""
FEWEST: Final = 12
"""points of a thing"""
AS_TALL: Final = 0.012
"""m, by which a thing may seem taller or lower than its kind is"""
RIM: Final = 0.007
"""m, below its highest point: so far reaches the top of a thing"""
_TURNS: Final = np.linspace(0.0, np.pi / 2.0, 46)[:-1]
_SOLIDS: Final[dict[str, Literal["cylinder", "box", "ball"]]] = {"box": "box", "ball": "ball"}


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Points of one thing: (n, 3) m, world, and how high m the table is."""

    points: Array
    floor: float

    @property
    def height(self) -> float:
        """m, over the table."""
        return float(self.points[:, 2].max()) - self.floor

    @property
    def middle(self) -> Array:
        """(3,) m, of the box round all points, from the table up."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        low[2] = self.floor
        return (low + high) / 2.0


def clusters_on(table: Tabletop, points: Array) -> list[Cluster]:
    """Return the clusters among `points` (N, 3) m that stand on a table."""
    over = points[:, 2] - table.height
    inside = (np.abs(points[:, :2] - table.middle[:2]) < np.array(table.size) / 2.0 + 0.01).all(axis=1)
    points = points[inside & (over > OVER) & (over < TALLEST)]
    if not len(points):
        return []
    low = points[:, :2].min(axis=0) - 4.0 * GRAIN
    cells = ((points[:, :2] - low) / GRAIN).astype(int)
    taken = np.zeros(cells.max(axis=0) + 5, dtype=bool)
    taken[tuple(cells.T)] = True
    labels, count = label(binary_dilation(taken, iterations=APART), np.ones((3, 3)))
    of = labels[tuple(cells.T)]
    found = [Cluster(points[of == k], table.height) for k in range(1, count + 1)]
    return [
        one
        for one in found
        if len(one.points) >= FEWEST
        and one.height >= LEAST
        and one.points[:, 2].min() < table.height + STANDS
    ]


def kind_of(cluster: Cluster) -> str | None:
    """Return the shape, of `SHAPES`, that is as tall as a cluster; None: there is none."""
    off = {name: abs(shape.size[2] - cluster.height) for name, shape in SHAPES.items()}
    nearest = min(off, key=lambda name: off[name])
    return nearest if off[nearest] < AS_TALL else None


def fitted(cluster: Cluster, shape: str | None = None) -> Graspable:
    """Return the upright thing that a cluster shows: of `shape`, of the kind that is as tall, or what is round it."""
    shape = shape or kind_of(cluster)
    if shape is None:
        (x, y, z), half = cluster.middle.tolist(), np.ptp(cluster.points[:, :2], axis=0).max() / 2.0
        return Graspable("cylinder", (2.0 * half, 2.0 * half, cluster.height), np.array((x, y, z)))
    size = SHAPES[shape].size
    points, radius, heading = cluster.points, size[0] / 2.0, 0.0
    top = points[points[:, 2] > points[:, 2].max() - RIM][:, :2]
    middle = _middle(top)
    match shape:
        case "ball":
            middle = _round(points, middle, cluster.floor + radius, radius)
        case "box":
            middle, heading = _square(top, size[0])
        case "cup" | "cylinder":
            middle = _round(points, middle, None, radius)
    position = np.array((*middle, cluster.floor + size[2] / 2.0))
    return Graspable(_SOLIDS.get(shape, "cylinder"), size, position, heading)


def _middle(points: Array) -> Array:
    """Return the middle (2,) of a shape of which `points` (n, 2) reach everywhere, seen along many directions."""
    angles = np.linspace(0.0, np.pi, 24, endpoint=False)
    ways = np.stack((np.cos(angles), np.sin(angles)))
    along = points @ ways
    half: Array = np.linalg.lstsq(ways.T, (along.min(axis=0) + along.max(axis=0)) / 2.0, rcond=None)[0]
    return half


def _round(points: Array, middle: Array, height: float | None, radius: float) -> Array:
    """Return the middle (2,) of the sphere round `height`, or else of the upright cylinder, that fits `points` best.

    Least squares of how far points are off it (Gauss and Newton), those far inside left out: they are its inside.
    """
    part = points[:, :2] if height is None else points - (0.0, 0.0, height)
    for _ in range(8):
        from_middle = part[:, :2] - middle
        across = np.hypot(*from_middle.T)
        away = across if height is None else np.hypot(across, part[:, 2])
        wall = np.abs(away - radius) < 0.010
        if wall.sum() < FEWEST:
            return middle
        slope = from_middle[wall] / away[wall, None]
        middle = middle + np.linalg.lstsq(slope, away[wall] - radius, rcond=None)[0]
    return middle


def _square(points: Array, side: float) -> tuple[Array, float]:
    """Return the middle (2,) and heading of the square with `side` m that `points` (n, 2) of its area fit best."""
    c, s = np.cos(_TURNS), np.sin(_TURNS)
    ahead, left = points @ np.stack((c, s)), points @ np.stack((-s, c))
    ends = [(along.min(axis=0), along.max(axis=0)) for along in (ahead, left)]
    off = sum(np.abs(high - low - side) for low, high in ends)
    best = int(np.argmin(off))
    (x0, x1), (y0, y1) = ((low[best], high[best]) for low, high in ends)
    x, y, c1, s1 = (x0 + x1) / 2.0, (y0 + y1) / 2.0, c[best], s[best]
    return np.array((c1 * x - s1 * y, s1 * x + c1 * y)), float(_TURNS[best])
