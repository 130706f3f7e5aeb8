"""Ground that is not flat: bumps, slopes, stairs and kerbs ahead of the robot, and the truth about them.

Every terrain begins at x = `start` and lies on the world's plane, so that a robot at the origin starts
on flat ground and walks onto it along +x.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.simulation.robot.urdf import Colour
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

FloatArray = NDArray[np.float64]
STONE: Colour = (0.66, 0.64, 0.60)
_THICKNESS = 0.5


@dataclass(frozen=True, slots=True)
class Slab:
    """A slab whose top rises evenly from `low` at x = `x0` to `high` at x = `x1` (m), `width` across."""

    x0: float
    x1: float
    low: float
    high: float
    width: float


@dataclass(frozen=True, slots=True)
class HeightGrid:
    """Heights of nodes `cell` apart (m), (columns along x, rows along y), the first at `origin`.

    Between the nodes each square cell is two triangles, as in Bullet, which meet along the diagonal
    from the corner of greatest x and least y to the corner of least x and greatest y.
    """

    heights: FloatArray
    cell: float
    origin: tuple[float, float]

    def at(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return the height (m) at points of equal shape; 0 outside the grid."""
        columns, rows = self.heights.shape
        across, along = (x - self.origin[0]) / self.cell, (y - self.origin[1]) / self.cell
        inside = (across >= 0) & (across <= columns - 1) & (along >= 0) & (along <= rows - 1)
        i = np.clip(np.floor(across).astype(int), 0, columns - 2)
        j = np.clip(np.floor(along).astype(int), 0, rows - 2)
        u, v = across - i, along - j
        near, far = self.heights[i, j], self.heights[i + 1, j + 1]
        right, left = self.heights[i + 1, j], self.heights[i, j + 1]
        lower = near + u * (right - near) + v * (left - near)
        upper = far + (1 - u) * (left - far) + (1 - v) * (right - far)
        return np.where(inside, np.where(u + v <= 1, lower, upper), 0.0)


