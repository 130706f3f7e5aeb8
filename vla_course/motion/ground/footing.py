"""What lies under a sole: the ground of a map looked up for many places at once."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.ground.obstacles import Obstacle, clearance
from vla_course.motion.ground.terrain_map import TerrainAnalysis, TerrainMap
from vla_course.motion.standing.body import sole_corners
from vla_course.simulation.robot.description import HumanoidDescription

Array = NDArray[np.float64]

SPARE: Final = 0.005
"""m, by which the looked-at patch is larger than the sole all round: no foot lands where it should to the millimetre"""


@dataclass(frozen=True, slots=True)
class FootingLimits:
    """How much a foothold may ask of a foot, and what each of it costs. SI units."""

    max_slope: float = 0.15
    """rad, of the plane under the sole: 8.6 degrees"""
    max_gap: float = 0.015
    """m, between the ground and its plane, anywhere under the sole"""
    min_clearance: float = 0.02
    """m, from any point of the sole to the nearest obstacle"""
    slope_cost: float = 0.5
    """-, what the greatest slope allowed costs; half of it costs half"""
    gap_cost: float = 0.5
    """-, what the greatest gap allowed costs"""
    roughness_cost: float = 20.0
    """1/m, what a metre of mean roughness under the sole costs"""


@dataclass(frozen=True, slots=True, eq=False)
class SoleGround:
    """The ground under n places for a sole, looked up at the same m points of each."""

    points: Array
    """(m, 2) m, ahead and left of the sole's origin, in the sole's frame; the middle of them comes first"""
    heights: Array
    """(n, m) m, world; nan where unknown"""
    roughness: Array
    """(n, m) m, of the ground around each point; nan where unknown"""
    edges: NDArray[np.bool_]
    """(n, m), where the height jumps"""
    clearance: Array
    """(n, m) m, to the nearest obstacle, at least; negative inside of it"""


def sole_points(body: HumanoidDescription, spacing: float) -> Array:
    """Return points (m, 2) m that cover the sole and `SPARE` around it, its middle first, its border included."""
    corners = sole_corners(body)[:, :2]
    low, high = corners.min(axis=0) - SPARE, corners.max(axis=0) + SPARE
    axes = [
        np.linspace(a, b, int(np.ceil((b - a) / spacing - 1e-9)) + 1) for a, b in zip(low, high, strict=True)
    ]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.vstack(((low + high) / 2.0, grid))


@dataclass(eq=False)
class Footing:
    """Looks up `SoleGround` in an analysed map with obstacles."""

    terrain: TerrainMap
    analysis: TerrainAnalysis
    obstacles: tuple[Obstacle, ...] = ()
    body: HumanoidDescription = field(default_factory=HumanoidDescription)

    def __post_init__(self) -> None:
        columns, rows = self.terrain.shape
        self.points = sole_points(self.body, self.terrain.cell)
        # the plane through the heights is linear in them; its value at the sole's origin is one row of this
        self._at_origin = np.linalg.pinv(np.column_stack((np.ones(len(self.points)), self.points)))[0]
        x = self.terrain.origin[0] + self.terrain.cell * np.arange(columns)[:, None]
        y = self.terrain.origin[1] + self.terrain.cell * np.arange(rows)[None, :]
        # a point is at most half a diagonal away from the centre of its cell
        self.clearance = clearance(self.obstacles, x, y) - self.terrain.cell * np.sqrt(0.5)
        layers = np.full((columns * rows + 1, 4), np.nan)
        layers[-1, 2:] = 1.0, -np.inf
        for k, layer in enumerate(
            (self.terrain.heights, self.analysis.roughness, self.analysis.edges, self.clearance)
        ):
            layers[:-1, k] = layer.reshape(-1)
        self._layers = layers

    def under(self, poses: Array) -> SoleGround:
        """Return the ground under soles at `poses` (n, 3) x, y (m), yaw (rad)."""
        c, s = np.cos(poses[:, 2, None]), np.sin(poses[:, 2, None])
        ahead, left = self.points.T
        columns, rows = self.terrain.shape
        (ox, oy), cell = self.terrain.origin, self.terrain.cell
        i = np.rint((poses[:, 0, None] + c * ahead - s * left - ox) / cell).astype(np.intp)
        j = np.rint((poses[:, 1, None] + s * ahead + c * left - oy) / cell).astype(np.intp)
        inside = (i >= 0) & (i < columns) & (j >= 0) & (j < rows)
        found = self._layers[np.where(inside, i * rows + j, -1)]
        return SoleGround(self.points, found[..., 0], found[..., 1], found[..., 2] > 0.5, found[..., 3])

    def rest_heights(self, ground: SoleGround) -> Array:
        """Return the height (n,) m of the plane under each sole, at the sole's origin; nan where unknown."""
        heights: Array = ground.heights @ self._at_origin
        return heights
