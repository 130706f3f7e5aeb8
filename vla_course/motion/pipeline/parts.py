"""The pieces of the pipeline that are exercises, and what every part of it has in common."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainAnalysis, TerrainMap
from vla_course.motion.pipeline.plans import Planned, Replacement
from vla_course.motion.pipeline.situation import RobotSituation
from vla_course.motion.planning.foothold_graph import FootholdGraph
from vla_course.motion.planning.step_safety import VerifiedSteps
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Wish = TypeVar("Wish", contravariant=True)
Plan = TypeVar("Plan")


class Verifier(Protocol):
    """Exercise 3.26: the student's `FootstepVerifier` or the reference's."""

    graph: FootholdGraph

    def verify(self, start: Stance, steps: Sequence[Footstep], step_time: float) -> VerifiedSteps: ...


class Planner(Protocol):
    """Exercise 3.21: the student's `FootstepPlanner` or the reference's."""

    analysis: TerrainAnalysis

    def plan_path(self, start: Stance, goal: GoalPose, next_side: Side | None = None) -> FootstepPlan: ...


@dataclass(frozen=True)
class PipelineParts:
    """The pieces that are exercises."""

    compensation: Callable[[Array, Array, Array, Array, float], Array]
    """3.25: masses, positions, shares, home, largest -> way of the pelvis"""
    verifier: Callable[[TerrainMap, Sequence[Obstacle]], Verifier]
    """3.26: makes a verifier for a piece of ground"""
    planner: Callable[[TerrainMap, Sequence[Obstacle]], Planner]
    """3.21: makes a planner for a piece of ground"""

    @classmethod
    def reference(cls) -> "PipelineParts":
        """The reference's pieces."""
        from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
        from vla_course.reference.day3_humanoid_balance.safety import (
            FootstepVerifier,
            calculate_balance_compensation,
        )

        return cls(calculate_balance_compensation, FootstepVerifier, FootstepPlanner)


class Branch(Protocol, Generic[Wish, Plan]):
    """One kind of action: how it is planned, judged and replaced."""

    def plan(self, action: Wish, situation: RobotSituation) -> Plan:
        """Return what to do. Raises NoPlan: there is no way; says why."""

    def fault(self, planned: Plan, situation: RobotSituation) -> str:
        """Say in one sentence why a plan must not be carried out; nothing where it may."""

    def doubt(self, planned: Plan, situation: RobotSituation) -> str:
        """Say what about a plan no formula can tell, so that it has to be tried out; nothing where all is known."""

    def alternatives(
        self, planned: Plan, situation: RobotSituation, fault: str
    ) -> Iterator[tuple[Planned, tuple[Replacement, ...]]]:
        """Yield what might be done instead, what is nearest to the command first, with each change and its reason."""
