"""What a humanoid can be asked to do: go somewhere, take something, keep its balance."""

from dataclasses import dataclass, fields
from math import isfinite
from typing import Final, Literal

from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.hands.things import Grip

BalanceSkill = Literal["stand", "brace", "recover"]
GRIPS: Final[tuple[Grip, ...]] = ("power", "precision")
STEP_TIME: Final = 0.55
"""s, that a step takes at the walking controller's own pace"""


@dataclass(frozen=True, slots=True)
class Displacement:
    """A way relative to the robot. Raises ValueError: a number is not finite."""

    ahead: float = 0.0
    """m"""
    leftward: float = 0.0
    """m"""
    turn: float = 0.0
    """rad, positive to the left"""

    def __post_init__(self) -> None:
        for field in fields(self):
            if not isfinite(getattr(self, field.name)):
                raise ValueError(
                    f"Displacement.{field.name} is {getattr(self, field.name)}, expected a finite number"
                )


@dataclass(frozen=True, slots=True)
class LocomotionAction:
    """Walk to a place, by a way relative to the robot, or up to a thing by its name.

    Raises:
        ValueError: `target` is none of these, or `step_time` is outside 0.2 to 2 s.
    """

    target: GoalPose | Displacement | str
    step_time: float = STEP_TIME
    """s, that a step takes"""

    def __post_init__(self) -> None:
        if not isinstance(self.target, GoalPose | Displacement | str) or not self.target:
            raise ValueError(
                f"LocomotionAction.target is {self.target!r}, expected a GoalPose, a Displacement or a thing's name"
            )
        if not 0.2 <= self.step_time <= 2.0:
            raise ValueError(f"LocomotionAction.step_time is {self.step_time}, expected 0.2 to 2 s")


@dataclass(frozen=True, slots=True)
class ManipulationAction:
    """Take a thing, and put it down at `place` or, without one, hold it.

    Raises:
        ValueError: no thing, an unknown grip, or a place that is not two finite numbers.
    """

    thing: str
    """its name"""
    grip: Grip | None = None
    """a power or a precision grip; None: whichever is comfortable"""
    place: tuple[float, float] | None = None
    """m, world, where on the table its middle is to be"""

    def __post_init__(self) -> None:
        if not self.thing:
            raise ValueError("ManipulationAction.thing is empty, expected a thing's name")
        if self.grip not in (*GRIPS, None):
            raise ValueError(
                f"ManipulationAction.grip is {self.grip!r}, expected 'power', 'precision' or None"
            )
        if self.place is not None and (len(self.place) != 2 or not all(map(isfinite, self.place))):
            raise ValueError(f"ManipulationAction.place is {self.place}, expected two finite numbers in m")


@dataclass(frozen=True, slots=True)
class BalanceAction:
    """Stand still, brace for a push, or recover from one - with a step, where it takes one.

    Raises:
        ValueError: an unknown skill, or `seconds` is not within 0 to 60 s.
    """

    skill: BalanceSkill
    seconds: float = 2.0
    """s, for how long"""

    def __post_init__(self) -> None:
        if self.skill not in ("stand", "brace", "recover"):
            raise ValueError(f"BalanceAction.skill is {self.skill!r}, expected 'stand', 'brace' or 'recover'")
        if not 0.0 < self.seconds <= 60.0:
            raise ValueError(
                f"BalanceAction.seconds is {self.seconds}, expected more than 0 and at most 60 s"
            )


Action = LocomotionAction | ManipulationAction | BalanceAction
