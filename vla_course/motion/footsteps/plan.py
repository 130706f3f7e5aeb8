"""What a footstep planner is asked and what it answers: stance, goal, plan."""

from dataclasses import dataclass, fields
from math import cos, isfinite, sin
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

STEP_WIDTH = 0.20
"""m, between the soles of a robot that stands where a plan ends"""


@dataclass(frozen=True, slots=True)
class GoalPose:
    """Where the middle between the feet is to be, world frame. Raises ValueError: a number is not finite."""

    x: float
    """m"""
    y: float
    """m"""
    yaw: float = 0.0
    """rad, 0 looks along +x, positive turns left"""

    def __post_init__(self) -> None:
        for field in fields(self):
            if not isfinite(getattr(self, field.name)):
                raise ValueError(
                    f"GoalPose.{field.name} is {getattr(self, field.name)}, expected a finite number"
                )

    def foot(self, side: Side) -> tuple[float, float, float]:
        """Return x, y (m) and yaw (rad) of the sole of that side for a robot that stands here."""
        out = STEP_WIDTH / 2 if side == "left" else -STEP_WIDTH / 2
        return self.x - out * sin(self.yaw), self.y + out * cos(self.yaw), self.yaw


@dataclass(frozen=True, slots=True)
class Stance:
    """Both soles on the ground. Raises ValueError: the sides are mixed up."""

    left: Footstep
    right: Footstep

    def __post_init__(self) -> None:
        for side in ("left", "right"):
            if getattr(self, side).side != side:
                raise ValueError(
                    f"Stance.{side} is a footstep of the {getattr(self, side).side} foot, expected the {side} one"
                )

    @classmethod
    def at(cls, x: float, y: float, yaw: float = 0.0, z: float = 0.0) -> Self:
        """Stand still at x, y (m), turned to `yaw` (rad), on ground of height z (m)."""
        pose = GoalPose(x, y, yaw)
        (lx, ly, _), (rx, ry, _) = pose.foot("left"), pose.foot("right")
        return cls(Footstep("left", lx, ly, z, yaw), Footstep("right", rx, ry, z, yaw))

    def foot(self, side: Side) -> Footstep:
        """Return the foot of that side."""
        return self.left if side == "left" else self.right


def middle_of(stance: Stance) -> GoalPose:
    """Return the middle between the feet of a stance."""
    left, right = stance.left, stance.right
    yaw = left.yaw + wrapped(right.yaw - left.yaw) / 2.0
    return GoalPose((left.x + right.x) / 2.0, (left.y + right.y) / 2.0, wrapped(yaw))


def way_to(here: GoalPose, goal: GoalPose) -> Array:
    """Return what is left to go from one place to another (3,): m ahead and m to the left, as one faces `here`, rad."""
    c, s, dx, dy = cos(here.yaw), sin(here.yaw), goal.x - here.x, goal.y - here.y
    return np.array((c * dx + s * dy, c * dy - s * dx, wrapped(goal.yaw - here.yaw)))


@dataclass(frozen=True, slots=True)
class FootstepPlan:
    """A planner's answer. Where the goal cannot be reached, `steps` lead to `nearest` instead."""

    steps: tuple[Footstep, ...]
    """what to do, in turn; empty where the robot is to stay"""
    reached: bool
    """whether the last step ends at `goal`"""
    goal: GoalPose
    """what was asked"""
    nearest: GoalPose
    """where the steps end: the goal, or the nearest place that was found to be reachable"""
    reason: str
    """one sentence that says why the goal is not reached; empty where it is"""
    cost: float
    """what the steps cost together"""
    expanded: int
    """how many footholds the search expanded"""
