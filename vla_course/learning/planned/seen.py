"""What a robot knows of its scene that has only seen it: table, person, and things without names until it gives some.

It looks anew whenever it is asked where things are and time has gone by. What it has seen and sees no more it
remembers, until it sees through the place; and what a hand carries is where the hand is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import Eyes, Sight
from vla_course.learning.planned.person_sight import PersonSight, see_person
from vla_course.learning.planned.table_sight import see_table
from vla_course.learning.planned.things_sight import AS_TALL, Cluster, clusters_on, fitted, kind_of
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene.parts import BOTTLE_BODY
from vla_course.simulation.scene.things import SHAPES
from vla_course.simulation.tasks.goals import FACE
from vla_course.simulation.tasks.goals_hands import APART, third_of

Array = NDArray[np.float64]

SAME: Final = 0.06
"""m, within which what is seen again is the same thing"""
MOVED: Final = 0.012
"""m, by which a thing must seem to have moved before a look at half of it is believed"""
FRESH: Final = 0.3
"""s, after which it looks again before it says where things are"""
STILL: Final = 3.0
"""s, for which looks are laid on top of each other while no hand is at work"""
MOST: Final = 10
"""looks that are"""
CLOSES: Final = 0.05
"""of 1, how far open a gripper is told to be that is told to close"""
HOLDS: Final = 0.2
"""of 1, how far open it is that has something between its fingers"""
GRASPED: Final = 0.06
"""m, from a tool to the middle of what it holds, at most"""
SURE_OF_TABLE: Final = 0.012
"""m, of doubt where the table is: then it is not looked for again"""


@dataclass(slots=True, eq=False)
class Track:
    """A thing that has been seen."""

    cluster: Cluster
    thing: Graspable
    kind: str | None
    """its shape, where it is known"""
    whole: bool
    """whether all of it has been in sight"""
    first: tuple[float, float]
    """m, where it was when it was first seen"""


class SeenKnowledge:
    """What `humanoid` has seen of its scene with its `eyes`.

    Attributes:
        tracks: the things that it has seen, by number.
        someone: the person as last seen.
    """

    def __init__(self, humanoid: Humanoid, eyes: Eyes | None = None) -> None:
        self._humanoid, self._eyes = humanoid, eyes or Eyes(humanoid)
        self.tracks: dict[int, Track] = {}
        self.someone: PersonSight | None = None
        self._table: Tabletop | None = None
        self._doubt, self._sights = np.inf, list[Sight]()
        self._ids, self._names, self._shapes = count(), dict[str, int](), dict[int, str]()
        self._handled: set[int] = set()

    # ---- looking ---------------------------------------------------------------------------------

    @property
    def sights(self) -> Sequence[Sight]:
        """The looks that are laid on top of each other now."""
        return tuple(self._sights)

    def glance(self) -> Sight:
        """Return what is in sight now, without taking it in."""
        return self._eyes.look()

    def look(self) -> Sight:
        """Look, and take in what there is."""
        sight = self._eyes.look()
        self._sights = [one for one in self._sights if sight.time - one.time < STILL][1 - MOST :] + [sight]
        if self._doubt > SURE_OF_TABLE:
            table = see_table(self._sights)
            if table is not None:
                self._table, self._doubt = table.top, float(table.doubt.max())
        feet = self._humanoid.state().base_position[:2]
        self.someone = see_person(sight.points, self._table, feet) or self.someone
        if self._table is not None:
            points = np.concatenate([one.points for one in self._sights])
            self._take_in(clusters_on(self._table, points[~self._in_hand(points)]))
        return sight

    def _in_hand(self, points: Array) -> NDArray[np.bool_]:
        """Tell which points (N, 3) m are what a hand holds, and not things on the table."""
        held = np.zeros(len(points), dtype=bool)
        sizes = [self.tracks[number].thing.size for number in self._handled if number in self.tracks]
        for tool in self._holding():
            room = GRASPED + max((float(np.linalg.norm(size)) / 2.0 for size in sizes), default=0.0)
            held |= ((points - tool) ** 2).sum(axis=1) < room**2
        return held

    def _holding(self) -> list[Array]:
        """Return where the tools are, (3,) m, of hands that hold something: fingers told to close, and open."""
        openings = self._humanoid.state().gripper_openings.tolist()
        return [
            self._humanoid.link_pose(f"{side}_tool")[0]
            for side, opening, goal in zip(SIDES, openings, self._humanoid.gripper_goals, strict=True)
            if goal < CLOSES and opening > HOLDS
        ]

    def _refresh(self) -> None:
        if not self._sights or self._humanoid.world.time - self._sights[-1].time > FRESH:
            self.look()

    def _take_in(self, clusters: Sequence[Cluster]) -> None:
        """Match what is seen with what is known, nearest first."""
        pairs = sorted(
            (hypot(*(one.middle - track.thing.position)[:2].tolist()), k, number)
            for k, one in enumerate(clusters)
            for number, track in self.tracks.items()
        )
        new, known = set(range(len(clusters))), set(self.tracks)
        for away, k, number in pairs:
            if away < SAME and k in new and number in known:
                new.discard(k)
                known.discard(number)
                self._update(number, clusters[k])
        for number in sorted(known & self._handled):
            alike = [k for k in new if abs(clusters[k].height - self.tracks[number].cluster.height) < AS_TALL]
            if alike and self._gone(number):
                new.discard(alike[0])
                known.discard(number)
                self._update(number, clusters[alike[0]])
        for number in known - self._handled:
            if self._gone(number):
                self.forget(number)
        for k in sorted(new):
            number, one = next(self._ids), clusters[k]
            thing, kind = self._fit(number, one)
            x, y, _ = thing.position.tolist()
            self.tracks[number] = Track(one, thing, kind, self._whole(one), (x, y))

    def _update(self, number: int, cluster: Cluster) -> None:
        """Believe what is seen of a known thing, where it tells more than what was seen before."""
        track, whole = self.tracks[number], self._whole(cluster)
        moved = hypot(*(cluster.middle - track.thing.position)[:2].tolist()) > MOVED
        if (whole or not track.whole) and (moved or len(cluster.points) >= len(track.cluster.points)):
            track.cluster, track.whole = cluster, whole
            track.thing, track.kind = self._fit(number, cluster)

    def _gone(self, number: int) -> bool:
        """Tell whether the last look went through the place of a thing."""
        return self._sights[-1].through(self.tracks[number].thing.position, 0.06)

    def forget(self, number: int) -> None:
        """Forget a thing and its names: it is not where it was seen."""
        del self.tracks[number]
        self._names = {name: other for name, other in self._names.items() if other != number}

    def _whole(self, cluster: Cluster) -> bool:
        """Tell whether some picture holds all of a cluster and a margin round it."""
        low, high = cluster.points.min(axis=0) - 0.015, cluster.points.max(axis=0) + 0.015
        corners = [
            np.array((x, y, z))
            for x in (low[0], high[0])
            for y in (low[1], high[1])
            for z in (low[2], high[2])
        ]
        return any(
            all(sight.shows(camera, corner, 0.5) for corner in corners)
            for sight in self._sights
            for camera in range(len(sight.depths))
        )

    def _fit(self, number: int, cluster: Cluster) -> tuple[Graspable, str | None]:
        """Return the thing that a cluster shows, and its shape: what it was called, where it is about as tall."""
        called = self._shapes.get(number)
        tall = called is not None and abs(SHAPES[called].size[2] - cluster.height) < AS_TALL
        kind = called if tall else kind_of(cluster)
        return fitted(cluster, kind), kind

    # ---- names -----------------------------------------------------------------------------------

    def call(self, name: str, number: int, shape: str | None = None) -> None:
        """Give a thing a name, and say of which shape it is, where that was said."""
        self._names[name] = number
        if shape is not None:
            self._shapes[number] = shape
            track = self.tracks[number]
            track.thing, track.kind = self._fit(number, track.cluster)

    def is_called(self, name: str) -> bool:
        """Tell whether a thing has that name."""
        return name in self._names

    @property
    def called(self) -> dict[str, int]:
        """The names that were given, and the numbers of their things."""
        return dict(self._names)

    def _track(self, name: str) -> Track:
        number = self.number(name)
        if number not in self.tracks:
            raise ErrandFailed("no plan", f"the {name} is nowhere in sight")
        return self.tracks[number]

    def number(self, name: str) -> int:
        """Return the number of a thing by its name; -1 of none."""
        known = {f"thing {number}": number for number in self.tracks}
        return (known | self._names).get(name, -1)

    # ---- what is asked ---------------------------------------------------------------------------

    @property
    def table(self) -> Tabletop | None:
        """The table; None as long as none has been seen."""
        return self._table

    @property
    def sure_of_table(self) -> bool:
        """Whether it has been seen where the table ends."""
        return self._doubt <= SURE_OF_TABLE

    @property
    def person(self) -> Array | None:
        """Where the person stands, (2,) m; None where none has been seen."""
        return None if self.someone is None else self.someone.position

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all things that have been seen; those without one are numbered."""
        called = {number: name for name, number in self._names.items()}
        return tuple(called.get(number, f"thing {number}") for number in self.tracks)

    def thing(self, name: str) -> Graspable:
        """Return a thing where it was last seen."""
        self._refresh()
        return self._track(name).thing

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold."""
        self._refresh()
        track = self._track(name)
        if track.kind != "bottle":
            return track.thing
        width, depth, height = track.thing.size
        lower = track.thing.position - (0.0, 0.0, (height - BOTTLE_BODY) / 2.0)
        return replace(track.thing, size=(width, depth, BOTTLE_BODY), position=lower)

    def rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named."""
        self._refresh()
        without = {self.number(name) for name in names}
        return tuple(track.thing for number, track in self.tracks.items() if number not in without)

    def place(self, name: str) -> Array:
        """Return the middle of a thing, or the person's face, (3,) m."""
        if name == "person":
            if self.person is None:
                raise ErrandFailed("no plan", "there is no person in sight")
            return np.array((*self.person, FACE))
        self._follow_hand(self.number(name))
        return self._track(name).thing.position.copy()

    def _follow_hand(self, number: int) -> None:
        """Move what a hand is at work with to where the hand is, while it holds something."""
        if number in self._handled and number in self.tracks:
            for tool in self._holding():
                track = self.tracks[number]
                track.thing = replace(track.thing, position=tool)

    def began(self, name: str) -> tuple[float, float]:
        """Return where a thing was when it was first seen, (x, y) m."""
        return self._track(name).first

    def drink(self) -> str:
        """Return the name of what was found to be a drink."""
        if not self.is_called("drink"):
            raise ErrandFailed("no plan", "there is no drink in sight")
        return "drink"

    def is_tidy(self, name: str) -> bool:
        """Tell whether a thing stands in the left third of the table, apart from all others."""
        assert self._table is not None
        here = self.thing(name).position
        apart = all(hypot(*(other.position - here)[:2].tolist()) >= APART for other in self.rest(name))
        return apart and third_of(float(here[1] - self._table.middle[1])) == "left"

    def handles(self, name: str) -> None:
        """Take note that a hand sets about moving a thing: what was seen by now holds no longer."""
        self._handled = {self.number(name)}
        self._sights = []
