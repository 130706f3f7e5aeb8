"""The expert's body: a porter that walks round people, looks where it should, and knows all of the scene."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.feet import back_from, before_person
from vla_course.learning.expert.gaze import Gaze
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.errands.porter import Porter
from vla_course.motion.errands.way import (
    CLEAR,
    Leg,
    StandingPlace,
    StepPlanner,
    StepPlannerOf,
    middle_of,
    obstacle_of,
    standing_places,
)
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.ground.obstacles import Obstacle, Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.plan import ManipulationPlan
from vla_course.motion.hands.scene import graspable_in, tabletop_in, thing_in
from vla_course.motion.hands.standing_manipulator import PLACED
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.parts import PERSON_RADIUS
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.tasks.stage import Stage

Array = NDArray[np.float64]

STAYS: Final = 1.3
"""s, for which a goal is kept when it has been reached: first a walk has to come to rest"""
_ROOM: Final = 1.2
"""m, of ground round all that stands on it"""


class ExpertBody(Porter):
    """The robot on `stage`.

    Attributes:
        table: the table of the scene.
        gaze: turns the head every tick; set its `target`.
    """

    _handled = ""

    def __init__(self, stage: Stage) -> None:
        self._stage, self.table = stage, tabletop_in(stage.scene)
        parts = ErrandParts(planner=planner_round(stage))
        super().__init__(stage.humanoid, [self.table], parts, ground_of(stage))
        self.gaze = Gaze(stage, self.body)
        here = middle_of(self.feet)
        if obstacle_of(self.table).distance(here.x, here.y) < CLEAR - 0.01:
            # So near to a table feet first go straight back.
            self._at = StandingPlace(here, back_from(here, CLEAR), "left")

    def _looked(self, name: str) -> str:
        self.gaze.tick()
        return super()._looked(name)

    # ---- feet ------------------------------------------------------------------------------------

    def step(self, steps: Sequence[Footstep]) -> Iterator[str]:
        """Make steps, and stay where they lead."""
        self.walker.source = source = PlannedSteps(steps)
        while source.left:
            self.walker.tick()
            yield self._looked("walk")
        yield from self.stand("stay", STAYS)

    def go_before(self, goal: str, hand: Side | None = None) -> Iterator[str]:
        """Walk to the first place before a thing, the table or the person to which there is a way.

        Args:
            goal: the name of a thing, "table" or "person".
            hand: the one that is to reach the thing from there; either by default.
        """
        why: ErrandFailed | None = None
        for legs, place in self._ways_to(goal, hand):
            try:
                yield from self.walk(legs, "walk")
                self._at = place
                yield from self.stand("stay", STAYS)
                return
            except ErrandFailed as failed:
                if failed.ending != "no way":
                    raise
                why = failed
        raise why or ErrandFailed("no way", f"there is nowhere to stand before the {goal}")

    def _ways_to(self, goal: str, hand: Side | None) -> Iterator[tuple[list[Leg], StandingPlace | None]]:
        """Yield ways, and the places at a table to which they lead."""
        here = middle_of(self.feet)
        if goal == "person":
            x, y, _ = self._stage.place("person").tolist()
            for place in before_person((x, y), here):
                yield [Leg(place)], None
            return
        spot = self._table_before(here.x, here.y) if goal == "table" else self.thing(goal).position[:2]
        for standing in standing_places(self.table, spot, here):
            if hand in (None, standing.side):
                yield [Leg(standing.before), Leg(standing.at, straight=True)], standing

    def _table_before(self, x: float, y: float) -> Array:
        """Return a spot on the table (2,) m, a little inside the edge that is nearest to x, y m."""
        half = np.array(self.table.size) / 2.0 - (0.05, 0.20)
        middle = self.table.middle[:2]
        return np.clip((x, y), middle - half, middle + half)

    # ---- hands -----------------------------------------------------------------------------------

    def do(
        self, plan: ManipulationPlan, name: str, thing: str = "", place: Array | None = None
    ) -> Iterator[str]:
        """Carry out a plan of hands for `thing`, which is to be put down at `place` (2,) m, if at all.

        Raises:
            ErrandFailed: it was given up; the hand is empty again, unless the message says so.
        """
        self._handled, self.run = thing, (run := self.hands.start(plan))
        yield from self.work(name, [] if place is None else [place])
        if run.aborted and not (place is not None and self._is_at(thing, place)):
            raise ErrandFailed("not taken", run.aborted)

    def surroundings(self, held: bool) -> Situation:
        """Return the table and all things but the one in the hand, as they really are."""
        return Situation(self.table, self.rest(*([self._handled] if held else [])))

    def _is_at(self, thing: str, place: Array) -> bool:
        return bool(np.linalg.norm(self.thing(thing).position[:2] - place) < PLACED)

    def keep(self, name: str) -> Iterator[str]:
        """Keep the hand where its plan has brought it."""
        assert self.run is not None
        over = self.humanoid.world.time + STAYS
        while self.humanoid.world.time < over:
            self.run.tick()
            yield self._looked(name)

    # ---- what the expert knows -------------------------------------------------------------------

    def thing(self, name: str) -> Graspable:
        """Return a thing where it is now."""
        return thing_in(self._stage.scene, name)

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold, where it is now."""
        return graspable_in(self._stage.scene, name)

    def rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named, where they are now."""
        return tuple(self.thing(name) for name in self._stage.things if name not in names)


def planner_round(stage: Stage) -> StepPlannerOf:
    """Return a planner of footsteps that walks round the person as well."""
    make, person = ErrandParts().step_planner(), stage.scene.description.person
    more = [] if person is None else [Pillar(*person.position, PERSON_RADIUS)]

    def planner(ground: TerrainMap, obstacles: Sequence[Obstacle]) -> StepPlanner:
        return make(ground, [*obstacles, *more])

    return planner


def ground_of(stage: Stage) -> TerrainMap:
    """Return level ground round the robot and all that stands about."""
    scene = stage.scene.description
    places = [stage.feet(), np.array(scene.table.position[:2])]
    places += [] if scene.person is None else [np.array(scene.person.position)]
    (x0, y0), (x1, y1) = (np.min(places, axis=0) - _ROOM).tolist(), (np.max(places, axis=0) + _ROOM).tolist()
    return TerrainMap.of(Terrain.flat(), (x0, x1), (y0, y1))
