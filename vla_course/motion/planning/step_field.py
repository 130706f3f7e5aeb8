"""Where the body may pass, and how far it is to walk to a goal: a coarse grid over the map."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, maximum_filter, minimum_filter
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from vla_course.motion.ground.footing import Footing
from vla_course.motion.ground.obstacles import clearance

Array = NDArray[np.float64]

_CELL: Final = 0.05
"""m, of the coarse grid"""
_HALF_DIAGONAL: Final = _CELL * np.sqrt(0.5)
_FIRM_WITHIN: Final = 0.20
"""m: the middle of the feet is never farther from ground that could bear a foot"""
_DROP: Final = 0.13
"""m: the middle of the feet never passes over a break of the ground that is higher"""
_SHY: Final = 1.5
"""-, how much more a metre counts where the body has little room"""
_TIGHT: Final = 15.0
"""-, where it has hardly any: a walk sways by a few centimetres, and gets stuck"""
_ROOM: Final = 0.25
"""m, beyond what the body needs: room enough to walk freely"""
_LOOK_AHEAD: Final = 6
"""moves along the grid, after which a way shows where it heads"""
_MOVES: Final = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (2, -1), (1, 2), (1, -2))
_DETOUR: Final = 1.0824
"""-, by which a way along the eight directions of a grid is longer than a straight one, at most"""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways to one place, from every coarse cell (cells,)."""

    least: Array
    """m, a lower bound of how far it is; inf where no way leads there"""
    guide: Array
    """m, along a way that keeps off obstacles, counted more where there is little room"""
    heading: Array
    """rad, of the guide's way where it begins"""
    turning: Array
    """rad, the sum of all turns of the guide's way, to left and right"""
    arrival: Array
    """rad, the heading with which the guide's way arrives"""