@dataclass(frozen=True, slots=True)
class Terrain:
    """A shape of the ground; `build` puts it into a world, `height` tells the truth about it."""

    name: str
    slabs: tuple[Slab, ...] = ()
    grid: HeightGrid | None = field(default=None, compare=False)

    @classmethod
    def flat(cls) -> Self:
        """Nothing but the plane."""
        return cls("flat")

    @classmethod
    def bumps(
        cls,
        height: float,
        cell: float,
        rng: np.random.Generator,
        *,
        start: float = 0.5,
        length: float = 6.0,
        width: float = 3.0,
    ) -> Self:
        """Random bumps of 0 to `height` m, a node every `cell` m, tapering to the plane at the border."""
        _expect("height", height, 0.0, 0.2)
        _expect("cell", cell, 0.02, 1.0)
        columns, rows = round(length / cell) + 1, round(width / cell) + 1
        if columns < 3 or rows < 3:
            raise ValueError(f"length x width is {length} x {width} m, expected at least two cells each way")
        heights = np.zeros((columns, rows))
        heights[1:-1, 1:-1] = rng.uniform(0.0, height, size=(columns - 2, rows - 2))
        return cls("bumps", grid=HeightGrid(heights, cell, (start, -(rows - 1) * cell / 2)))

    @classmethod
    def slope(cls, angle: float, *, start: float = 0.5, length: float = 6.0, width: float = 3.0) -> Self:
        """A ramp that rises by `angle` rad along +x for `length` m on the map."""
        _expect("angle", angle, 0.0, 0.4)
        return cls("slope", (Slab(start, start + length, 0.0, length * float(np.tan(angle)), width),))

    @classmethod
    def stairs(
        cls, step_height: float, depth: float, *, count: int = 6, start: float = 0.5, width: float = 3.0
    ) -> Self:
        """`count` steps up along +x, each `depth` m deep; the last one is a landing of 2 m."""
        _expect("step_height", step_height, 0.001, 0.3)
        _expect("depth", depth, 0.1, 2.0)
        if count < 1:
            raise ValueError(f"count is {count}, expected at least one step")
        edges = [start + k * depth for k in range(count)] + [start + (count - 1) * depth + 2.0]
        tops = [(k + 1) * step_height for k in range(count)]
        slabs = [Slab(edges[k], edges[k + 1], top, top, width) for k, top in enumerate(tops)]
        return cls("stairs", tuple(slabs))

    @classmethod
    def kerb(cls, height: float, *, start: float = 0.5, length: float = 4.0, width: float = 3.0) -> Self:
        """One step up of `height` m onto a pavement `length` m long."""
        _expect("height", height, 0.001, 0.3)
        return cls("kerb", (Slab(start, start + length, height, height, width),))

    def height(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the height of the ground, m, at points given by arrays of one shape."""
        px, py = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        ground = np.zeros(px.shape)
        if self.grid is not None:
            ground = np.maximum(ground, self.grid.at(px, py))
        for slab in self.slabs:
            inside = (px >= slab.x0) & (px <= slab.x1) & (np.abs(py) <= slab.width / 2)
            top = slab.low + (px - slab.x0) / (slab.x1 - slab.x0) * (slab.high - slab.low)
            ground = np.maximum(ground, np.where(inside, top, 0.0))
        return ground

    def build(self, world: World, colour: Colour = STONE) -> list[int]:
        """Put the terrain into `world`, as slippery as its plane, and return the bodies made."""
        bodies = [_build_slab(world, slab, colour) for slab in self.slabs]
        if self.grid is not None:
            bodies.append(_build_grid(world, self.grid, colour))
        for body in bodies:
            pybullet.changeDynamics(
                body, -1, lateralFriction=world.ground_friction, physicsClientId=world.client
            )
        world.ground_bodies.update(bodies)
        return bodies


def _expect(name: str, value: float, lower: float, upper: float) -> None:
    if not lower <= value <= upper:
        raise ValueError(f"{name} is {value}, expected {lower} to {upper}")


def _build_slab(world: World, slab: Slab, colour: Colour) -> int:
    run, rise = slab.x1 - slab.x0, slab.high - slab.low
    tilt, length = np.arctan2(rise, run), np.hypot(run, rise)
    half = [length / 2, slab.width / 2, _THICKNESS / 2]
    client = world.client
    shape = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half, physicsClientId=client)
    looks = pybullet.createVisualShape(
        pybullet.GEOM_BOX, halfExtents=half, rgbaColor=[*colour, 1.0], physicsClientId=client
    )
    down = _THICKNESS / 2
    centre = [
        (slab.x0 + slab.x1) / 2 + down * np.sin(tilt),
        0.0,
        (slab.low + slab.high) / 2 - down * np.cos(tilt),
    ]
    body: int = pybullet.createMultiBody(
        0.0,
        shape,
        looks,
        basePosition=centre,
        baseOrientation=pybullet.getQuaternionFromEuler((0.0, -tilt, 0.0)),
        physicsClientId=client,
    )
    return body


def _build_grid(world: World, grid: HeightGrid, colour: Colour) -> int:
    columns, rows = grid.heights.shape
    client = world.client
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_HEIGHTFIELD,
        meshScale=[grid.cell, grid.cell, 1.0],
        heightfieldData=grid.heights.T.ravel().tolist(),
        numHeightfieldRows=columns,
        numHeightfieldColumns=rows,
        physicsClientId=client,
    )
    # Bullet puts the origin of a height field in the middle of its bounding box, in z as well.
    middle = [
        grid.origin[0] + (columns - 1) * grid.cell / 2,
        grid.origin[1] + (rows - 1) * grid.cell / 2,
        float(grid.heights.min() + grid.heights.max()) / 2,
    ]
    body: int = pybullet.createMultiBody(0.0, shape, basePosition=middle, physicsClientId=client)
    pybullet.changeVisualShape(body, -1, rgbaColor=[*colour, 1.0], physicsClientId=client)
    return body
