"""On which foot the next step is made: where a robot would stand if it closed its feet now.

That is beside the foot that carries, or beside the one that is about to land. From there, and not from where the pelvis
is just now, a velocity leads on: one that is asked at every lift-off.
"""

from dataclasses import dataclass
from math import cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance, middle_of
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.strides import STILL, Motion, beside, eased
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

GAIT: Final = GaitConfig()
STEP_TIME: Final = GAIT.single_support + GAIT.double_support
"""s, from one lift-off to the next"""


@dataclass(frozen=True, slots=True)
class Footing:
    """On which foot the next step will be made, and with which one."""

    carries: Footstep
    """where it stands, or is about to land"""
    made: Motion = STILL
    """m, m and rad, the motion of the step made last: the next one differs by no more than `CHANGES`"""

    @property
    def swings(self) -> Side:
        """The other foot."""
        return "right" if self.carries.side == "left" else "left"

    @property
    def place(self) -> GoalPose:
        """Where the robot would stand with its feet together."""
        out = GAIT.step_width / 2.0 if self.carries.side == "left" else -GAIT.step_width / 2.0
        x, y, yaw = self.carries.x, self.carries.y, self.carries.yaw
        return GoalPose(x + out * sin(yaw), y - out * cos(yaw), yaw)

    def after(self, velocity: Array) -> "Footing":
        """Return the footing one step later, of a robot told to go at `velocity` (3,)."""
        ahead, left, turn = (STEP_TIME * velocity).tolist()
        motion = eased(self.made, (ahead, left, turn))
        x, y, yaw = beside(self.carries, self.swings, GAIT.step_width, motion)
        return Footing(Footstep(self.swings, x, y, self.carries.z, yaw), motion)


def footing_of(walker: Walker, velocity: Array | None = None, standing: bool = False) -> Footing:
    """Return the footing of a robot.

    Of one that stands, or where `standing` takes it for one: from which it would set out at `velocity` (3,).
    """
    if walker.phase == "single":
        return Footing(walker.pending[0])
    if walker.phase == "shift" and not standing:
        return Footing(walker.feet[walker.stance])
    first = VelocityCommand(*(np.zeros(3) if velocity is None else velocity).tolist()).first_side()
    return Footing(walker.measured(1 - SIDES.index(first)))


def here(walker: Walker) -> GoalPose:
    """Return where a robot stands, or would if it closed its feet now."""
    if walker.phase == "stand":
        return middle_of(Stance(walker.measured(0), walker.measured(1)))
    return footing_of(walker).place
