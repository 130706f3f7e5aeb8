"""Footholds as the nodes of a graph: which can follow a foothold, what the step costs, how far the goal is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footing import Footing, FootingLimits, SoleGround
from vla_course.motion.footstep_plan import STEP_WIDTH, FootstepPlan, GoalPose, Stance
from vla_course.motion.footsteps import Footstep
from vla_course.motion.obstacles import Obstacle
from vla_course.motion.step_field import StepField
from vla_course.motion.step_reach import (
    RISE,
    RISE_COST,
    STEPS_TRIED,
    LegSolver,
    cheapest_rates,
    effort,
    leg_reach,
    step_between,
    within_reach,
)
from vla_course.motion.swing_clearance import swing_height
from vla_course.motion.terrain_map import TerrainAnalysis, TerrainMap
from vla_course.simulation.robot_state import Side

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]
Rating = Callable[[SoleGround, FootingLimits], Array]

PITCH: Final = 0.025
"""m, between neighbouring footholds"""
HEADINGS: Final = 64
"""how many ways a foothold may point"""
START, GOAL = {"left": -1, "right": -2}, {"left": -3, "right": -4}
"""The nodes that are where they are, not on the lattice of footholds. Odd nodes are left soles."""


@dataclass(frozen=True, slots=True)
class PlannerConfig:
    """What a search may take, and how near a body may pass. SI units.

    Raises:
        ValueError: a number is outside its range.
    """

    weight: float = 2.0
    """-, factor on the lower bound of the cost to go: no plan costs more than this many times the cheapest"""
    patience: int = 2000
    """footholds that a search looks beyond before it settles for the best that it has found"""
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
    """Every foothold on a map, on a lattice of places and headings; rated where a search first looks.

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
        size = HEADINGS * self.shape[0] * self.shape[1]
        self._cost = np.zeros(size)  # 1 + cost; 0 where nobody has looked yet
        self._height = np.zeros(size)
        self._tables: dict[tuple[int, bool], tuple[Nodes, Nodes, Nodes, Array, Array, Array]] = {}

    # ---- places ------------------------------------------------------------------------------

    def rate(self, poses: Array) -> tuple[Array, Array]:
        """Return what standing at sole poses (n, 3) costs, and how high (m) the sole is there."""
        if not len(poses):
            return np.zeros(0), np.zeros(0)
        ground = self.footing.under(poses)
        return np.asarray(self._rate(ground, self.config.footing)), self.footing.rest_heights(ground)

    def poses(self, nodes: Nodes) -> Array:
        """Return x, y (m), yaw (rad) of lattice nodes, (n, 3)."""
        rest, j = np.divmod(nodes >> 1, self.shape[1])
        k, i = np.divmod(rest, self.shape[0])
        (ox, oy), turn = self._origin, 2.0 * np.pi / HEADINGS
        return np.column_stack((ox + PITCH * i, oy + PITCH * j, turn * k))

    def look(self, nodes: Nodes) -> tuple[Array, Array]:
        """Return cost and height (m) of lattice nodes, from memory where they have been looked at."""
        places = nodes >> 1
        new = places[self._cost[places] == 0.0]
        if len(new):
            cost, height = self.rate(self.poses(new << 1))
            self._cost[new], self._height[new] = 1.0 + cost, height
        return self._cost[places] - 1.0, self._height[places]

    # ---- steps -------------------------------------------------------------------------------

    def around(self, pose: Array, swings: Side) -> tuple[Nodes, Array, Array, Array]:
        """Return the lattice nodes that the swinging foot reaches from a sole at `pose` (3,).

        Returns:
            nodes (n,), what each step costs on flat ground (n,), lowest and highest rise (n,) m.
        """
        left = swings == "left"
        i0, j0 = (pose[0] - self._origin[0]) / PITCH, (pose[1] - self._origin[1]) / PITCH
        k0 = pose[2] * HEADINGS / (2.0 * np.pi)
        di, dj, k, cost, low, high = self._table(pose, (i0, j0, k0), left)
        i, j = round(i0) + di, round(j0) + dj
        on = (i >= 0) & (i < self.shape[0]) & (j >= 0) & (j < self.shape[1])
        nodes = (((k * self.shape[0] + i) * self.shape[1] + j) << 1) + left
        return nodes[on], cost[on], low[on], high[on]

    def _table(
        self, pose: Array, place: tuple[float, float, float], left: bool
    ) -> tuple[Nodes, Nodes, Nodes, Array, Array, Array]:
        """Return columns, rows from the nearest lattice place, heading, cost and rises of the steps tried."""
        i0, j0, k0 = place
        on_lattice = all(abs(part - round(part)) < 1e-6 for part in place)
        key = (round(k0) % HEADINGS, left)
        if on_lattice and key in self._tables:
            return self._tables[key]
        yaw, sign = pose[2], 1.0 if left else -1.0
        ahead, aside, turn = STEPS_TRIED.T * np.array([[1.0], [sign], [sign]])
        c, s = np.cos(yaw), np.sin(yaw)
        fi, fj = i0 - round(i0), j0 - round(j0)
        di = np.rint(fi + (c * ahead - s * aside) / PITCH).astype(np.int64)
        dj = np.rint(fj + (s * ahead + c * aside) / PITCH).astype(np.int64)
        k = np.rint(k0 + turn * HEADINGS / (2.0 * np.pi)).astype(np.int64)
        _, first = np.unique(np.column_stack((di, dj, k)), axis=0, return_index=True)
        di, dj, k = di[first], dj[first], k[first]
        landing = np.column_stack(((di - fi) * PITCH, (dj - fj) * PITCH, k * 2.0 * np.pi / HEADINGS))
        step = step_between((0.0, 0.0, yaw), landing, left)
        low, high = self.reach.rises(*step)
        good = within_reach(*step) & (low <= high)
        table = (di[good], dj[good], k[good] % HEADINGS, effort(*step)[good], low[good], high[good])
        if on_lattice:
            self._tables[key] = table
        return table


