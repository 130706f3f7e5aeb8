"""The pieces of an errand that are exercises."""

from dataclasses import dataclass

from vla_course.motion.arms.ik_config import SolverOf
from vla_course.motion.errands.way import StepPlannerOf
from vla_course.motion.hands.plan import Timing
from vla_course.motion.hands.planner import GraspRule
from vla_course.motion.walking.parts import WalkingParts


@dataclass(frozen=True)
class ErrandParts:
    """The pieces of an errand that are exercises; None stands for the reference's."""

    walking: WalkingParts | None = None
    planner: StepPlannerOf | None = None
    solver: SolverOf | None = None
    grasp_rule: GraspRule | None = None
    timing: Timing | None = None

    def step_planner(self) -> StepPlannerOf:
        """Return `planner`; the reference's is loaded only where nobody brings another."""
        if self.planner is not None:
            return self.planner
        from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner

        planner: StepPlannerOf = FootstepPlanner
        return planner
