"""Where to stand for a thing on a table, and the footsteps that lead there, corrected on the way.

Footsteps are searched for in the open only. The last steps to a table, and the first ones from it, are
straight: so close to an edge a body must not turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, cos, hypot, sin
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance, middle_of
from vla_course.motion.ground.obstacles import Block, Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.things import Tabletop
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

STAND_OFF = 0.21
"""m, from the middle between the feet to the table's edge, for hands to work: ten centimetres beyond the toes"""
CLEAR = 0.42
"""m, the same where the body may turn"""
DEEPEST = 0.28
"""m from a table's edge: what lies farther in is better taken from another side"""
ASIDE = (0.16, 0.30, 0.04)
"""m, how far beside the middle of the body a thing is to lie, on the side of the hand that takes it"""
STRIDE = 0.20
"""m, the longest step straight to a table or back"""
ASTRAY = 0.03
"""m, a foot farther than that from where it was to land: the way is planned anew from there"""
_ROOM = 1.5
"""m, of level ground round robot and tables"""
_DEEP, _ASIDE_COSTS = 4.0, 4.0
"""m of walking that a metre deeper on the table, or farther from the best place for a hand, is worth"""


class StepPlanner(Protocol):
    """Plans footsteps: the student's `FootstepPlanner` or the reference's."""

    def plan_path(self, start: Stance, goal: GoalPose, next_side: Side | None = None) -> FootstepPlan: ...


StepPlannerOf = Callable[[TerrainMap, Sequence[Obstacle]], StepPlanner]


class NoWay(Exception):
    """There are no safe steps to where the robot is to go; says why."""


@dataclass(frozen=True, slots=True)
class StandingPlace:
    """A place at a table, from which one hand does its work."""

    at: GoalPose
    before: GoalPose
    """straight behind it, where the body is clear of the table"""
    side: Side
    """the hand"""


@dataclass(frozen=True, slots=True)
class Leg:
    """A piece of a way: to `goal`, in the open or straight."""

    goal: GoalPose
    straight: bool = False


def standing_places(
    table: Tabletop, spot: Array, start: GoalPose, aside: tuple[float, ...] = ASIDE
) -> list[StandingPlace]:
    """Return where one may stand for something at `spot` (2,) m on `table`, the best place for one at `start` first.

    Both feet are clear of the table; the robot faces the edge, the spot as far `aside` m of its middle as one of those,
    the first of them best. Empty where `spot` is too deep on the table, or
    beside it.
    """
    found: list[tuple[float, StandingPlace]] = []
    for inward, across in ((0.0, 0), (np.pi, 0), (np.pi / 2.0, 1), (-np.pi / 2.0, 1)):
        ahead, left = np.array((cos(inward), sin(inward))), np.array((-sin(inward), cos(inward)))
        edge = table.middle[:2] - table.size[across] / 2.0 * ahead
        depth, along = float((spot - edge) @ ahead), float((spot - edge) @ left)
        if not 0.0 < depth <= DEEPEST or abs(along) > table.size[1 - across] / 2.0:
            continue
        for sign, side in ((1.0, "left"), (-1.0, "right")):
            for off in aside:
                foot = edge + (along - sign * off) * left
                (x, y), (far_x, far_y) = ((foot - back * ahead).tolist() for back in (STAND_OFF, CLEAR))
                at, before = GoalPose(x, y, wrapped(inward)), GoalPose(far_x, far_y, wrapped(inward))
                way = hypot(before.x - start.x, before.y - start.y)
                cost = way + _DEEP * depth + _ASIDE_COSTS * abs(off - aside[0])
                found.append((cost, StandingPlace(at, before, "left" if side == "left" else "right")))
    return [place for _, place in sorted(found, key=lambda rated: rated[0])]


def obstacle_of(table: Tabletop) -> Block:
    """Return a table as the planner of footsteps sees it."""
    return Block(float(table.middle[0]), float(table.middle[1]), *table.size)


