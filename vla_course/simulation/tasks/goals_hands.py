"""When a task of hands is done: rules that physics decides, in the form of `task_goals`."""

from dataclasses import dataclass
from math import hypot
from typing import ClassVar, Final

import numpy as np

from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.tasks.instructions import Relation
from vla_course.simulation.tasks.stage import Stage, height_of, radius_of

REACHED: Final = 0.06
"""m, from the tool point to the surface of what is reached for"""
POINTED: Final = 0.05
"""m, how near the line of the fingers passes the middle of a thing"""
AWAY: Final = 0.15
"""m, how far from it the tool point stays meanwhile"""
LIFTED: Final = 0.08
"""m, how much higher than it stood"""
BESIDE: Final = 0.18
"""m, between the middles of two things that are next to each other"""
LEFTWARD: Final = (0.08, 0.25)
"""m, how far to the left a thing is that is left of another one, and to the right one that is right of it"""
LEVEL: Final = 0.08
"""m, how far before or behind it may be"""
SERVED: Final = 0.20
"""m, from the edge behind which the person stands"""
APART: Final = 0.12
"""m, between the middles of things that stand in order"""
_THIRD: Final = TABLE_SIZE[1] / 6.0
"""m, from the middle of a table to where its left third begins"""


@dataclass(frozen=True, slots=True)
class Reached:
    """The tool point of `hand`, or of either, is above the table and within `REACHED` of the surface of a thing, which
    stays where it is."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = False
    thing: str
    hand: Side | None

    def reached(self, stage: Stage) -> bool:
        """Tell whether the hand is there."""
        return any(self._reached(stage, side) for side in _sides(self.hand))

    def _reached(self, stage: Stage, side: Side) -> bool:
        tool, _ = stage.axis(f"{side}_tool")
        if tool[2] < stage.scene.description.table.position[2]:
            return False
        x, y, z = (tool - stage.place(self.thing)).tolist()
        beside = max(0.0, hypot(x, y) - radius_of(self.thing))
        return hypot(beside, max(0.0, abs(z) - height_of(self.thing) / 2.0)) <= REACHED


@dataclass(frozen=True, slots=True)
class PointedAt:
    """The line of the fingers of `hand`, or of either, passes a thing's middle by at most `POINTED`, from at least
    `AWAY`."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = False
    thing: str
    hand: Side | None

    def reached(self, stage: Stage) -> bool:
        """Tell whether the hand points there."""
        return any(self._pointed(stage, side) for side in _sides(self.hand))

    def _pointed(self, stage: Stage, side: Side) -> bool:
        tool, axis = stage.axis(f"{side}_tool")
        way = stage.place(self.thing) - tool
        ahead = float(axis @ way)
        return bool(
            ahead > 0.0 and np.linalg.norm(way) >= AWAY and np.linalg.norm(way - ahead * axis) <= POINTED
        )


@dataclass(frozen=True, slots=True)
class PickedUp:
    """A thing is `LIFTED` higher than it stood, in `hand`, or in one of both."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = False
    thing: str
    hand: Side | None

    def reached(self, stage: Stage) -> bool:
        """Tell whether it is up."""
        in_one = any(stage.touching(self.thing) == {side} for side in _sides(self.hand))
        return in_one and stage.raised(self.thing) >= LIFTED


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing stands, let go and upright, in its relation to another one.

    `next to`: on the table, the middles at most `BESIDE` apart. `left of`: on the table, to the left as seen from
    its front, by `LEFTWARD`, at most `LEVEL` before or behind; `right of` likewise. `on`: bottom on top within 1 cm,
    the middles at most 2.5 cm apart seen from above; on the table, anywhere.
    """

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True
    thing: str
    relation: Relation
    other: str

    def reached(self, stage: Stage) -> bool:
        """Tell whether it stands there."""
        return _put_down(stage, self.thing) and self.in_place(stage)

    def in_place(self, stage: Stage) -> bool:
        """Tell whether it is there, held or not."""
        if self.other == "table":
            return _on_the_top(stage, self.thing)
        there, other = stage.place(self.thing), stage.place(self.other)
        behind, left = stage.seen_from_front(there, other)
        if self.relation == "on":
            top = stage.bottom(self.other) + height_of(self.other)
            return abs(stage.bottom(self.thing) - top) < 0.01 and hypot(behind, left) <= 0.025
        if not _on_the_top(stage, self.thing):
            return False
        if self.relation == "next to":
            return hypot(behind, left) <= BESIDE
        aside = left if self.relation == "left of" else -left
        return LEFTWARD[0] <= aside <= LEFTWARD[1] and abs(behind) <= LEVEL


