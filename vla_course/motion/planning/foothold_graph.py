"""Every place for a sole on a map: what standing there costs, and which steps lead from one to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.plan import STEP_WIDTH
from vla_course.motion.footsteps.step_reach import (
    STEPS_TRIED,
    LegReach,
    LegSolver,
    effort,
    leg_reach,
    step_between,
    within_reach,
)
from vla_course.motion.ground.footing import Footing, FootingLimits, SoleGround
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainAnalysis, TerrainMap
from vla_course.motion.planning.step_field import StepField
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]
Rating = Callable[[SoleGround, FootingLimits], Array]

PITCH: Final = 0.025
"""m, between neighbouring footholds"""
HEADINGS: Final = 64
"""how many ways a foothold may point"""


@dataclass(frozen=True, slots=True)
class PlannerConfig:
    """What a search may take, and how near a body may pass. SI units.

    Raises:
        ValueError: a number is outside its range.
    """

    weight: float = 4.0
    """-, no plan costs more than this many times the cheapest: the weight of weighted A*; a small one makes the search
    thorough and slow"""
    patience: int = 2000
    """footholds that a search expands before it settles for the best that it has found"""
    body_radius: float = 0.28
    """m, round the middle between the feet: the shoulders and the hands at home"""
    footing: FootingLimits = field(default_factory=FootingLimits)

    def __post_init__(self) -> None:
        if not 1.0 <= self.weight <= 10.0:
            raise ValueError(f"PlannerConfig.weight is {self.weight}, expected 1 to 10")
        if self.patience < 1:
            raise ValueError(f"PlannerConfig.patience is {self.patience}, expected at least 1")
        if not 0.0 <= self.body_radius <= 1.0:
            raise ValueError(f"PlannerConfig.body_radius is {self.body_radius}, expected 0 to 1 m")


class FootholdGraph:
    """Every foothold on a map, rated when a search first looks at it, and remembered for later searches.

    A foothold is a whole number, a node: ((column * rows + row) * HEADINGS + heading) * 2, plus 1 for the left
    foot.

    Args:
        terrain, analysis: the ground.
        obstacles: what neither sole nor body may touch.
        rate: what footholds cost, inf where a sole must not stand.
        solve_leg: the inverse kinematics of a leg.
    """

    def __init__(
        self,
        terrain: TerrainMap,
        analysis: TerrainAnalysis,
        obstacles: Sequence[Obstacle],
        config: PlannerConfig,
        rate: Rating,
        solve_leg: LegSolver,
    ) -> None:
        self.config = config
        self.footing = Footing(terrain, analysis, tuple(obstacles))
        self.reach = leg_reach(solve_leg, self.footing.body)
        self.field = StepField(self.footing, config.body_radius)
        self._rate = rate
        self._origin = terrain.origin
        self.shape = tuple(int(n * terrain.cell / PITCH) + 1 for n in terrain.shape)
        # 1 + cost and height by place and heading, 0 where nobody has looked yet; rows for places looked at only
        self._row = np.full(self.shape[0] * self.shape[1], -1, dtype=np.int32)
        self._seen = np.zeros((1024, HEADINGS, 2))
        self._rows = 0

    def rate(self, poses: Array) -> tuple[Array, Array]:
        """Return what standing at sole poses (n, 3) costs, and how high (m) the sole is there."""
        if not len(poses):
            return np.zeros(0), np.zeros(0)
        ground = self.footing.under(poses)
        return np.asarray(self._rate(ground, self.config.footing)), self.footing.rest_heights(ground)

    def poses(self, nodes: Nodes) -> Array:
        """Return x, y (m), yaw (rad) of lattice nodes, (n, 3)."""
        rest, k = np.divmod(nodes >> 1, HEADINGS)
        i, j = np.divmod(rest, self.shape[1])
        found = np.empty((len(nodes), 3))
        found[:, 0], found[:, 1] = self._origin[0] + PITCH * i, self._origin[1] + PITCH * j
        found[:, 2] = 2.0 * np.pi / HEADINGS * k
        return found

    def look(self, nodes: Nodes) -> tuple[Array, Array]:
        """Return cost and height (m) of lattice nodes, from memory where they have been looked at."""
        places, k = np.divmod(nodes >> 1, HEADINGS)
        new = np.unique(places[self._row[places] < 0])
        if len(new):
            self._row[new] = self._rows + np.arange(len(new))
            self._rows += len(new)
            if self._rows > len(self._seen):
                more = np.zeros((max(len(self._seen), len(new)), HEADINGS, 2))
                self._seen = np.concatenate((self._seen, more))
        rows = self._row[places]
        seen = self._seen[rows, k]
        unseen = seen[:, 0] == 0.0
        if unseen.any():
            cost, height = self.rate(self.poses(nodes[unseen]))
            seen[unseen, 0], seen[unseen, 1] = 1.0 + cost, height
            self._seen[rows, k] = seen
        return seen[:, 0] - 1.0, seen[:, 1]

    def around(self, pose: Array, swings: Side) -> tuple[Nodes, Array, Array, Array]:
        """Return the lattice nodes that the swinging foot reaches from a sole at `pose` (3,).

        Returns:
            nodes (n,), what each step costs on flat ground (n,), lowest and highest rise (n,) m.
        """
        i0, j0 = (pose[0] - self._origin[0]) / PITCH, (pose[1] - self._origin[1]) / PITCH
        k0 = pose[2] * HEADINGS / (2.0 * np.pi)
        i, j, k = round(i0), round(j0), round(k0)
        off = (i0 - i, j0 - j, k0 - k)
        if max(map(abs, off)) < 1e-6:
            table = _from_lattice(self.reach, k % HEADINGS, swings)
        else:
            table = _lattice_steps(self.reach, off, k, swings)
        i, j = i + table.columns, j + table.rows
        on = (i >= 0) & (i < self.shape[0]) & (j >= 0) & (j < self.shape[1])
        nodes = (((i * self.shape[1] + j) * HEADINGS + table.headings) << 1) + (swings == "left")
        return nodes[on], table.cost[on], table.low[on], table.high[on]


@dataclass(frozen=True, slots=True, eq=False)
class _LatticeSteps:
    """Steps that end on the lattice (n,): columns and rows from the nearest place, headings, cost, rises (m)."""

    columns: Nodes
    rows: Nodes
    headings: Nodes
    cost: Array
    low: Array
    high: Array


@lru_cache(maxsize=4 * HEADINGS)
def _from_lattice(reach: LegReach, heading: int, swings: Side) -> _LatticeSteps:
    return _lattice_steps(reach, (0.0, 0.0, 0.0), heading, swings)


def _lattice_steps(
    reach: LegReach, off: tuple[float, float, float], heading: int, swings: Side
) -> _LatticeSteps:
    """Put the steps tried on the lattice, from a sole that is `off` (columns, rows, headings) the nearest place.

    Only those stay that are in reach after that, too.
    """
    di, dj, dk = off
    turn = 2.0 * np.pi / HEADINGS
    yaw, sign = (heading + dk) * turn, 1.0 if swings == "left" else -1.0
    ahead, aside, around = STEPS_TRIED.T * np.array([[1.0], [sign], [sign]])
    c, s = np.cos(yaw), np.sin(yaw)
    wanted = (
        di + (c * ahead - s * aside) / PITCH,
        dj + (s * ahead + c * aside) / PITCH,
        (yaw + around) / turn,
    )
    i, j, k = np.unique(np.rint(np.stack(wanted)).astype(np.int64), axis=1)
    landing = np.stack(((i - di) * PITCH, (j - dj) * PITCH, k * turn), axis=-1)
    step = step_between((0.0, 0.0, yaw), landing, sign > 0.0)
    low, high = reach.rises(*step)
    good = within_reach(*step) & (low <= high)
    return _LatticeSteps(i[good], j[good], k[good] % HEADINGS, effort(*step)[good], low[good], high[good])


def middles(poses: Array, left: NDArray[np.bool_]) -> Array:
    """Return the middle between the feet (n, 3) that belongs to soles at `poses`, the other foot beside them."""
    out = np.where(left, STEP_WIDTH / 2.0, -STEP_WIDTH / 2.0)
    found = poses.copy()
    found[:, 0] += out * np.sin(poses[:, 2])
    found[:, 1] -= out * np.cos(poses[:, 2])
    return found
