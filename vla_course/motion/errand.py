"""An errand on foot: walk up to a table, take a thing, carry it elsewhere, put it down, step back and stand.

One robot in one world, from the first tick to the last: a `Walker` and a `StandingManipulator` take turns with
the same body at the same height, so that nothing jumps when one hands over to the other. Everything is planned
before the first step, for the places where the robot is going to stand, and again when it stands there.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arm_ik_config import SolverOf
from vla_course.motion.arm_postures import hanging, tucked
from vla_course.motion.errand_hands import held_by_now, held_turned, reach_from
from vla_course.motion.errand_way import (
    Leg,
    NoWay,
    Route,
    StandingPlace,
    StepPlanner,
    StepPlannerOf,
    middle_of,
    obstacle_of,
    standing_places,
)
from vla_course.motion.footstep_plan import GoalPose
from vla_course.motion.footstep_plan import Stance as Feet
from vla_course.motion.footsteps import Footstep
from vla_course.motion.manipulation_plan import ManipulationPlan, NoPlan, Stage, Timing
from vla_course.motion.manipulation_planner import MISSED, GraspRule, Held, ReachPlanner
from vla_course.motion.manipulation_run import ManipulationRun
from vla_course.motion.manipulation_stance import Stance
from vla_course.motion.manipulation_standing import StandingManipulator
from vla_course.motion.manipulation_things import Graspable, Gripper, Tabletop
from vla_course.motion.manipulation_ways import Situation
from vla_course.motion.step_sources import PlannedSteps
from vla_course.motion.terrain_map import TerrainMap
from vla_course.motion.walking import SIDES, Walker
from vla_course.motion.walking_parts import WalkingParts
from vla_course.simulation.humanoid import Humanoid
from vla_course.simulation.robot_model import RobotModel
from vla_course.simulation.robot_state import Side
from vla_course.simulation.terrain import Terrain

Array = NDArray[np.float64]
Look = Callable[[], tuple[Graspable, Situation]]
"""Where the thing and everything beside it seem to be now."""
Ending = Literal["", "done", "no plan", "no way", "not taken", "dropped", "not put down", "stopped", "fell"]

ATTEMPTS = 3
"""how often a robot tries to take a thing; it looks again each time"""
_SETTLE = 0.8
"""s, to come to rest"""
_ROOM = 1.5
"""m, of level ground round robot and tables, if nobody tells of the ground"""
_REST, _STEP_TIME, _SLACK = 0.02, 0.6, 4.0
"""m/s, of a robot at rest; s for a step, and for what comes beside steps: longer than that it is not on its way"""
_LOOK = 25
"""ticks between two looks at whether the robot lies on the ground"""


@dataclass(frozen=True)
class ErrandParts:
    """The pieces of an errand that are exercises; None stands for the reference's."""

    walking: WalkingParts | None = None
    planner: StepPlannerOf | None = None
    solver: SolverOf | None = None
    grasp_rule: GraspRule | None = None
    timing: Timing | None = None


class ErrandFailed(Exception):
    """The errand cannot go on: `ending` names what happened, the message says why."""

    def __init__(self, ending: Ending, why: str) -> None:
        super().__init__(why)
        self.ending = ending


