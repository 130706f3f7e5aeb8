"""When a task of feet or eyes is done: rules that physics decides.

A goal says by `reached` whether things are now as they should be; a task is done when its goal has been reached for
`hold` s on end, the robot at rest on both feet where the goal says `stands`, and nothing has gone wrong.
"""

from dataclasses import dataclass
from math import atan2, hypot, radians
from typing import ClassVar, Final, Protocol

import numpy as np

from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.rotation import wrapped

STEP_LENGTH: Final = {"forward": 0.20, "backward": 0.20, "left": 0.16, "right": 0.16}
"""m, a step of this robot in each direction, as a person counts: ahead and back every footfall is one, aside one foot
opens and the other one closes, and both together are one"""
ASIDE: Final = 0.25
"""m, how far a walk may stray to the side"""
TWIST: Final = radians(20.0)
"""rad, how far a walk may turn the robot"""
IN_SIGHT: Final = radians(5.0)
"""rad, from the head camera's axis to what is looked at"""
FACE: Final = 1.57
"""m, the height of the person's face"""


class Goal(Protocol):
    """A rule that says when a task is done."""

    @property
    def hold(self) -> float:
        """For how long s it must be reached."""

    @property
    def stands(self) -> bool:
        """Whether the robot must be at rest on both feet meanwhile."""

    def reached(self, stage: Stage) -> bool:
        """Tell whether it is reached at this moment."""


@dataclass(frozen=True, slots=True)
class Walked:
    """The pelvis is (`ahead`, `leftward`) m from where it began, along its first heading.

    It may be `tolerance` m too near or too far, `beside` m beside the way, and turned by `TWIST`.
    """

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True
    ahead: float
    leftward: float
    tolerance: float
    beside: float = ASIDE

    def reached(self, stage: Stage) -> bool:
        """Tell whether the robot is there."""
        length = hypot(self.ahead, self.leftward)
        x, y = self.ahead / length, self.leftward / length
        ahead, left = stage.way()
        along, aside = x * ahead + y * left, x * left - y * ahead
        return abs(along - length) <= self.tolerance and abs(aside) < self.beside and abs(stage.turned) < TWIST


@dataclass(frozen=True, slots=True)
class Turned:
    """The robot has turned by `angle` rad, positive to the left, within `tolerance` rad, and is `within` m.

    With `either` it may have turned to the other side as well.
    """

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True
    angle: float
    tolerance: float
    either: bool = False
    within: float = 0.3

    def reached(self, stage: Stage) -> bool:
        """Tell whether it has turned."""
        turned = abs(stage.turned) if self.either else stage.turned
        return abs(turned - self.angle) <= self.tolerance and hypot(*stage.way()) < self.within


@dataclass(frozen=True, slots=True)
class StoodStill:
    """For three seconds both soles are within 2 cm, and the pelvis within 5 cm, of where they began."""

    hold: ClassVar[float] = 3.0
    stands: ClassVar[bool] = True

    def reached(self, stage: Stage) -> bool:
        """Tell whether the robot is where it began."""
        return stage.feet_moved() < 0.02 and hypot(*stage.way()) < 0.05


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The middle of a thing, or the person's face, is within `IN_SIGHT` of the axis of the head's camera."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = False
    what: str

    def reached(self, stage: Stage) -> bool:
        """Tell whether the camera points there."""
        eye, axis = stage.axis("head_camera")
        way = _face(stage) - eye if self.what == "person" else stage.place(self.what) - eye
        return bool(axis @ way > np.cos(IN_SIGHT) * np.linalg.norm(way))


@dataclass(frozen=True, slots=True)
class AtThing:
    """The middle between the feet is within 50 cm of a thing, seen from above, which is within 45 degrees of ahead."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True
    thing: str

    def reached(self, stage: Stage) -> bool:
        """Tell whether the robot stands before the thing."""
        return _before(stage, stage.place(self.thing)[:2], 0.50, radians(45.0))


@dataclass(frozen=True, slots=True)
class AtPerson:
    """The middle between the feet is within 80 cm of the middle of the person, who is within 30 degrees of ahead."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True

    def reached(self, stage: Stage) -> bool:
        """Tell whether the robot stands before the person."""
        return _before(stage, _face(stage)[:2], 0.80, radians(30.0))


@dataclass(frozen=True, slots=True)
class AtTable:
    """The middle between the feet is within 30 cm of the table's edge, its nearest point within 30 degrees of ahead."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True

    def reached(self, stage: Stage) -> bool:
        """Tell whether the robot stands before the table."""
        middle, half = np.array(stage.scene.description.table.position[:2]), np.array(TABLE_SIZE) / 2.0
        nearest = np.clip(stage.feet(), middle - half, middle + half)
        return _before(stage, nearest, 0.30, radians(30.0))


def _before(stage: Stage, place: np.ndarray, distance: float, angle: float) -> bool:
    """Tell whether the feet are within `distance` m of `place` (2,), and the robot faces it within `angle` rad."""
    x, y = (place - stage.feet()).tolist()
    return hypot(x, y) <= distance and abs(wrapped(atan2(y, x) - stage.heading)) <= angle


def _face(stage: Stage) -> np.ndarray:
    x, y, _ = stage.place("person")
    return np.array((x, y, FACE))
