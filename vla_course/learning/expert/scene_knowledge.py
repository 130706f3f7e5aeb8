"""What whoever carries out a task may ask about its scene, and the answers of one who knows all of it."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.hands.scene import graspable_in, tabletop_in, thing_in
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.tasks.goals import FACE
from vla_course.simulation.tasks.goals_hands import stands_tidy
from vla_course.simulation.tasks.instructions import DRINKS
from vla_course.simulation.tasks.stage import Stage

Array = NDArray[np.float64]


class SceneKnowledge(Protocol):
    """What is known of table, things and person. A name is what somebody who asks calls a thing.

    Whatever it is asked for and does not know, it raises ErrandFailed "no plan" and says so.
    """

    @property
    def table(self) -> Tabletop | None:
        """The table; None as long as none is known of."""

    @property
    def person(self) -> Array | None:
        """Where the person stands, (2,) m; None where none is known of."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all things that are known of."""

    def thing(self, name: str) -> Graspable:
        """Return a thing where it is now."""

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold, where it is now."""

    def rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named, where they are now."""

    def place(self, name: str) -> Array:
        """Return the middle of a thing, or the person's face, (3,) m: where to look."""

    def began(self, name: str) -> tuple[float, float]:
        """Return where a thing was in the beginning, (x, y) m."""

    def drink(self) -> str:
        """Return the name of a thing that a drink is served in."""

    def is_tidy(self, name: str) -> bool:
        """Tell whether a thing stands where the things of a tidy table do, apart from all others."""

    def handles(self, name: str) -> None:
        """Take note that a hand sets about moving a thing."""


class TrueKnowledge:
    """Knows all of `stage` as it really is."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self.table = stage, tabletop_in(stage.scene)
        someone = stage.scene.description.person
        self.person = None if someone is None else np.array(someone.position)
        self.names = stage.things
        self._began = {name: stage.place(name)[:2].tolist() for name in self.names}

    def thing(self, name: str) -> Graspable:
        """Return a thing where it is now."""
        return thing_in(self._stage.scene, name)

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold, where it is now."""
        return graspable_in(self._stage.scene, name)

    def rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named, where they are now."""
        return tuple(self.thing(name) for name in self.names if name not in names)

    def place(self, name: str) -> Array:
        """Return the middle of a thing, or the person's face, (3,) m."""
        place = self._stage.place(name)
        if name == "person":
            place[2] = FACE
        return place

    def began(self, name: str) -> tuple[float, float]:
        """Return where a thing was in the beginning, (x, y) m."""
        x, y = self._began[name]
        return x, y

    def drink(self) -> str:
        """Return the name of a thing that a drink is served in."""
        return next(name for name in self.names if name in DRINKS)

    def is_tidy(self, name: str) -> bool:
        """Tell whether a thing stands where the things of a tidy table do, apart from all others."""
        return stands_tidy(self._stage, name)

    def handles(self, name: str) -> None:
        """Take note of nothing: all is known anyway."""
