"""The ground as a grid: heights where it has been seen, and what its shape says to a foot."""

from dataclasses import dataclass
from math import isfinite
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.simulation.scene.terrain import Terrain

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TerrainMap:
    """Heights of the ground at the centres of square cells, world frame. A map without cells gets an unknown one.

    Raises:
        ValueError: `heights` is not a grid of numbers, or cell or origin make no sense.
    """

    heights: Array
    """(columns along x, rows along y) m, nan where the ground has not been seen"""
    cell: float
    """m, from centre to centre"""
    origin: tuple[float, float]
    """m, centre of cell [0, 0]"""

    def __post_init__(self) -> None:
        heights = np.asarray(self.heights)
        if heights.ndim != 2 or heights.dtype.kind not in "fiu":
            raise ValueError(
                f"TerrainMap.heights is an array of {heights.dtype} with shape {heights.shape}, "
                "expected numbers in (columns, rows)"
            )
        if np.isinf(heights).any():
            raise ValueError("TerrainMap.heights holds inf, expected m, or nan where nothing is known")
        if not 0.002 <= self.cell <= 0.2:
            raise ValueError(f"TerrainMap.cell is {self.cell}, expected 0.002 to 0.2 m")
        if len(self.origin) != 2 or not all(map(isfinite, self.origin)):
            raise ValueError(f"TerrainMap.origin is {self.origin}, expected two finite numbers")
        known = heights if heights.size else np.full((1, 1), np.nan)
        object.__setattr__(self, "heights", known.astype(np.float64))
        object.__setattr__(self, "origin", (float(self.origin[0]), float(self.origin[1])))

    @classmethod
    def of(
        cls, terrain: Terrain, x: tuple[float, float], y: tuple[float, float], *, cell: float = 0.02
    ) -> Self:
        """Sample the true `terrain` in the rectangle from x[0] to x[1] and y[0] to y[1], m."""
        columns, rows = (np.arange(low, high + cell / 2, cell) for low, high in (x, y))
        heights = terrain.height(columns[:, None], rows[None, :])
        return cls(heights, cell, (float(columns[0]), float(rows[0])))

    @property
    def shape(self) -> tuple[int, int]:
        """Columns and rows."""
        columns, rows = self.heights.shape
        return columns, rows

    @property
    def known(self) -> NDArray[np.bool_]:
        """(columns, rows), where the height is known."""
        return np.isfinite(self.heights)

    def cells(
        self, x: ArrayLike, y: ArrayLike
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """Return column and row of the cells nearest to points (m) of one shape, and which lie on the map.

        Column and row of a point beyond the map are those of the nearest cell of the map.
        """
        columns, rows = self.shape
        i = np.rint((np.asarray(x, dtype=np.float64) - self.origin[0]) / self.cell).astype(np.intp)
        j = np.rint((np.asarray(y, dtype=np.float64) - self.origin[1]) / self.cell).astype(np.intp)
        inside = (i >= 0) & (i < columns) & (j >= 0) & (j < rows)
        return np.clip(i, 0, columns - 1), np.clip(j, 0, rows - 1), inside

    def height(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the height (m) of the cells nearest to points of one shape, nan where unknown."""
        i, j, inside = self.cells(x, y)
        return np.where(inside, self.heights[i, j], np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class TerrainAnalysis:
    """The shape of the ground around every cell of a `TerrainMap`, nan where it cannot be judged."""

    normals: Array
    """(columns, rows, 3), of length one, upwards"""
    slopes: Array
    """(columns, rows) rad, 0 where the ground is level"""
    roughness: Array
    """(columns, rows) m, rms distance of the ground from its plane"""
    edges: NDArray[np.bool_]
    """(columns, rows), where the height jumps from a cell to its neighbour"""
