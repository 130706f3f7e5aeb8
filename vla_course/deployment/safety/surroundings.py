"""What the safety layer knows of the world around the robot: people, tables, and things to keep off."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.hands.things import Graspable, Tabletop

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody, as far as they were seen.

    Raises:
        ValueError: wrong shape, or a number that is not finite.
    """

    points: Array
    """(n, 3) m, world: places of the body that were seen, at least one"""
    speed: float | None = None
    """m/s, towards the robot; None where it was not measured, and then a walking pace is taken for granted"""

    def __post_init__(self) -> None:
        try:
            points = np.asarray(self.points, dtype=np.float64)
        except (TypeError, ValueError):
            points = np.empty(0)  # no numbers
        if points.ndim != 2 or points.shape[1] != 3 or not len(points) or not np.isfinite(points).all():
            raise ValueError(
                f"Person.points is {self.points!r}, expected (n, 3) finite numbers in m, n at least 1"
            )
        if self.speed is not None and not (
            isinstance(self.speed, int | float | np.floating) and isfinite(self.speed)
        ):
            raise ValueError(f"Person.speed is {self.speed!r}, expected a finite number of m/s, or None")

    def distance(self, places: Array) -> float:
        """Return how far m the nearest of `places` (m, 3) is from the nearest point."""
        away = np.asarray(self.points)[:, None] - places
        return float(np.sqrt((away**2).sum(axis=2)).min())

    def distance_along_floor(self, places: Array) -> float:
        """Return how far m, seen from above, the nearest of `places` (m, 2) is from the nearest point."""
        away = np.asarray(self.points)[:, None, :2] - places
        return float(np.sqrt((away**2).sum(axis=2)).min())


_BODY: Final = (0.3, 0.9, 1.4)
"""m, heights at which a person is taken to be where they were seen to stand"""


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Set anew whenever something was seen; nobody and nothing by default.

    Raises:
        ValueError: something is no tuple, or not of its kind: a safety layer does not find that out at the next tick.
    """

    people: tuple[Person, ...] = ()
    tables: tuple[Tabletop, ...] = ()
    things: tuple[Graspable, ...] = ()
    """those that the arms must not touch; what a task is about does not belong here"""

    def __post_init__(self) -> None:
        for name, kind in (("people", Person), ("tables", Tabletop), ("things", Graspable)):
            value = getattr(self, name)
            if not isinstance(value, tuple) or not all(isinstance(one, kind) for one in value):
                raise ValueError(f"Surroundings.{name} is {value!r}, expected a tuple of {kind.__name__}")

    @classmethod
    def known(cls, knowledge: SceneKnowledge, speed: float | None = None) -> Surroundings:
        """Return what somebody knows of a scene: its table, and the person, who comes at `speed` m/s or unmeasured."""
        people: tuple[Person, ...] = ()
        if knowledge.person is not None:
            x, y = knowledge.person.tolist()
            people = (Person(np.array([(x, y, z) for z in _BODY]), speed),)
        return cls(people, () if knowledge.table is None else (knowledge.table,))
