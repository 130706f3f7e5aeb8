"""Where the feet go next: a velocity to keep, or a plan to follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import Protocol

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.strides import STILL, Motion, beside, eased, motion_of_velocity
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

    The numbers are read at every lift-off: the place where the robot would stand if it closed its feet then moves by
    velocity times the time of a step (aside by twice that with the foot that opens, by nothing with the one that
    closes). So what is left of a way, divided by that time, makes exactly the last step, and 0 closes the feet.

    The three numbers are judged together, by direction, where the next step is asked for: every step has to be
    within reach of the legs (`strides.LONGEST` and what stands beside it). What is beyond is refused: `upcoming`
    raises ValueError, which names the fastest velocity this way; nothing has changed then, and the walker goes on
    as soon as the command is one that it can walk. From any admitted velocity to any other steps change by at most
    `strides.CHANGES`.
    """

    forward: float = 0.0
    """m/s"""
    leftward: float = 0.0
    """m/s"""
    turning: float = 0.0
    """rad/s, positive to the left"""
    gait: GaitConfig = field(default_factory=GaitConfig)
    _made: Motion = field(default=STILL, init=False, repr=False)
    _next: tuple[Side | None, Motion] = field(default=(None, STILL), init=False, repr=False)

    def upcoming(self, stance: Footstep, other: Footstep) -> Sequence[Footstep]:
        goal = motion_of_velocity(self.gait, self.forward, self.leftward, self.turning)
        side, motion = self._next
        # Feet take turns: who is asked for a step of the other foot takes the one planned last for made.
        motion = self._made = motion if side != other.side else self._made
        self._next = (other.side, eased(motion, goal))
        steps: list[Footstep] = []
        for _ in range(AHEAD):
            motion = eased(motion, goal)
            x, y, yaw = beside(stance, other.side, self.gait.step_width, motion)
            stops = not any(motion)
            if stops and hypot(other.x - x, other.y - y) < 0.01 and abs(wrapped(other.yaw - yaw)) < 0.02:
                break
            steps.append(Footstep(other.side, x, y, stance.z, yaw, self.gait.swing_height))
            if stops:
                break
            stance, other = steps[-1], stance
        return steps

    def first_side(self) -> Side:
        """The foot on the side to which the way leads: the other one could not pass it."""
        self._made, self._next = STILL, (None, STILL)
        return "left" if self.leftward > 0.0 or (self.leftward == 0.0 and self.turning > 0.0) else "right"

    def landed(self) -> None:
        """A velocity goes on for ever."""


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