@dataclass(frozen=True, slots=True)
class MovedTo:
    """A thing stands, let go and upright, in one third of the table: left, middle or right as seen from its front."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True
    thing: str
    spot: str
    """of `instructions.SPOTS`"""

    def reached(self, stage: Stage) -> bool:
        """Tell whether it stands there."""
        return _put_down(stage, self.thing) and self.in_place(stage)

    def in_place(self, stage: Stage) -> bool:
        """Tell whether it is there, held or not."""
        third = third_of(_leftward(stage, self.thing))
        return third == self.spot.split()[0] and _on_the_top(stage, self.thing)


@dataclass(frozen=True, slots=True)
class Served:
    """One of `drinks` stands on the table, let go and upright, within `SERVED` of the person's edge.

    The person's edge is the one behind which they stand farthest out.
    """

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True
    drinks: tuple[str, ...]

    def reached(self, stage: Stage) -> bool:
        """Tell whether one of them is served."""
        return any(self._served(stage, drink) for drink in self.drinks)

    @staticmethod
    def _served(stage: Stage, drink: str) -> bool:
        axis, sign = persons_edge(stage.place("person")[:2], stage.scene.description.table.position[:2])
        out = stage.place(drink) - stage.scene.description.table.position
        inward = TABLE_SIZE[axis] / 2.0 - sign * out[axis]
        return bool(inward <= SERVED) and _stands_in_order(stage, drink)


@dataclass(frozen=True, slots=True)
class Tidied:
    """All things stand upright in the left third of the table, let go, `APART` or more from each other."""

    hold: ClassVar[float] = 0.5
    stands: ClassVar[bool] = True

    def reached(self, stage: Stage) -> bool:
        """Tell whether the table is tidy."""
        return all(stands_tidy(stage, name) for name in stage.things)


def _sides(hand: Side | None) -> tuple[Side, ...]:
    """Return the hands that may do it."""
    return SIDES if hand is None else (hand,)


def stands_tidy(stage: Stage, name: str) -> bool:
    """Tell whether a thing stands where the things of a tidy table do, apart from all others."""
    here = stage.place(name)[:2]
    apart = all(hypot(*(stage.place(other)[:2] - here)) >= APART for other in stage.things if other != name)
    return apart and third_of(_leftward(stage, name)) == "left" and _stands_in_order(stage, name)


def third_of(leftward: float) -> str:
    """Return which third of the table is `leftward` m to the left of its middle: "left", "middle" or "right"."""
    if abs(leftward) <= _THIRD:
        return "middle"
    return "left" if leftward > 0.0 else "right"


def persons_edge(person: np.ndarray, middle: tuple[float, float]) -> tuple[int, float]:
    """Return the edge of a table behind which a `person` (2,) m stands: its axis, 0 x or 1 y, and the sign there."""
    out = np.asarray(person) - middle
    axis = int(np.argmax(np.abs(out) - np.array(TABLE_SIZE) / 2.0))
    return axis, float(np.sign(out[axis]))


def _leftward(stage: Stage, name: str) -> float:
    """Return how far m a thing is to the left of the table's middle, as seen from its front."""
    return stage.seen_from_front(stage.place(name), np.array(stage.scene.description.table.position))[1]


def _put_down(stage: Stage, name: str) -> bool:
    return stage.left_alone(name) and stage.upright(name)


def _on_the_top(stage: Stage, name: str) -> bool:
    """Tell whether the bottom of a thing is on the table top, within 1 cm."""
    return abs(stage.bottom(name) - stage.scene.description.table.position[2]) < 0.01


def _stands_in_order(stage: Stage, name: str) -> bool:
    return _put_down(stage, name) and _on_the_top(stage, name)