def middles(poses: Array, left: NDArray[np.bool_]) -> Array:
    """Return the middle between the feet (n, 3) that belongs to soles at `poses`, the other foot beside them."""
    out = np.where(left, STEP_WIDTH / 2.0, -STEP_WIDTH / 2.0)
    yaw = poses[:, 2]
    return np.column_stack((poses[:, 0] + out * np.sin(yaw), poses[:, 1] - out * np.cos(yaw), yaw))


class FootstepSearch:
    """One question to a `FootholdGraph`: from this stance to that goal.

    A node is a foothold of one foot, a whole number: the foot that stands there while the other one swings.

    Attributes:
        roots: the nodes that the search may begin with: the feet that may bear the robot first.
        patience: how many nodes to look beyond.
        weight: what to multiply the lower bound of the cost to go with.
        cost_per_metre: the least that a metre of the way costs, whatever the steps.
        cost_per_radian: the least that a radian of turning costs.
    """

    def __init__(self, graph: FootholdGraph, start: Stance, goal: GoalPose, next_side: Side | None) -> None:
        self._graph, self._start, self.asked = graph, start, goal
        self.weight, self.patience = graph.config.weight, graph.config.patience
        self.cost_per_metre, self.cost_per_radian = cheapest_rates()
        self.expanded = 0
        first: tuple[Side, ...] = ("left", "right") if next_side is None else (next_side,)
        self.roots = [START[other(side)] for side in first]
        self._special = np.zeros((4, 3))
        self._heights = np.zeros(4)
        for side, node in START.items():
            foot = start.foot("left" if side == "left" else "right")
            self._special[-node - 1] = foot.x, foot.y, foot.yaw
            self._heights[-node - 1] = foot.z
        self.goal, self.reason = self._settle(goal)

    @staticmethod
    def side(node: int) -> Side:
        """Return the foot that stands at a node."""
        return "left" if node & 1 else "right"

    def poses(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return x, y (m) and yaw (rad) of the soles (n, 3)."""
        codes = np.asarray(nodes, dtype=np.int64)
        poses = self._graph.poses(np.maximum(codes, 0))
        special = codes < 0
        if special.any():
            poses[special] = self._special[-codes[special] - 1]
        return poses

    def distance(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return how far (n,) m the middle between the feet must walk to the goal, at least; 0 only there.

        It knows of obstacles. inf where no way leads to the goal.
        """
        codes = np.asarray(nodes, dtype=np.int64)
        middle = middles(self.poses(codes), (codes & 1) == 1)
        straight = np.hypot(middle[:, 0] - self.goal.x, middle[:, 1] - self.goal.y)
        field_ = self._way[self._graph.field.cells(middle[:, 0], middle[:, 1])]
        return np.where(straight < 1e-9, 0.0, np.maximum(straight, field_))

    def turn(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return the angle (n,) rad, 0 to pi, between the soles and the goal's heading."""
        away = (self.poses(nodes)[:, 2] - self.goal.yaw + np.pi) % (2.0 * np.pi) - np.pi
        return np.where(np.abs(away) < 1e-9, 0.0, np.abs(away))

    def footholds(self, node: int, side: Side) -> tuple[Nodes, Array]:
        """Return where the foot of `side` can land while the foot at `node` bears the robot.

        Each of them is in reach, on safe ground, and lets the body pass the obstacles.

        Returns:
            nodes (n,), and what the step to each costs (n,).
        """
        self.expanded += 1
        graph, left = self._graph, side == "left"
        pose = self.poses([node])[0]
        height = self._height(node)
        nodes, cost, low, high = graph.around(pose, side)
        footing, heights = graph.look(nodes)
        final = GOAL[side]
        step = step_between(pose, self._special[-final - 1], left)
        if within_reach(*step) and node != final and np.isfinite(self._goal_cost[-final - 3]):
            nodes, cost = np.append(nodes, final), np.append(cost, effort(*step))
            goal_low, goal_high = graph.reach.rises(*step)
            low, high = np.append(low, goal_low), np.append(high, goal_high)
            footing = np.append(footing, self._goal_cost[-final - 3])
            heights = np.append(heights, self._heights[-final - 1])
        rise = heights - height
        with np.errstate(invalid="ignore"):
            good = np.isfinite(footing) & (rise >= low - 1e-9) & (rise <= high + 1e-9)
        nodes = nodes[good]
        cost = (cost + footing + RISE_COST * np.abs(rise) / RISE[1])[good]
        here = middles(pose[None], np.array([self.side(node) == "left"]))[0]
        free = graph.field.passes(here[:2], middles(self.poses(nodes), np.full(len(nodes), left))[:, :2])
        return nodes[free], cost[free]

    def plan(self, nodes: Sequence[int]) -> FootstepPlan:
        """Return the plan that goes along `nodes`, the first of which is a root: where the robot stands.

        At the goal the other foot is put beside the last one. Swing heights are those that the ground asks for.
        """
        graph = self._graph
        path = [int(node) for node in nodes]
        cost = 0.0
        arrived = bool(path) and self.distance(path[-1:])[0] == 0.0 and self.turn(path[-1:])[0] == 0.0
        if arrived:
            beside = GOAL[other(self.side(path[-1]))]
            before = path[-2] if len(path) > 1 else START[other(self.side(path[-1]))]
            if np.abs(self.poses([before])[0] - self.poses([beside])[0]).max() > 1e-6:
                path.append(beside)
        feet = {side: self._start.foot(side) for side in ("left", "right")}
        steps = []
        for bearing, node in zip(path, path[1:], strict=False):
            side, (x, y, yaw) = self.side(node), self.poses([node])[0].tolist()
            landing = Footstep(side, x, y, self._height(node), yaw)
            lift = swing_height(graph.footing, feet[side], landing)
            feet[side] = Footstep(side, x, y, landing.z, yaw, lift)
            steps.append(feet[side])
            cost += self._cost_of(bearing, node)
        nearest = self.goal
        if not arrived:
            last = path[-1] if path else self.roots[0]
            middle = middles(self.poses([last]), np.array([self.side(last) == "left"]))[0]
            nearest = GoalPose(*middle.tolist())
        reached = arrived and not self.reason
        reason = self.reason
        if not arrived and not reason:
            looked = f"{self.expanded} footholds looked beyond"
            reason = f"no way to the goal was found ({looked}); the steps lead as near to it as the search came"
        return FootstepPlan(tuple(steps), reached, self.asked, nearest, reason, cost, self.expanded)

    def _cost_of(self, bearing: int, node: int) -> float:
        left = self.side(node) == "left"
        step = step_between(self.poses([bearing])[0], self.poses([node])[0], left)
        rise = abs(self._height(node) - self._height(bearing))
        footing = self._graph.look(np.array([node]))[0][0] if node >= 0 else self._goal_cost[-node - 3]
        return float(effort(*step) + footing + RISE_COST * rise / RISE[1])

    def _height(self, node: int) -> float:
        if node < 0:
            return float(self._heights[-node - 1])
        return float(self._graph.look(np.array([node]))[1][0])

    # ---- where to go if not there ------------------------------------------------------------

    def _settle(self, goal: GoalPose) -> tuple[GoalPose, str]:
        """Return where to walk, the goal or the nearest place that may be reachable, and why not the goal."""
        graph = self._graph
        begin = middles(self.poses(self.roots), np.array([self.side(root) == "left" for root in self.roots]))
        here = graph.field.cells(begin[:, 0], begin[:, 1])
        reason = self._aim(goal)
        if not reason and np.isfinite(self._way[here]).any():
            return goal, ""
        reason = reason or "no way leads to the goal"
        found = self._nearest(goal, float(begin[0, 0]), float(begin[0, 1]))
        if found is not None and not self._aim(found):
            return found, f"{reason}; the steps lead to the nearest place that can be reached"
        stay = GoalPose(*begin[0].tolist())
        self._aim(stay)
        known = graph.footing.terrain.known.any()
        return stay, f"{reason}; {'nowhere else can the robot go' if known else 'no ground is known'}"

    def _aim(self, goal: GoalPose) -> str:
        """Make `goal` the aim of the search; returns why nobody can stand there, nothing where one can."""
        graph = self._graph
        self.goal = goal
        for k, side in enumerate(GOAL):
            self._special[2 + k] = goal.foot("left" if side == "left" else "right")
        self._goal_cost, self._heights[2:] = graph.rate(self._special[2:])
        self._way = graph.field.to(goal.x, goal.y)
        if not np.isfinite(self._heights[2:]).all():
            return "the ground at the goal is not known"
        if not np.isfinite(self._goal_cost).all():
            return "the ground at the goal is not safe to stand on"
        step = step_between(self._special[2], self._special[3], left_swings=False)
        low, high = graph.reach.rises(*step)
        if not low <= self._heights[3] - self._heights[2] <= high:
            return "at the goal one foot would stand too high above the other"
        cell = graph.field.cells(np.array(goal.x), np.array(goal.y))
        return "" if graph.field.free[cell] else "the body would touch an obstacle at the goal"

    def _nearest(self, goal: GoalPose, x: float, y: float) -> GoalPose | None:
        """Return the place nearest to `goal` to which a way leads from x, y (m) and where the robot can stand."""
        graph = self._graph
        cells = np.flatnonzero(np.isfinite(graph.field.to(x, y)))
        cx, cy = graph.field.centres(cells)
        away = np.hypot(cx - goal.x, cy - goal.y)
        order = np.argsort(away, kind="stable")
        for chunk in np.array_split(order, max(1, len(order) // 256)):
            feet = np.stack(
                [
                    np.column_stack(
                        (
                            cx[chunk] - out * np.sin(goal.yaw),
                            cy[chunk] + out * np.cos(goal.yaw),
                            np.full(len(chunk), goal.yaw),
                        )
                    )
                    for out in (STEP_WIDTH / 2.0, -STEP_WIDTH / 2.0)
                ]
            )
            costs, heights = zip(*(graph.rate(poses) for poses in feet), strict=True)
            with np.errstate(invalid="ignore"):
                good = np.isfinite(costs[0] + costs[1]) & (np.abs(heights[0] - heights[1]) <= RISE[1])
            if good.any():
                place = chunk[good][0]
                return GoalPose(float(cx[place]), float(cy[place]), goal.yaw)
        return None


def other(side: Side) -> Side:
    """Return the other foot."""
    return "right" if side == "left" else "left"
