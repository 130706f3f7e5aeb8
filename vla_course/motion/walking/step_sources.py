"""Where the feet go next: a velocity to keep, or a plan to follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, sin
from typing import Protocol

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import wrapped

AHEAD = 4
"""steps that a walker looks ahead: they fill the horizon of its preview"""


class StepSource(Protocol):
    """Anything that says where the feet go next."""

    def upcoming(self, stance: Footstep, other: Footstep) -> Sequence[Footstep]:
        """Return the next steps, `AHEAD` of them or as many as are left; the first moves the foot `other`.

        `stance` and `other` are where the soles stand now. No steps at all: stand.
        """

    def first_side(self) -> Side:
        """Return the foot that a standing robot moves first."""

    def landed(self) -> None:
        """Take note that the first of the upcoming steps has been made."""


@dataclass
class VelocityCommand:
    """Walk so that the middle between the feet moves; change the numbers while it walks, 0 stops it.

    `upcoming` raises ValueError where a command is faster than the legs reach.
    """

    forward: float = 0.0
    """m/s"""
    leftward: float = 0.0
    """m/s"""
    turning: float = 0.0
    """rad/s, positive to the left"""
    gait: GaitConfig = field(default_factory=GaitConfig)

    def upcoming(self, stance: Footstep, other: Footstep) -> Sequence[Footstep]:
        motion = self._motion_of_a_step()
        steps: list[Footstep] = []
        if not any(motion):
            x, y, yaw = beside(stance, other.side, self.gait.step_width)
            turn = wrapped(other.yaw - yaw)
            if hypot(other.x - x, other.y - y) > 0.01 or abs(turn) > 0.02:
                steps.append(Footstep(other.side, x, y, stance.z, yaw, self.gait.swing_height))
            return steps
        side = other.side
        for _ in range(AHEAD):
            x, y, yaw = beside(stance, side, self.gait.step_width, motion)
            steps.append(Footstep(side, x, y, stance.z, yaw, self.gait.swing_height))
            side, stance = stance.side, steps[-1]
        return steps

    def first_side(self) -> Side:
        """The foot on the side to which the way leads: the other one could not pass it."""
        return "left" if self.leftward > 0.0 or (self.leftward == 0.0 and self.turning > 0.0) else "right"

    def landed(self) -> None:
        """A velocity goes on for ever."""

    def _motion_of_a_step(self) -> tuple[float, float, float]:
        period = self.gait.single_support + self.gait.double_support
        ahead, left, turn = (period * part for part in (self.forward, self.leftward, self.turning))
        widest = self.gait.reach_outward - self.gait.step_width
        for name, part, most in (
            ("forward", ahead, self.gait.reach_ahead),
            ("leftward", 2.0 * left, widest),
            ("turning", turn, 0.5),
        ):
            if not abs(part) <= most:
                speed = getattr(self, name)
                limit = most / period / (2.0 if name == "leftward" else 1.0)
                raise ValueError(
                    f"VelocityCommand.{name} is {speed}, expected at most {limit:.2f} either way"
                )
        return ahead, left, turn


class PlannedSteps:
    """Follows a plan step by step; what is left of it is `left`."""

    def __init__(self, steps: Sequence[Footstep]) -> None:
        for before, after in pairwise(steps):
            if before.side == after.side:
                raise ValueError(
                    f"steps move the {after.side} foot twice in a row, expected left and right in turn"
                )
        self.left = list(steps)

    def upcoming(self, stance: Footstep, other: Footstep) -> Sequence[Footstep]:
        return self.left[:AHEAD] if self.left and self.left[0].side == other.side else []

    def first_side(self) -> Side:
        return self.left[0].side if self.left else "right"

    def landed(self) -> None:
        if self.left:
            self.left.pop(0)


def beside(
    step: Footstep, side: Side, width: float, motion: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> tuple[float, float, float]:
    """Return x, y m and yaw rad for foot `side`, `width` m from the foot of `step` when their middle moves.

    `motion` is how the middle between the feet moves: ahead m, leftward m, turn rad. A foot that stands on
    the side to which the middle goes moves twice as far, the other not at all: feet do not cross.
    """
    ahead, left, turn = motion
    # Sideways, only the foot ahead of the motion opens the stance; the other closes it.
    opening = 2.0 * left if (left > 0.0) == (side == "left") else 0.0
    out = width if side == "left" else -width
    middle = step.yaw + turn / 2.0
    yaw = step.yaw + turn
    x, y = ahead, out / 2.0
    across = out / 2.0 + opening
    return (
        step.x + cos(middle) * x - sin(step.yaw) * y - sin(yaw) * across,
        step.y + sin(middle) * x + cos(step.yaw) * y + cos(yaw) * across,
        wrapped(yaw),
    )
