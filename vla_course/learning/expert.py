"""The expert: carries out any task with the planners and controllers of Day 3, and knows all of the scene.

expert = Expert(task, stage)
for doing in expert.perform():
    task.observe(stage)
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert_aims import (
    Spot,
    beside,
    in_order,
    in_third,
    near_person,
    pointing,
    reaching,
    stacked,
)
from vla_course.learning.expert_feet import back_from, before_person, even_steps
from vla_course.learning.expert_gaze import Gaze
from vla_course.motion.arm_pose import Pose
from vla_course.motion.errand import Porter
from vla_course.motion.errand_ending import ErrandFailed
from vla_course.motion.errand_parts import ErrandParts
from vla_course.motion.errand_way import (
    CLEAR,
    Leg,
    StandingPlace,
    StepPlanner,
    StepPlannerOf,
    middle_of,
    obstacle_of,
    standing_places,
)
from vla_course.motion.footsteps import Footstep
from vla_course.motion.manipulation_plan import ManipulationPlan, NoPlan
from vla_course.motion.manipulation_planner import ReachPlanner
from vla_course.motion.manipulation_scene import tabletop_in, thing_in
from vla_course.motion.manipulation_things import Graspable
from vla_course.motion.manipulation_ways import Situation
from vla_course.motion.mobile_manipulator import SETTLE
from vla_course.motion.obstacles import Obstacle, Pillar
from vla_course.motion.step_sources import PlannedSteps
from vla_course.motion.terrain_map import TerrainMap
from vla_course.simulation.layout import SIDES
from vla_course.simulation.robot_state import Side
from vla_course.simulation.scene_parts import PERSON_RADIUS
from vla_course.simulation.task_goals import Turned, Walked
from vla_course.simulation.task_goals_hands import Served, stands_tidy
from vla_course.simulation.task_stage import Stage
from vla_course.simulation.tasks import Task
from vla_course.simulation.terrain import Terrain

Array = NDArray[np.float64]

STAYS: Final = 1.3
"""s, for which a goal is kept when it has been reached: first a walk has to come to rest"""
_ROOM: Final = 1.2
"""m, of ground round all that stands on it"""


class Expert(Porter):
    """A robot that carries out `task` on `stage`, its eyes on what it is about.

    Attributes:
        ending: how it ended, "done" where the expert did all that it meant to; empty while it is at work.
        reason: why it could not, else empty.
    """

    def __init__(self, task: Task, stage: Stage) -> None:
        self._task, self._stage, self._table = task, stage, tabletop_in(stage.scene)
        parts = ErrandParts(planner=_planner_round(stage))
        super().__init__(stage.humanoid, [self._table], parts, _ground(stage))
        self._gaze = Gaze(stage, self.body)
        here = middle_of(self.feet)
        if obstacle_of(self._table).distance(here.x, here.y) < CLEAR - 0.01:
            # So near to a table feet first go straight back.
            self._at = StandingPlace(here, back_from(here, CLEAR), "left")

    def perform(self) -> Iterator[str]:
        """Carry out the task. Yields after every tick what the robot is about."""
        self.ending, self.reason = "", ""
        try:
            yield from self._perform()
            self.ending = "done"
        except ErrandFailed as failed:
            self.reason, self.ending = str(failed), failed.ending
            if self.ending != "fell":
                yield from self._give_up()

    def _perform(self) -> Iterator[str]:
        instruction, goal = self._task.instruction, self._task.goal
        thing, other = instruction.thing, instruction.other
        self._gaze.target = thing or ("person" if other == "person" else None)
        yield from self.stand("stand", SETTLE)
        match instruction.skill:
            case "walk" if isinstance(goal, Walked):
                yield from self._step(even_steps(self.feet, goal.ahead, goal.leftward))
            case "turn" if isinstance(goal, Turned):
                yield from self._step(even_steps(self.feet, turn=goal.angle))
            case "look at":
                yield from self.stand("look", 2.0)
            case "stand still":
                yield from self.stand("stand still", 3.0)
            case "go to":
                yield from self._go_before(thing or other or "table")
            case "reach for" if thing:
                yield from self._aim("reach", reaching, thing)
            case "point at" if thing:
                yield from self._aim("point", pointing, thing)
            case "pick up" if thing:
                yield from self._pick_up(thing)
            case "place" if thing and other and instruction.relation == "on":
                yield from self._stack(thing, other)
            case "place" if thing and other and instruction.relation:
                spots = beside(self._thing(other), instruction.relation, self._rest(thing), self._table)
                yield from self._bring(thing, spots)
            case "move to" if thing and other:
                start = self._thing(thing).position[:2]
                yield from self._bring(thing, in_third(other, start, self._rest(thing), self._table))
            case "serve a drink" if isinstance(goal, Served):
                person = self._stage.place("person")[:2]
                drink = goal.drinks[0]
                yield from self._bring(drink, near_person(person, self._rest(drink), self._table))
            case "tidy the table":
                yield from self._tidy()

    def _looked(self, name: str) -> str:
        self._gaze.tick()
        return super()._looked(name)

    # ---- feet ------------------------------------------------------------------------------------

    def _step(self, steps: Sequence[Footstep]) -> Iterator[str]:
        """Make steps, and stay where they lead."""
        self.walker.source = source = PlannedSteps(steps)
        while source.left:
            self.walker.tick()
            yield self._looked("walk")
        yield from self.stand("stay", STAYS)

    def _go_before(self, goal: str) -> Iterator[str]:
        """Walk to the first place before a thing, the table or the person to which there is a way."""
        why: ErrandFailed | None = None
        for legs in self._ways_to(goal):
            try:
                yield from self.walk(legs, "walk")
                yield from self.stand("stay", STAYS)
                return
            except ErrandFailed as failed:
                if failed.ending != "no way":
                    raise
                why = failed
        raise why or ErrandFailed("no way", f"there is nowhere to stand before the {goal}")

    def _ways_to(self, goal: str) -> Iterator[list[Leg]]:
        here = middle_of(self.feet)
        if goal == "person":
            x, y, _ = self._stage.place("person").tolist()
            for place in before_person((x, y), here):
                yield [Leg(place)]
            return
        spot = self._table_before(here.x, here.y) if goal == "table" else self._thing(goal).position[:2]
        for standing in standing_places(self._table, spot, here):
            yield [Leg(standing.before), Leg(standing.at, straight=True)]

    def _table_before(self, x: float, y: float) -> Array:
        """Return a spot on the table (2,) m, a little inside the edge that is nearest to x, y m."""
        half = np.array(self._table.size) / 2.0 - (0.05, 0.20)
        middle = self._table.middle[:2]
        return np.clip((x, y), middle - half, middle + half)

    # ---- hands -----------------------------------------------------------------------------------

    def _aim(
        self, name: str, poses: Callable[[Graspable, Array], Iterable[Pose]], thing: str
    ) -> Iterator[str]:
        """Bring the right hand to the first of `poses` that it can reach, and keep it there."""
        side: Side = self._task.hand or "right"
        planner = self.hands.planner(side, Situation(self._table, self._rest()))
        shoulder, _ = self.humanoid.link_pose(f"{side}_shoulder_pitch_link")
        for pose in poses(self._thing(thing), shoulder):
            try:
                plan = planner.reach(pose)
            except NoPlan:
                continue
            yield from self._do(plan, name)
            yield from self._keep(name)
            return
        raise ErrandFailed("no plan", f"the {side} hand cannot {name} there")

    def _pick_up(self, thing: str) -> Iterator[str]:
        planner = self.hands.planner(self._task.hand or "right", Situation(self._table, self._rest(thing)))
        try:
            plan, _ = planner.grasp(self._thing(thing), hold=0.1)
        except NoPlan as why:
            raise ErrandFailed("no plan", str(why)) from why
        yield from self._do(plan, "pick up")
        yield from self._keep("hold")

    def _bring(self, thing: str, spots: Sequence[Spot]) -> Iterator[str]:
        """Take a thing and put it down at the first of `spots` that it can be brought to, on foot where needed."""
        self._gaze.target = thing

        def look() -> tuple[Graspable, Situation]:
            return self._thing(thing), Situation(self._table, self._rest(thing))

        for spot in spots:
            try:
                plan = self.hands.plan_pick_and_place(look()[0], np.array(spot), look()[1], hold=0.1)
            except NoPlan:
                continue
            yield from self._do(plan, "bring")
            yield from self.stand("stay", STAYS)
            return
        why = ErrandFailed("no plan", f"there is no room for the {thing} where it is to stand")
        for spot in spots:
            try:
                yield from self._fetch(look, np.array(spot), None)
                return
            except ErrandFailed as failed:
                if failed.ending != "no plan":
                    raise
                why = failed
        raise why

    def _stack(self, thing: str, other: str) -> Iterator[str]:
        """Put a thing on another one, from here or from where one hand reaches both."""
        lower = self._thing(other)

        def plan(side: Side, planner: Callable[[Situation], ReachPlanner]) -> ManipulationPlan:
            take, held = planner(Situation(self._table, self._rest(thing))).grasp(
                self._thing(thing), hold=0.1
            )
            put = planner(stacked(lower, self._rest(thing, other), self._table)).transport(
                held, lower.position[:2]
            )
            return ManipulationPlan(side, (*take.stages, *put.stages))

        def here(side: Side) -> ManipulationPlan:
            return plan(side, lambda situation: self.hands.planner(side, situation))

        for side in SIDES:
            try:
                yield from self._do(here(side), "stack")
                yield from self.stand("stay", STAYS)
                return
            except NoPlan:
                continue
        between = (self._thing(thing).position[:2] + lower.position[:2]) / 2.0
        for place in standing_places(self._table, between, middle_of(self.feet)):
            try:
                plan(place.side, lambda situation, at=place: self.planner_at(at, situation))  # type: ignore[misc]
            except NoPlan:
                continue
            yield from self._go(place, "walk")
            try:
                yield from self._do(here(place.side), "stack")
            except NoPlan as why:
                raise ErrandFailed("no plan", str(why)) from why
            yield from self.stand("stay", STAYS)
            return
        raise ErrandFailed("no plan", f"no hand reaches both the {thing} and the {other}")

    def _tidy(self) -> Iterator[str]:
        """Bring one thing after the other to its place."""
        for name in self._stage.things:
            if stands_tidy(self._stage, name):
                continue
            rest = self._rest(name)
            start = self._thing(name).position[:2]
            spots = in_order(rest, self._table) or in_third(
                "left side of the table", start, rest, self._table
            )
            yield from self._bring(name, spots)

    def _do(self, plan: ManipulationPlan, name: str) -> Iterator[str]:
        """Carry out a plan of hands."""
        self.run = self.hands.start(plan)
        yield from self.work(name)
        if self.run.aborted:
            raise ErrandFailed("not taken", self.run.aborted)

    def _keep(self, name: str) -> Iterator[str]:
        """Keep the hand where its plan has brought it."""
        assert self.run is not None
        over = self.humanoid.world.time + STAYS
        while self.humanoid.world.time < over:
            self.run.tick()
            yield self._looked(name)

    # ---- what the expert knows -------------------------------------------------------------------

    def _thing(self, name: str) -> Graspable:
        return thing_in(self._stage.scene, name)

    def _rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named."""
        return tuple(self._thing(name) for name in self._stage.things if name not in names)


def _planner_round(stage: Stage) -> StepPlannerOf:
    """Return a planner of footsteps that walks round the person as well."""
    make, person = ErrandParts().step_planner(), stage.scene.description.person
    more = [] if person is None else [Pillar(*person.position, PERSON_RADIUS)]

    def planner(ground: TerrainMap, obstacles: Sequence[Obstacle]) -> StepPlanner:
        return make(ground, [*obstacles, *more])

    return planner


def _ground(stage: Stage) -> TerrainMap:
    """Return level ground round the robot and all that stands about."""
    scene = stage.scene.description
    places = [stage.feet(), np.array(scene.table.position[:2])]
    places += [] if scene.person is None else [np.array(scene.person.position)]
    (x0, y0), (x1, y1) = (np.min(places, axis=0) - _ROOM).tolist(), (np.max(places, axis=0) + _ROOM).tolist()
    return TerrainMap.of(Terrain.flat(), (x0, x1), (y0, y1))