def level_ground(here: GoalPose, tables: Sequence[Tabletop]) -> TerrainMap:
    """Return level ground round a robot that is `here` and all tables, for where nobody tells of the ground."""
    places = np.array([(here.x, here.y), *(table.middle[:2] for table in tables)])
    (x0, y0), (x1, y1) = (places.min(axis=0) - _ROOM).tolist(), (places.max(axis=0) + _ROOM).tolist()
    return TerrainMap.of(Terrain.flat(), (x0, x1), (y0, y1))


def straight_steps(stance: Stance, goal: GoalPose, next_side: Side | None = None) -> list[Footstep]:
    """Return even steps from `stance` straight to `goal`; none where both feet stand there already."""
    here = middle_of(stance)
    away = max(
        hypot(x - foot.x, y - foot.y) + abs(wrapped(yaw - foot.yaw))
        for foot in (stance.left, stance.right)
        for x, y, yaw in (goal.foot(foot.side),)
    )
    if away < 0.005:
        return []
    count = max(1, ceil(hypot(goal.x - here.x, goal.y - here.y) / STRIDE - 1e-9))
    side: Side = next_side or "left"
    steps = []
    for k in range(1, count + 2):
        share = min(1.0, k / count)
        between = GoalPose(
            here.x + share * (goal.x - here.x),
            here.y + share * (goal.y - here.y),
            wrapped(here.yaw + share * wrapped(goal.yaw - here.yaw)),
        )
        x, y, yaw = between.foot(side)
        steps.append(Footstep(side, x, y, stance.foot(side).z, yaw))
        side = "right" if side == "left" else "left"
    return steps


class Route(PlannedSteps):
    """The steps of a way of several legs; planned anew from where the robot is when a foot went astray.

    Attributes:
        lost: why the way was given up, empty as long as it was not.
        made: steps taken so far.
        replanned: how often the way was planned anew.
    """

    def __init__(self, planner: StepPlanner, start: Stance, legs: Sequence[Leg]) -> None:
        """Plan the way. Raises NoWay: some leg leads nowhere."""
        self._planner, self._legs, self._stance = planner, tuple(legs), start
        self.lost, self.made, self.replanned = "", 0, 0
        self._leg_of: list[int] = []
        super().__init__(())
        self._plan(start, 0)

    def upcoming(self, stance: Footstep, other: Footstep) -> Sequence[Footstep]:
        """Return the next steps, from where the feet really are."""
        if self.left and self.left[0].side == other.side:
            meant = self._stance.foot(stance.side)
            if hypot(stance.x - meant.x, stance.y - meant.y) > ASTRAY:
                feet = {stance.side: stance, other.side: other}
                self.replanned += 1
                try:
                    self._plan(Stance(**feet), self._leg_of[0], other.side)
                except NoWay as why:
                    self.left, self.lost = [], str(why)
        return super().upcoming(stance, other)

    def landed(self) -> None:
        """Take note that the first of the steps has been made."""
        if self.left:
            self._stance = _after(self._stance, self.left[0])
            self._leg_of.pop(0)
            self.made += 1
        super().landed()

    def _plan(self, start: Stance, first: int, next_side: Side | None = None) -> None:
        """Plan the legs from number `first` on, from `start`."""
        self._stance, stance = start, start
        steps: list[Footstep] = []
        leg_of: list[int] = []
        for number, leg in enumerate(self._legs[first:], start=first):
            if leg.straight:
                more: Sequence[Footstep] = straight_steps(stance, leg.goal, next_side)
            else:
                plan = self._planner.plan_path(stance, leg.goal, next_side)
                if not plan.reached:
                    raise NoWay(plan.reason)
                more = plan.steps
            for step in more:
                stance = _after(stance, step)
                next_side = "right" if step.side == "left" else "left"
            steps += more
            leg_of += [number] * len(more)
        self.left, self._leg_of = steps, leg_of


def _after(stance: Stance, step: Footstep) -> Stance:
    return Stance(step, stance.right) if step.side == "left" else Stance(stance.left, step)
