"""The expert's body: a porter that walks round people, looks where it should, and asks what is known of the scene."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.approach import places_at
from vla_course.learning.expert.feet import back_from, before_person
from vla_course.learning.expert.gaze import Gaze
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.errands.porter import Porter
from vla_course.motion.errands.way import (
    CLEAR,
    Leg,
    StandingPlace,
    StepPlanner,
    StepPlannerOf,
    obstacle_of,
)
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import middle_of
from vla_course.motion.ground.obstacles import Obstacle, Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.plan import ManipulationPlan
from vla_course.motion.hands.standing_manipulator import PLACED
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.motion.hands.ways import Situation
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.parts import PERSON_RADIUS
from vla_course.simulation.scene.terrain import Terrain

Array = NDArray[np.float64]

STAYS: Final = 1.3
"""s, for which a goal is kept when it has been reached: first a walk has to come to rest"""
_ROOM: Final = 1.2
"""m, of ground round all that stands on it"""


class ExpertBody(Porter):
    """A robot with `knowledge` of the scene.

    Args:
        humanoid: the robot.
        knowledge: what it knows.
        parts: the pieces of walk and reach that are exercises, by default the reference's.

    Attributes:
        knowledge: what it knows of table, things and person.
        gaze: turns the head every tick; set its `target`.
    """

    _handled = ""

    def __init__(
        self, humanoid: Humanoid, knowledge: SceneKnowledge, parts: ErrandParts | None = None
    ) -> None:
        self.knowledge = knowledge
        self._make_planner = (parts or ErrandParts()).step_planner()
        tables = [] if knowledge.table is None else [knowledge.table]
        parts = replace(
            parts or ErrandParts(), planner=planner_round(knowledge.person, self._make_planner)
        )
        super().__init__(humanoid, tables, parts, ground_of(_feet_of(humanoid), knowledge))
        self.gaze = Gaze(humanoid, self.body, knowledge)
        self._mind_the_table()

    def take_in_surroundings(self) -> None:
        """Take note of table and person, where they have only now become known."""
        ground = ground_of(_feet_of(self.humanoid), self.knowledge)
        tables = [] if self.knowledge.table is None else [obstacle_of(self.knowledge.table)]
        self.step_planner = planner_round(self.knowledge.person, self._make_planner)(ground, tables)
        if self._at is None:
            self._mind_the_table()

    def _mind_the_table(self) -> None:
        """Where it stands so near to the table that it must not turn, feet first go straight back."""
        here = middle_of(self.feet)
        table = self.knowledge.table
        if table is not None and obstacle_of(table).distance(here.x, here.y) < CLEAR - 0.01:
            self._at = StandingPlace(here, back_from(here, CLEAR), "left")

    @property
    def table(self) -> Tabletop:
        """The table. Raises ErrandFailed: none is known of."""
        if self.knowledge.table is None:
            raise ErrandFailed("no plan", "there is no table in sight")
        return self.knowledge.table

    @property
    def person(self) -> Array:
        """Where the person stands (2,) m. Raises ErrandFailed: none is known of."""
        if self.knowledge.person is None:
            raise ErrandFailed("no plan", "there is no person in sight")
        return self.knowledge.person

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
            x, y = self.person.tolist()
            for place in before_person((x, y), here):
                yield [Leg(place)], None
            return
        for standing in places_at(self.table, None if goal == "table" else goal, self.knowledge, here):
            if hand in (None, standing.side):
                yield [Leg(standing.before), Leg(standing.at, straight=True)], standing

    # ---- hands -----------------------------------------------------------------------------------

    def do(
        self, plan: ManipulationPlan, name: str, thing: str = "", place: Array | None = None
    ) -> Iterator[str]:
        """Carry out a plan of hands for `thing`, which is to be put down at `place` (2,) m, if at all.

        Raises:
            ErrandFailed: it was given up; the hand is empty again, unless the message says so.
        """
        self._handled, self.run = thing, (run := self.hands.start(plan))
        if thing:
            self.knowledge.handles(thing)
        yield from self.work(name, [] if place is None else [place])
        if run.aborted and not (place is not None and self._is_at(thing, place)):
            raise ErrandFailed("not taken", run.aborted)

    def surroundings(self, held: bool) -> Situation:
        """Return the table and all things but the one in the hand."""
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

    # ---- what it knows ---------------------------------------------------------------------------

    def thing(self, name: str) -> Graspable:
        """Return a thing where it is now."""
        return self.knowledge.thing(name)

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold, where it is now."""
        return self.knowledge.graspable(name)

    def rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named, where they are now."""
        return self.knowledge.rest(*names)


def planner_round(person: Array | None, make: StepPlannerOf | None = None) -> StepPlannerOf:
    """Return a planner of footsteps that walks round a person at (2,) m as well; None: there is none.

    Args:
        person: where they stand.
        make: makes the planner that does so, by default the reference's.
    """
    make = make or ErrandParts().step_planner()
    more = [] if person is None else [Pillar(float(person[0]), float(person[1]), PERSON_RADIUS)]

    def planner(ground: TerrainMap, obstacles: Sequence[Obstacle]) -> StepPlanner:
        return make(ground, [*obstacles, *more])

    return planner


def ground_of(feet: Array, knowledge: SceneKnowledge) -> TerrainMap:
    """Return level ground round the `feet` (2,) m of a robot and all that stands about."""
    places = [feet]
    places += [] if knowledge.table is None else [knowledge.table.middle[:2]]
    places += [] if knowledge.person is None else [knowledge.person]
    (x0, y0), (x1, y1) = (np.min(places, axis=0) - _ROOM).tolist(), (np.max(places, axis=0) + _ROOM).tolist()
    return TerrainMap.of(Terrain.flat(), (x0, x1), (y0, y1))


def _feet_of(humanoid: Humanoid) -> Array:
    """Return the middle between the soles (2,) m."""
    return np.mean([humanoid.link_pose(f"{side}_sole")[0] for side in SIDES], axis=0)[:2]
