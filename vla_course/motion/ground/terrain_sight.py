"""Seeing the ground: what depth cameras saw, gathered into a `TerrainMap`."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.standing.body import sole_corners
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import Camera, CameraImage, Place, RobotMount

Array = NDArray[np.float64]

_MIXED: Final = 0.015
"""m: a cell whose highest point is that much above the mean holds a step; it is as high as its top"""
_FEW: Final = 6
"""of its eight neighbours: a cell that no pixel hit takes their mean where at least so many are known"""


class TerrainSight:
    """Gathers what is seen and felt of the ground; `terrain` tells what is known by now.

    Args:
        x, y: m, from where to where the map reaches, world frame.
        cell: m.

    Raises:
        ValueError: a range is not increasing.
    """

    def __init__(self, x: tuple[float, float], y: tuple[float, float], *, cell: float = 0.02) -> None:
        for name, (low, high) in (("x", x), ("y", y)):
            if not low < high:
                raise ValueError(f"{name} is {low} to {high}, expected an increasing range in m")
        self.cell, self.origin = cell, (x[0], y[0])
        shape = (round((x[1] - x[0]) / cell) + 1, round((y[1] - y[0]) / cell) + 1)
        self._count, self._sum = np.zeros(shape), np.zeros(shape)
        self._top = np.full(shape, -np.inf)
        self._assumed = np.full(shape, np.nan)

    def look(self, image: CameraImage, own_body: int) -> None:
        """Add what a picture shows, but for the robot itself: `own_body` is its id in the segmentation."""
        seen = np.isfinite(image.depth) & (image.segmentation != own_body)
        self._add(image.points()[seen])

    def feel(self, stance: Stance, body: HumanoidDescription | None = None, *, around: float = 0.0) -> None:
        """Add what the soles stand on: no camera sees it.

        Before its feet a standing robot does not see the ground for some 25 cm. `around` (m) is how far beside
        the soles unseen ground is taken to go on level: an assumption, to be made where the robot was put.
        """
        corners = sole_corners(body or HumanoidDescription())
        for foot in (stance.left, stance.right):
            (x0, y0, _), (x1, y1, _) = corners.min(axis=0), corners.max(axis=0)
            grid = np.meshgrid(np.arange(x0, x1, self.cell / 2), np.arange(y0, y1, self.cell / 2))
            ahead, left = (part.reshape(-1) for part in grid)
            c, s = np.cos(foot.yaw), np.sin(foot.yaw)
            x, y = foot.x + c * ahead - s * left, foot.y + s * ahead + c * left
            self._add(np.column_stack((x, y, np.full(len(x), foot.z))))
            if around > 0.0:
                px = self.origin[0] + self.cell * np.arange(self._count.shape[0])[:, None] - foot.x
                py = self.origin[1] + self.cell * np.arange(self._count.shape[1])[None, :] - foot.y
                out_x = np.maximum(np.abs(c * px + s * py - (x0 + x1) / 2.0) - (x1 - x0) / 2.0, 0.0)
                out_y = np.maximum(np.abs(c * py - s * px) - (y1 - y0) / 2.0, 0.0)
                self._assumed[np.hypot(out_x, out_y) <= around] = foot.z

    def _add(self, points: Array) -> None:
        i = np.rint((points[:, 0] - self.origin[0]) / self.cell).astype(np.intp)
        j = np.rint((points[:, 1] - self.origin[1]) / self.cell).astype(np.intp)
        inside = (i >= 0) & (i < self._count.shape[0]) & (j >= 0) & (j < self._count.shape[1])
        flat, height = i[inside] * self._count.shape[1] + j[inside], points[inside, 2]
        size = self._count.size
        self._count += np.bincount(flat, minlength=size).reshape(self._count.shape)
        self._sum += np.bincount(flat, weights=height, minlength=size).reshape(self._count.shape)
        np.maximum.at(self._top.reshape(-1), flat, height)

    def terrain(self) -> TerrainMap:
        """Return the map: the mean height of each cell, its top where it holds a step, nan where unknown.

        Heights are whole millimetres: no camera sees more, and a step of 10 cm is not one of 10.00001.
        """
        with np.errstate(invalid="ignore"):
            mean = self._sum / np.where(self._count > 0, self._count, np.nan)
            heights = np.where(self._top - mean > _MIXED, self._top, mean)
        heights = np.round(_without_pinholes(heights), 3)
        return TerrainMap(np.where(np.isnan(heights), self._assumed, heights), self.cell, self.origin)


def look_around(
    humanoid: Humanoid, sight: TerrainSight, places: tuple[Place, ...] = ("head", "chest", "pelvis")
) -> None:
    """Take a picture with each of the robot's cameras and add it to `sight`."""
    for place in places:
        sight.look(Camera(humanoid.world, RobotMount(humanoid, place)).capture(), humanoid.body)


def _without_pinholes(heights: Array) -> Array:
    around = np.pad(heights, 1, constant_values=np.nan)
    columns, rows = heights.shape
    neighbours = np.stack(
        [around[i : i + columns, j : j + rows] for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    )
    known = np.isfinite(neighbours)
    few = known.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.where(known, neighbours, 0.0).sum(axis=0) / np.maximum(few, 1)
    return np.where(np.isnan(heights) & (few >= _FEW), mean, heights)