class StepField:
    """Where the middle between the feet may be, and its walking distances. Built once a map.

    The middle may be in the cells that are `free`: clear of obstacles, near ground that bears, not over a drop.
    A step is allowed only where all of the cells on its way are free, so that no way is shorter than the one
    along the grid, but for what the grid itself adds: that is taken off. The distance is a lower bound.

    A way close to an obstacle is shorter than one in the open, but it takes more steps: whoever hugs a corner has
    to turn on the spot. The guide therefore counts a metre more where the body has little room.

    Args:
        footing: the ground.
        body_radius: m, the body's disc around the middle between the feet, which touches no obstacle.
    """

    def __init__(self, footing: Footing, body_radius: float) -> None:
        terrain = footing.terrain
        cell, (columns, rows) = terrain.cell, terrain.shape
        self.origin = terrain.origin
        self.shape = (int(columns * cell / _CELL) + 2, int(rows * cell / _CELL) + 2)
        x = self.origin[0] + _CELL * np.arange(self.shape[0])[:, None]
        y = self.origin[1] + _CELL * np.arange(self.shape[1])[None, :]
        # the middle is at most half a diagonal away from the centre of its cell
        free = clearance(footing.obstacles, x, y) >= body_radius + _HALF_DIAGONAL
        firm = np.isfinite(footing.analysis.roughness) & ~footing.analysis.edges
        far = distance_transform_edt(~firm) * cell if firm.any() else np.full(terrain.shape, np.inf)
        width = 2 * round(_CELL / 2.0 / cell) + 1
        unseen = ~terrain.known
        top = maximum_filter(np.where(unseen, -np.inf, terrain.heights), width)
        bottom = minimum_filter(np.where(unseen, np.inf, terrain.heights), width)
        i, j, _ = terrain.cells(*np.broadcast_arrays(x, y))
        free &= (far[i, j] <= _FIRM_WITHIN) & (top[i, j] - bottom[i, j] <= _DROP)
        self.free = free.reshape(-1)
        room = distance_transform_edt(free) * _CELL
        shy = 1.0 + (_SHY - 1.0) * np.clip(1.0 - room / _ROOM, 0.0, 1.0)
        self._graph = _connect(free, _CELL, np.where(room < 1.5 * _CELL, _TIGHT, shy))
        # the lower bound needs no more than a grid of twice that size, free where any of its four cells is
        even = np.pad(free, ((0, free.shape[0] % 2), (0, free.shape[1] % 2)))
        fours = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2)
        self._halved: NDArray[np.bool_] = np.asarray(fours.any(axis=(1, 3)))
        self._plain = _connect(self._halved, 2.0 * _CELL, np.ones(self._halved.shape))

    def to(self, x: float, y: float) -> Ways:
        """Return the ways from all coarse cells to the place x, y (m)."""
        size = self.free.size
        cell = int(self.cells(np.array(x), np.array(y)))
        if not self.free[cell]:
            nowhere = np.full(size, np.inf)
            return Ways(nowhere, nowhere, np.zeros(size), np.zeros(size), np.zeros(size))
        way, before = dijkstra(self._graph, indices=cell, return_predecessors=True)
        number = np.arange(size)
        following = np.where(before >= 0, before, number)
        ahead = following
        for _ in range(_LOOK_AHEAD):
            ahead = following[ahead]
        (i, j), (next_i, next_j) = np.divmod(number, self.shape[1]), np.divmod(ahead, self.shape[1])
        heading = np.arctan2(next_j - j, next_i - i)
        turn = np.abs((heading[following] - heading + np.pi) % (2.0 * np.pi) - np.pi)
        # the last bit of the way is too short to show a heading: there it ends
        following = np.where((way < _LOOK_AHEAD * _CELL) | (before < 0), number, following)
        turn[following == number] = 0.0
        # the sum along the way, of 1, 2, 4, ... cells at a time
        while np.any(following[following] != following):
            turn = turn + turn[following]
            following = following[following]
        columns = self._halved.shape[1]
        halved = number // self.shape[1] // 2 * columns + number % self.shape[1] // 2
        plain = dijkstra(self._plain, indices=halved[cell])[halved]
        least = np.where(np.isinf(way), np.inf, np.maximum(plain / _DETOUR - 4.0 * _HALF_DIAGONAL, 0.0))
        return Ways(least, way, heading, turn, heading[following])

    def cells(self, x: Array, y: Array) -> NDArray[np.intp]:
        """Return the coarse cell of each place (m); places beyond the map belong to its border."""
        i = np.rint((x - self.origin[0]) / _CELL).astype(np.intp)
        j = np.rint((y - self.origin[1]) / _CELL).astype(np.intp)
        i, j = np.clip(i, 0, self.shape[0] - 1), np.clip(j, 0, self.shape[1] - 1)
        flat: NDArray[np.intp] = i * self.shape[1] + j
        return flat

    def centres(self, cells: NDArray[np.intp]) -> tuple[Array, Array]:
        """Return x and y (m) of the middles of coarse cells."""
        i, j = np.divmod(cells, self.shape[1])
        return self.origin[0] + _CELL * i, self.origin[1] + _CELL * j

    def passes(self, start: Array, ends: Array) -> NDArray[np.bool_]:
        """Tell where the way from one place (2,) m straight to others (n, 2) m leads through free cells only."""
        way = ends - start
        x, y = (start[axis] + _PARTS * way[:, axis] for axis in (0, 1))
        clear: NDArray[np.bool_] = self.free[self.cells(x, y)].all(axis=0)
        return clear


_PARTS: Final = np.linspace(0.0, 1.0, 9)[1:, None]
"""of a step, at which the body is looked at: less than a cell apart"""


def _connect(free: NDArray[np.bool_], cell: float, shy: Array) -> csr_matrix:
    """Return the graph of moves between free cells, each as long as it is times the mean of `shy` at its ends."""
    number = np.arange(free.size, dtype=np.int32).reshape(free.shape)
    starts, ends, lengths = [], [], []
    for di, dj in _MOVES:
        a = (slice(0, free.shape[0] - di), slice(max(0, -dj), free.shape[1] - max(0, dj)))
        b = (slice(di, None), slice(max(0, dj), free.shape[1] - max(0, -dj)))
        open_ = free[a] & free[b]
        starts.append(number[a][open_])
        ends.append(number[b][open_])
        lengths.append(cell * np.hypot(di, dj) * (shy[a][open_] + shy[b][open_]) / 2.0)
    start, end, length = map(np.concatenate, (starts, ends, lengths))
    both = (np.concatenate((start, end)), np.concatenate((end, start)))
    return csr_matrix((np.concatenate((length, length)), both), shape=(free.size, free.size))
