"""One question to the footholds of a map: from this stance to that goal, as nodes of a graph to search."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import STEP_WIDTH, FootstepPlan, GoalPose, Stance
from vla_course.motion.footsteps.step_reach import (
    RISE,
    RISE_COST,
    cheapest_rates,
    effort,
    step_between,
    within_reach,
)
from vla_course.motion.planning.foothold_graph import FootholdGraph, middles
from vla_course.motion.planning.swing_clearance import swing_height
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]

_START: Final[dict[Side, int]] = {"left": -1, "right": -2}
_GOAL: Final[dict[Side, int]] = {"left": -3, "right": -4}
"""The nodes that are where they are, not on the lattice. Odd nodes are left soles, these too."""
_PER_METRE, _PER_METRE_ASIDE, _PER_RADIAN, _PER_TURNING = 10.0, 30.0, 6.0, 2.0
"""What walks cost by experience, half as much again: per metre ahead and aside, per radian on the spot, and per
radian that the way turns. The more a search expects of what is left, the straighter it goes for the goal."""
_NEAR: Final = 1.0
"""m, where it may be cheaper to shuffle to the goal than to turn, walk and turn back"""


def _angle(difference: Array) -> Array:
    """Return the size of angles, 0 to pi rad."""
    return np.abs((difference + np.pi) % (2.0 * np.pi) - np.pi)


class FootstepSearch:
    """One question to a `FootholdGraph`: from this stance to that goal.

    A node is a foothold of one foot, a whole number: the foot that stands there while the other one swings.

    Attributes:
        roots: the nodes that the search may begin with: the feet that may bear the robot first.
        patience: how many nodes to expand.
        weight: what to multiply the lower bound of the cost to go with.
        cost_per_metre: the least that a metre of the way costs, whatever the steps.
        cost_per_radian: the least that a radian of turning costs.
    """

    def __init__(self, graph: FootholdGraph, start: Stance, goal: GoalPose, next_side: Side | None) -> None:
        self._graph, self._start, self.asked = graph, start, goal
        self.weight, self.patience = graph.config.weight, graph.config.patience
        self.cost_per_metre, self.cost_per_radian = cheapest_rates()
        self.expanded = 0
        self._last: tuple[Nodes, Array] = (np.zeros(0, dtype=np.int64), np.zeros((0, 3)))
        first: tuple[Side, ...] = ("left", "right") if next_side is None else (next_side,)
        self.roots = [_START[other(side)] for side in first]
        self._special = np.zeros((4, 3))
        self._heights = np.zeros(4)
        for side, node in _START.items():
            foot = start.foot(side)
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

    def _middles(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return where the middle between the feet is (n, 3); remembered for the footholds found last."""
        if nodes is self._last[0]:
            return self._last[1]
        codes = np.asarray(nodes, dtype=np.int64)
        return middles(self.poses(codes), (codes & 1) == 1)

    def distance(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return how far (n,) m the middle between the feet must walk to the goal, at least; 0 only there.

        It knows of obstacles.
        """
        middle = self._middles(nodes)
        straight = np.hypot(middle[:, 0] - self.goal.x, middle[:, 1] - self.goal.y)
        least = self._ways.least[self._graph.field.cells(middle[:, 0], middle[:, 1])]
        return np.where(straight < 1e-9, 0.0, np.maximum(straight, least))

    def turn(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return the angle (n,) rad, 0 to pi, between the soles and the goal's heading."""
        away = _angle(self._middles(nodes)[:, 2] - self.goal.yaw)
        return np.where(away < 1e-9, 0.0, away)

    def estimate(self, nodes: Sequence[int] | Nodes) -> Array:
        """Return what the way from nodes to the goal will cost (n,), by experience: mostly too much.

        It supposes that the robot turns to where a roomy way leads, follows it and turns to the goal's heading;
        or, where the goal is near, that it shuffles there.
        """
        middle, ways = self._middles(nodes), self._ways
        cells = self._graph.field.cells(middle[:, 0], middle[:, 1])
        way, yaw = ways.guide[cells], middle[:, 2]
        turns = _angle(yaw - ways.heading[cells]) + _angle(ways.arrival[cells] - self.goal.yaw)
        walk = _PER_METRE * way + _PER_TURNING * ways.turning[cells] + _PER_RADIAN * turns
        x, y, turn = self.goal.x - middle[:, 0], self.goal.y - middle[:, 1], _angle(yaw - self.goal.yaw)
        c, s = np.cos(yaw), np.sin(yaw)
        shuffle = _PER_METRE * np.abs(c * x + s * y) + _PER_METRE_ASIDE * np.abs(c * y - s * x)
        shuffle += _PER_RADIAN * turn
        least = np.hypot(self.cost_per_metre * np.hypot(x, y), self.cost_per_radian * turn)
        return np.maximum(np.where(way < _NEAR, np.minimum(walk, shuffle), walk), least)

    def footholds(self, node: int, side: Side) -> tuple[Nodes, Array]:
        """Return where the foot of `side` can land while the foot at `node` bears the robot.

        Each of them is in reach, on safe ground, and lets the body pass the obstacles.

        Returns:
            nodes (n,), and what the step to each costs (n,).
        """
        self.expanded += 1
        graph, left = self._graph, side == "left"
        pose = self.poses([node])[0]
        height = float(self._look([node])[1][0])
        nodes, cost, low, high = graph.around(pose, side)
        footing, heights = graph.look(nodes)
        final = _GOAL[side]
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
        there = middles(self.poses(nodes), np.full(len(nodes), left))
        free = graph.field.passes(here[:2], there[:, :2])
        nodes = nodes[free]
        self._last = (nodes, there[free])
        return nodes, cost[free]

    def plan(self, nodes: Sequence[int]) -> FootstepPlan:
        """Return the plan that goes along `nodes`, the first of which is a root: where the robot stands.

        At the goal the other foot is put beside the last one. Swing heights are those that the ground asks for.
        """
        graph = self._graph
        path = [int(node) for node in nodes]
        cost = 0.0
        arrived = bool(path) and self.distance(path[-1:])[0] == 0.0 and self.turn(path[-1:])[0] == 0.0
        if arrived:
            beside = _GOAL[other(self.side(path[-1]))]
            before = path[-2] if len(path) > 1 else _START[other(self.side(path[-1]))]
            if np.abs(self.poses([before])[0] - self.poses([beside])[0]).max() > 1e-6:
                path.append(beside)
        feet = {side: self._start.foot(side) for side in ("left", "right")}
        poses, footing, heights = self.poses(path), *self._look(path)
        steps = []
        for k, node in enumerate(path[1:], start=1):
            side, (x, y, yaw) = self.side(node), poses[k].tolist()
            landing = Footstep(side, x, y, float(heights[k]), yaw)
            lift = swing_height(graph.footing, feet[side], landing)
            feet[side] = Footstep(side, x, y, landing.z, yaw, lift)
            steps.append(feet[side])
            step = step_between(poses[k - 1], poses[k], side == "left")
            cost += float(effort(*step) + footing[k] + RISE_COST * abs(heights[k] - heights[k - 1]) / RISE[1])
        nearest = self.goal
        if not arrived:
            last = path[-1] if path else self.roots[0]
            middle = middles(self.poses([last]), np.array([self.side(last) == "left"]))[0]
            nearest = GoalPose(*middle.tolist())
        reached = arrived and not self.reason
        reason = self.reason
        if not arrived and not reason:
            looked = f"{self.expanded} footholds expanded"
            reason = (
                f"no way to the goal was found ({looked}); the steps lead as near to it as the search came"
            )
        return FootstepPlan(tuple(steps), reached, self.asked, nearest, reason, cost, self.expanded)

    def _look(self, path: Sequence[int]) -> tuple[Array, Array]:
        """Return what standing costs and how high (m) the sole is, at each node; starting places cost nothing."""
        codes = np.array(path, dtype=np.int64)
        cost, height = np.zeros(len(codes)), np.zeros(len(codes))
        special = codes < 0
        height[special] = self._heights[-codes[special] - 1]
        cost[special] = np.concatenate(((0.0, 0.0), self._goal_cost))[-codes[special] - 1]
        cost[~special], height[~special] = self._graph.look(codes[~special])
        return cost, height

    # ---- where to go if not there ------------------------------------------------------------

    def _settle(self, goal: GoalPose) -> tuple[GoalPose, str]:
        """Return where to walk, the goal or the nearest place that may be reachable, and why not the goal."""
        graph = self._graph
        begin = middles(self.poses(self.roots), np.array([self.side(root) == "left" for root in self.roots]))
        here = graph.field.cells(begin[:, 0], begin[:, 1])
        reason = self._aim(goal)
        if not reason and np.isfinite(self._ways.least[here]).any():
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
        for k, side in enumerate(_GOAL):
            self._special[2 + k] = goal.foot(side)
        self._goal_cost, self._heights[2:] = graph.rate(self._special[2:])
        self._ways = graph.field.to(goal.x, goal.y)
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
        cells = np.flatnonzero(np.isfinite(graph.field.to(x, y).least))
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
