"""No plan passes unseen: what is unsafe is replaced by the first alternative that is not.

A plan is judged by what is known about it, its `fault`; where that cannot tell, its `doubt`, it is tried out in a
copy of the world, if there is one. An alternative is judged as the plan was.
"""

from dataclasses import dataclass
from typing import Any

from vla_course.motion.pipeline.parts import Branch
from vla_course.motion.pipeline.plans import BalanceControl, Planned, Replacement
from vla_course.motion.pipeline.rehearsal import Rehearsal
from vla_course.motion.pipeline.situation import RobotSituation

Branches = dict[type, Branch[Any, Any]]
"""the branch that judges each kind of plan"""
STILL = BalanceControl("stand", 2.0)
"""what is always left: to stay"""


@dataclass(frozen=True)
class Judge:
    """Judges plans of every kind; `rehearsal` is None where nothing can be tried out."""

    branches: Branches
    rehearsal: Rehearsal | None = None

    def fault(self, planned: Planned, situation: RobotSituation) -> str:
        """Say in one sentence why a plan must not be carried out; nothing where it may."""
        branch = self.branches[type(planned)]
        fault = branch.fault(planned, situation)
        if fault or self.rehearsal is None:
            return fault
        doubt = branch.doubt(planned, situation)
        if not doubt:
            return ""
        came = self.rehearsal.try_out(planned)
        return f"{doubt}; tried out in a copy of the world, the robot {came.harm}" if came.harm else ""

    def make_safe(
        self, planned: Planned, situation: RobotSituation
    ) -> tuple[Planned, tuple[Replacement, ...]]:
        """Return the plan where it is safe, else the first safe alternative, and what was replaced and why."""
        fault = self.fault(planned, situation)
        if not fault:
            return planned, ()
        for other, changes in self.branches[type(planned)].alternatives(planned, situation, fault):
            if not self.fault(other, situation):
                return other, changes
        for other in (STILL, BalanceControl("recover", 2.0, moves_feet=True)):
            if not self.fault(other, situation):
                break
        return other, (Replacement(planned, other, fault),)