class Porter:
    """A humanoid that walks, and works with its hands where it stands.

    Args:
        humanoid: stands somewhere.
        tables: all there are; they stand in its way.
        parts: the student's pieces, by default the reference's.
        ground: where it may walk; level ground round robot and tables by default.

    Attributes:
        walker, hands: who moves it, by turns.
        ending: how the last errand ended, "done" where all went well; empty while it is under way.
        reason: why it did not go well, else empty.
        run: what the hands do or did last.
        routes: the ways walked so far, the last one under way.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        tables: Sequence[Tabletop],
        parts: ErrandParts | None = None,
        ground: TerrainMap | None = None,
    ) -> None:
        parts = parts or ErrandParts()
        self.humanoid = humanoid
        self.walker = Walker(humanoid, PlannedSteps(()), parts.walking)
        self.body = self.walker.body
        self.hands = StandingManipulator(
            humanoid, self.walker.standing, parts.solver, parts.grasp_rule, parts.timing, body=self.body
        )
        make = parts.planner or _reference_planner()
        self._planner: StepPlanner = make(
            ground or self._level_ground(tables), [obstacle_of(table) for table in tables]
        )
        self._model = RobotModel.of(humanoid)
        self.ending: Ending = ""
        self.reason = ""
        self.run: ManipulationRun | None = None
        self.routes: list[Route] = []
        self._ticks, self._least_opening, self._told = 0, 0.0, ""
        self._at: StandingPlace | None = None

    def fetch(self, look: Look, place: Array, there: Situation | None = None) -> Iterator[str]:
        """Take what `look` sees and put it down at `place` (2,) m, on the table of `there` or the same one.

        Yields after every tick what the robot is about. However it ends, it stands, unless `ending` is "fell".
        """
        self.ending, self.reason, self._told = "", "", ""
        try:
            yield from self._fetch(look, place, there)
            self.ending = "done"
        except ErrandFailed as failed:
            self.reason, self.ending = str(failed), failed.ending
            if self.ending != "fell":
                yield from self._give_up()

    def stop(self, reason: str) -> None:
        """Give the errand up at the next tick, as a robot that is told to."""
        self._told = reason

    # ---- the errand, piece by piece ------------------------------------------------------------

    def _fetch(self, look: Look, place: Array, there: Situation | None) -> Iterator[str]:
        yield from self._stand("stand", _SETTLE)
        thing, situation = look()
        taking, putting = self._choose(thing, situation, place, there or situation)
        yield from self._arms("tuck", tucked)
        yield from self._go(taking, "walk")
        held = yield from self._take(look, place, there)
        yield from self._go(putting, "carry")
        yield from self._put(held, place, there or look()[1])
        yield from self._walk([Leg(putting.before, straight=True)], "step back")
        yield from self._arms("home", hanging)
        yield from self._stand("stand", _SETTLE)

    def _choose(
        self, thing: Graspable, situation: Situation, place: Array, there: Situation
    ) -> tuple[StandingPlace, StandingPlace]:
        """Return where to stand for the thing and for its place, all planned as if the robot stood there."""
        reasons = [f"the thing at {thing.position.round(2)} m is too far from the edge of any table"]
        for taking in _places(situation, thing.position[:2], middle_of(self._feet())):
            try:
                _, held = self._planner_at(taking, situation).fetch(thing)
                Route(self._planner, self._feet(), self._legs(taking))
            except (NoPlan, NoWay) as why:
                reasons.append(str(why))
                continue
            found = self._place_for(held, taking, place, there, reasons)
            if found is not None:
                return taking, found
        raise ErrandFailed("no plan", reasons[-1])

    def _place_for(
        self, held: Held, taking: StandingPlace, place: Array, there: Situation, reasons: list[str]
    ) -> StandingPlace | None:
        """Return where to stand to put down what is `held` at `taking`; tell `reasons` why not elsewhere."""
        reasons.append(f"the place at {place.round(2)} m is too far from the edge of any table")
        for putting in _places(there, place, taking.before):
            if putting.side != taking.side:
                continue
            try:
                turned = held_turned(held, putting.at.yaw - taking.at.yaw)
                self._planner_at(putting, there).transport(turned, place)
                Route(
                    self._planner,
                    Feet.at(taking.before.x, taking.before.y, taking.before.yaw),
                    [Leg(putting.before)],
                )
            except (NoPlan, NoWay) as why:
                reasons.append(str(why))
                continue
            return putting
        return None

    def _take(self, look: Look, place: Array, there: Situation | None) -> Generator[str, None, Held]:
        """Take the thing; look and try again where that fails, from elsewhere if need be."""
        why = ""
        for _ in range(ATTEMPTS):
            thing, situation = look()
            try:
                plan, held = self.hands.plan_fetch(thing, situation)
            except NoPlan as no_plan:
                why = str(no_plan)
                taking, _ = self._choose(thing, situation, place, there or situation)
                yield from self._arms("tuck", tucked)
                yield from self._go(taking, "walk")
                continue
            self.run = run = self.hands.start(plan)
            yield from self._work("take")
            if not run.aborted:
                self._least_opening = MISSED * min(thing.size) / Gripper().widest
                self._check_grip()
                return held
            why = run.aborted
        raise ErrandFailed("not taken", why)

    def _put(self, held: Held, place: Array, there: Situation) -> Iterator[str]:
        """Put down what is held, with the hand home again at the end."""
        assert self.run is not None
        side = self.run.plan.side
        now = held_by_now(held, side, self.body.state)
        try:
            plan = self.hands.planner(side, there).transport(now, place)
        except NoPlan as why:
            raise ErrandFailed("not put down", str(why)) from why
        # The arm hangs down only when the table is out of its way.
        self.run.go_on(replace(plan, stages=plan.stages[:-1]))
        yield from self._work("put")
        if self.run.aborted:
            raise ErrandFailed("not put down", self.run.aborted)

    def _go(self, goal: StandingPlace, name: str) -> Iterator[str]:
        """Walk to a place at a table."""
        if self._at != goal:
            legs, self._at = self._legs(goal), None
            yield from self._walk(legs, name)
            self._at = goal

    def _legs(self, goal: StandingPlace) -> list[Leg]:
        away = [] if self._at is None else [Leg(self._at.before, straight=True)]
        return [*away, Leg(goal.before), Leg(goal.at, straight=True)]

    # ---- who moves the body --------------------------------------------------------------------

    def _walk(self, legs: list[Leg], name: str) -> Iterator[str]:
        try:
            self.walker.source = route = Route(self._planner, self._feet(), legs)
        except NoWay as why:
            raise ErrandFailed("no way", str(why)) from why
        self.routes.append(route)
        late = self.humanoid.world.time + _STEP_TIME * len(route.left) + _SLACK
        while route.left or not self._rests():
            self.walker.tick()
            yield self._looked(name)
            if route.lost:
                raise ErrandFailed("no way", route.lost)
            if self.humanoid.world.time > late:
                raise ErrandFailed("no way", f"{len(route.left)} steps were left when time was up")

    def _stand(self, name: str, seconds: float) -> Iterator[str]:
        self.walker.source = PlannedSteps(())
        over = self.humanoid.world.time + seconds
        while self.humanoid.world.time < over or not self._rests():
            self.walker.tick()
            yield self._looked(name)

    def _arms(self, name: str, posture: Callable[[Side], Array]) -> Iterator[str]:
        """Bring both arms to a posture."""
        stage = Stage(name, posture("left"), Stance(), opening=0.0)
        self.run = self.hands.start(ManipulationPlan("left", (stage,)))
        yield from self._work(name)

    def _work(self, name: str) -> Iterator[str]:
        """Let the hands work until they are done."""
        assert self.run is not None
        while not self.run.done:
            if self.run.stage.name == "open":
                self._least_opening = 0.0
            self.run.tick()
            yield self._looked(name)

    def _give_up(self) -> Iterator[str]:
        """Come to a stand, and bring home a hand that was at work."""
        self._least_opening = 0.0
        try:
            if self.run is not None and not self.run.done:
                self.run.abort(self.reason)
                yield from self._work("give up")
            yield from self._stand("give up", 2.0 * _SETTLE)
        except ErrandFailed as worse:
            self.reason, self.ending = str(worse), worse.ending

    def _looked(self, name: str) -> str:
        """Look, once a tick, at what must not happen; return `name`."""
        self._ticks += 1
        if self._ticks % _LOOK == 0 and self.humanoid.has_fallen():
            raise ErrandFailed("fell", f"the robot fell while it was about to {name}")
        self._check_grip()
        if self._told:
            why, self._told = self._told, ""
            raise ErrandFailed("stopped", why)
        return name

    def _check_grip(self) -> None:
        if self._least_opening > 0.0 and self.run is not None:
            hand = 0 if self.run.plan.side == "left" else 1
            if self.body.state.gripper_openings[hand] < self._least_opening:
                self._least_opening = 0.0
                raise ErrandFailed("dropped", "the thing has slipped from between the fingers")

    # ---- what it knows -------------------------------------------------------------------------

    def _planner_at(self, place: StandingPlace, situation: Situation) -> ReachPlanner:
        """Return a planner of the hand that works at `place`, for the robot as it will stand there."""
        height = float(self.body.balance.center_of_mass[2])
        return self.hands.planner(
            place.side, situation, reach_from(place.at, place.side, self._model, height)
        )

    def _feet(self) -> Feet:
        feet = []
        for foot, side in enumerate(SIDES):
            (x, y, z), yaw = self.body.foot_pose(foot)
            feet.append(Footstep(side, float(x), float(y), float(z), float(yaw)))
        return Feet(*feet)

    def _rests(self) -> bool:
        return self.body.stands and float(np.hypot(*self.body.balance.com_velocity[:2])) < _REST

    def _level_ground(self, tables: Sequence[Tabletop]) -> TerrainMap:
        here = middle_of(self._feet())
        places = np.array([(here.x, here.y), *(table.middle[:2] for table in tables)])
        (x0, y0), (x1, y1) = (places.min(axis=0) - _ROOM).tolist(), (places.max(axis=0) + _ROOM).tolist()
        return TerrainMap.of(Terrain.flat(), (x0, x1), (y0, y1))


def _places(situation: Situation, spot: Array, start: GoalPose) -> list[StandingPlace]:
    return [] if situation.table is None else standing_places(situation.table, spot, start)


def _reference_planner() -> StepPlannerOf:
    """Load the reference's planner of footsteps only where nobody brings another."""
    from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner

    planner: StepPlannerOf = FootstepPlanner
    return planner
