"""What the robot sees of its scene at one moment, as plain numbers: what plans are made of, and ends are judged by.

The rules are those of `simulation.tasks.goals_hands`, by what is seen in place of what is so, and a little stricter: a
robot that errs by a centimetre is to think that it is not done, rather than that it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.hands.things import Tabletop
from vla_course.simulation.tasks.goals_hands import (
    APART,
    BESIDE,
    LEFTWARD,
    LEVEL,
    SERVED,
    persons_edge,
    third_of,
)
from vla_course.simulation.tasks.instructions import DRINKS, Instruction, fits
from vla_course.simulation.tasks.meant import Pose, leftward

Array = NDArray[np.float64]

ERRS: Final = 0.01
"""m, by which what is seen may be off: a rule that only just holds is not taken to hold"""


@dataclass(frozen=True, slots=True, eq=False)
class SceneSeen:
    """A scene as it was seen.

    Attributes:
        things: by name, where the middle of each thing is that stands on the table, (3,) m, world, seen just now.
        table: the table; None where none is in sight.
        here: where the robot stands, (x, y) m, and looks, rad.
        person: the same of the person; None where nobody is in sight.
        holds: what it feels between its fingers, by name; "" for empty hands.
        missing: what has been on the table and is not seen to stand there now: gone, fallen over, or out of sight.
    """

    things: Mapping[str, Array]
    table: Tabletop | None
    here: Pose
    person: Pose | None = None
    holds: str = ""
    missing: tuple[str, ...] = ()

    @property
    def drinks(self) -> tuple[str, ...]:
        """The drinks in sight, the nearest first."""
        x, y = self.here[0]
        near = {name: hypot(at[0] - x, at[1] - y) for name, at in self.things.items() if name in DRINKS}
        return tuple(sorted(near, key=lambda name: near[name]))

    def meant(self, noun: str, where: str | None = None) -> tuple[str, ...]:
        """Return the names of things that a noun may mean; `where`: only those on that side, the robot's or "my"."""
        named = [*self.things, *([self.holds] if self.holds else [])]
        return tuple(name for name in named if fits(noun, name) and self._is_on(name, where))

    def _is_on(self, name: str, where: str | None) -> bool:
        if where is None:
            return True
        viewer = self.person if where.startswith("my") else self.here
        if viewer is None or name not in self.things:
            return False
        x, y, _ = self.things[name].tolist()
        return (leftward((x, y), viewer) > 0.0) == where.endswith("left")

    # ---- is it so? -------------------------------------------------------------------------------

    def fulfils(self, part: Instruction) -> bool:
        """Tell whether what one instruction asks of a thing is seen to be so, its things under their full names.

        Raises:
            ValueError: it asks for what no picture tells, such as a walk.
        """
        thing, other = part.thing or "", part.other or ""
        match part.skill:
            case "pick up":
                return self.holds == thing
            case "serve a drink":
                return any(self.is_served(name) for name in ([thing] if thing else self.drinks))
            case "tidy the table":
                return not self.missing and all(self.is_tidy(name) for name in self.things)
            case "move to":
                return thing in self.things and self.third(thing) == other.split()[0]
            case "place":
                return thing in self.things and (
                    other == "table" or self._beside(thing, other, part.relation)
                )
        raise ValueError(f"part is {part}, expected one about where things are")

    def is_served(self, name: str) -> bool:
        """Tell whether a thing stands by the edge of the table behind which the person stands."""
        if name not in self.things or self.person is None or self.table is None:
            return False
        axis, sign = persons_edge(
            np.array(self.person[0]), (float(self.table.middle[0]), float(self.table.middle[1]))
        )
        inward = self.table.size[axis] / 2.0 - sign * (self.things[name] - self.table.middle)[axis]
        return bool(inward <= SERVED - ERRS)

    def is_tidy(self, name: str) -> bool:
        """Tell whether a thing stands in the left third of the table, apart from all others."""
        here = self.things[name]
        others = [place for other, place in self.things.items() if other != name]
        apart = all(hypot(*(place - here)[:2].tolist()) >= APART for place in others)
        return apart and self.third(name) == "left"

    def third(self, name: str) -> str:
        """Return the third of the table in which a thing stands; "" where that is not clear to `ERRS`."""
        if self.table is None:
            return ""
        aside = float(self.things[name][1] - self.table.middle[1])
        low, high = third_of(aside - ERRS), third_of(aside + ERRS)
        return low if low == high else ""

    def _beside(self, thing: str, other: str, relation: str | None) -> bool:
        """Tell whether a thing stands in a relation to another one, as seen from the table's front."""
        if other not in self.things:
            return False
        behind, left, above = (self.things[thing] - self.things[other]).tolist()
        match relation:
            case "on":
                return hypot(behind, left) <= 0.025 and above > 0.0
            case "next to":
                return hypot(behind, left) <= BESIDE - ERRS
            case _:
                aside = left if relation == "left of" else -left
                inside = LEFTWARD[0] + ERRS <= aside <= LEFTWARD[1] - ERRS
                return inside and abs(behind) <= LEVEL - ERRS
