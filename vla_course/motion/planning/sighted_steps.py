"""Walking over ground that nobody told the robot of: it looks after every step, and plans anew where it must."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import hypot
from typing import Protocol

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.ground.terrain_sight import TerrainSight, look_around
from vla_course.motion.planning.foothold_graph import FootholdGraph
from vla_course.motion.planning.step_safety import fault_of_step
from vla_course.motion.walking.step_sources import AHEAD
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.cameras import Place

_LOOKS: tuple[Place, ...] = ("chest", "pelvis")
"""the cameras that see the ground from 15 cm before the feet on"""
_LAST = 3
"""steps: with no more than that left of a plan that does not lead to the goal it is time for another one"""
_WORTH = 0.05
"""m, by which another plan that does not reach the goal must end nearer to it to be worth the change"""
_ASTRAY = 0.03
"""m: a sole that stands so far from where it was meant to needs another plan"""
_TRUSTED = 0.35
"""m: so far beside the soles unseen ground is taken to go on level where the robot sets out"""


class Planner(Protocol):
    """The student's `FootstepPlanner` or the reference's."""

    graph: FootholdGraph

    def plan_path(self, start: Stance, goal: GoalPose, next_side: Side | None = None) -> FootstepPlan: ...


class SightedSteps:
    """Steps to `goal`, planned on what the robot's depth cameras have seen by then.

    A plan is kept as long as all that is left of it is safe on the ground as seen by now; one that does not
    lead to the goal, until its last steps. Who weighs two equally good ways anew after every step gets nowhere.

    `sight` gathers the ground and says which part of the world is mapped; `planner` makes a planner of a map
    and obstacles, by default the reference's. A goal that is out of sight or out of reach is walked towards
    as far as the ground is known; `plan.reason` says what stands in the way.

    Attributes:
        plan: the latest plan, to the goal or to the nearest place that can be reached.
        plans: how many plans it has taken so far.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        goal: GoalPose,
        sight: TerrainSight,
        obstacles: Sequence[Obstacle] = (),
        planner: Callable[[TerrainMap, Sequence[Obstacle]], Planner] | None = None,
    ) -> None:
        self.goal, self.sight = goal, sight
        self.plan: FootstepPlan | None = None
        self.plans = 0
        self._humanoid, self._obstacles = humanoid, tuple(obstacles)
        self._planner = planner or _reference_planner()
        self._left: list[Footstep] = []
        self._planned: Stance
        self._stale = True

    def upcoming(self, stance: Footstep, other: Footstep) -> Sequence[Footstep]:
        if self._stale:
            self._look(stance, other)
        return self._left[:AHEAD] if self._left and self._left[0].side == other.side else []

    def first_side(self) -> Side:
        return self._left[0].side if self._left else "right"

    def landed(self) -> None:
        done = self._left.pop(0)
        self._planned = replace(self._planned, **{done.side: done})
        self._stale = True

    def _look(self, stance: Footstep, other: Footstep) -> None:
        """See, feel, and plan anew from where the soles are, unless the plan is still good."""
        feet = Stance(*sorted((stance, other), key=lambda foot: foot.side))
        self.sight.feel(feet, around=_TRUSTED if self.plan is None else 0.0)
        look_around(self._humanoid, self.sight, _LOOKS)
        planner = self._planner(self.sight.terrain(), self._obstacles)
        self._stale = False
        # A sole that stands where it was meant to stands there exactly: a millimetre must not put a step out of reach.
        as_meant = self.plan is not None and _apart(feet, self._planned) < _ASTRAY
        feet = self._planned if as_meant else feet
        old = self._kept(planner.graph) if as_meant else None
        if old is not None and (old.reached or len(self._left) > _LAST):
            return
        # A robot that stands may move either foot.
        plan = planner.plan_path(feet, self.goal, other.side if self._left else None)
        if old is None or plan.reached or _missing(plan) < _missing(old) - _WORTH:
            self.plan, self._left, self._planned = plan, list(plan.steps), feet
            self.plans += 1

    def _kept(self, graph: FootholdGraph) -> FootstepPlan | None:
        """Return the plan under way if it has arrived, or if all that is left of it is safe."""
        if self.plan is None or not (self._left or self.plan.reached):
            return None
        return self.plan if self._safe(graph, self._planned) else None

    def _safe(self, graph: FootholdGraph, feet: Stance) -> bool:
        """Tell whether every step that is left may be taken, each from where the feet stand by then."""
        for step in self._left:
            if fault_of_step(graph, feet, step):
                return False
            feet = replace(feet, **{step.side: step})
        return True


def _missing(plan: FootstepPlan) -> float:
    """Return how far (m) from its goal a plan ends."""
    return hypot(plan.goal.x - plan.nearest.x, plan.goal.y - plan.nearest.y)


def _apart(here: Stance, there: Stance) -> float:
    """Return the greater distance (m) between the left soles and between the right ones."""
    pairs = ((here.left, there.left), (here.right, there.right))
    return max(hypot(one.x - other.x, one.y - other.y) for one, other in pairs)


def _reference_planner() -> Callable[[TerrainMap, Sequence[Obstacle]], Planner]:
    from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner

    planner: Callable[[TerrainMap, Sequence[Obstacle]], Planner] = FootstepPlanner
    return planner
