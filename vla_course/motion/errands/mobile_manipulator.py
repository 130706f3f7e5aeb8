"""A humanoid that walks, and works with its hands where it stands.

A `Walker` and a `StandingManipulator` take turns with the same body at the same height, so that nothing jumps when
one hands over to the other. Every tick it is looked at what must not happen.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.hands import reach_from
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.errands.way import (
    Leg,
    NoWay,
    Route,
    StandingPlace,
    StepPlanner,
    level_ground,
    obstacle_of,
)
from vla_course.motion.footsteps.plan import Stance as Feet
from vla_course.motion.footsteps.plan import middle_of
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.held import Held
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan, Stage
from vla_course.motion.hands.planner import ReachPlanner
from vla_course.motion.hands.run import ManipulationRun
from vla_course.motion.hands.stance import Stance
from vla_course.motion.hands.standing_manipulator import RECOVERIES, StandingManipulator
from vla_course.motion.hands.things import Tabletop
from vla_course.motion.hands.ways import Situation
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

SETTLE = 0.8
"""s, to come to rest"""
_REST, _STEP_TIME, _SLACK = 0.02, 0.6, 4.0
"""m/s, of a robot at rest; s for a step, and for what comes beside steps: longer than that it is not on its way"""
_BENT, _HOME = 1e-6, ("home", "tuck")
"""rad and m, of a stance that is not upright; stages after which a hand is out of everybody's way"""
_LOOK = 25
"""ticks between two looks at whether the robot lies on the ground"""


class MobileManipulator:
    """A humanoid whose feet and hands take turns.

    What it does is an iterator that yields its name after every tick. Each of them may raise ErrandFailed: the robot
    fell, lost what it held, found no way, or was told to stop.

    Args:
        humanoid: stands somewhere.
        tables: all there are; they stand in its way.
        parts: the student's pieces, by default the reference's.
        ground: where it may walk; level ground round robot and tables by default.

    Attributes:
        humanoid, body: the robot, and how the balance frame drives it.
        walker, hands: who moves it, by turns.
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
        self.step_planner: StepPlanner = parts.step_planner()(
            ground or level_ground(middle_of(self.feet), tables), [obstacle_of(table) for table in tables]
        )
        self._model = RobotModel.of(humanoid)
        self.run: ManipulationRun | None = None
        self.routes: list[Route] = []
        self._ticks, self._told = 0, ""

    @property
    def feet(self) -> Feet:
        """Where both soles are now."""
        return Feet(self.walker.measured(0), self.walker.measured(1))

    def planner_at(self, place: StandingPlace, situation: Situation) -> ReachPlanner:
        """Return a planner of the hand that works at `place`, for the robot as it will stand there."""
        height = float(self.body.balance.center_of_mass[2])
        return self.hands.planner(
            place.side, situation, reach_from(place.at, place.side, self._model, height)
        )

    def stop(self, reason: str) -> None:
        """Fail at the next tick, as a robot that is told to."""
        self._told = reason

    def walk(self, legs: Sequence[Leg], name: str) -> Iterator[str]:
        """Walk a way of several legs, and come to rest."""
        try:
            self.walker.source = route = Route(self.step_planner, self.feet, legs)
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

    def stand(self, name: str, seconds: float) -> Iterator[str]:
        """Stand for at least `seconds` s, and until it is at rest."""
        self.walker.source = PlannedSteps(())
        over = self.humanoid.world.time + seconds
        while self.humanoid.world.time < over or not self._rests():
            self.walker.tick()
            yield self._looked(name)

    def bring_arms(self, name: str, posture: Callable[[Side], Array]) -> Iterator[str]:
        """Bring both arms to a posture, straight through the joints: from where nothing is in their way.

        A robot that has bent for its last piece of work straightens up meanwhile.
        """
        bent = self.run if self.run is not None and np.abs(self.run.stance.array()).max() > _BENT else None
        side: Side = "left" if bent is None else bent.plan.side
        stage = Stage(name, posture(side), Stance(), opening=0.0)
        self.run = self.hands.start(ManipulationPlan(side, (stage,)), bent)
        yield from self.work(name)

    def withdraw(self) -> Iterator[str]:
        """Take home, by a planned path, an empty hand that is out at work; nothing for one that is home or tucked.

        Where there is no such path it stays where it is.
        """
        if self.run is None or self.holding is not None or self.run.stage.name in _HOME:
            return
        side = self.run.plan.side
        planner = self.hands.planner(side, self.surroundings(False), self.hands.reach_of(side, self.run))
        try:
            plan = planner.withdraw(self.run.coordinates)
        except NoPlan:
            return
        self.run = self.hands.start(plan, self.run)
        yield from self.work("withdraw")

    def work(self, name: str, places: Sequence[Array] = ()) -> Iterator[str]:
        """Let the hands go on with their `run` until it is done.

        What a run that was given up leaves in the hand is put down, at one of `places` (2,) m, where it was taken
        from, or near there; `run` is then what did that.
        """
        assert self.run is not None
        yield from self._finish(name)
        failed = self.run.aborted
        for _ in range(RECOVERIES):
            if not self.run.stranded:
                return
            held = self.run.holding is not None
            self.run, trouble = self.hands.recover(self.run, self.surroundings(held), places)
            yield from self._finish("give up")
            if trouble and held:
                raise ErrandFailed("not put down", f"{failed}; the hand still holds the thing: {trouble}")
            places = ()

    def surroundings(self, held: bool) -> Situation:
        """Return what is known of table and things round a hand at work, without the thing that is `held`, if it is."""
        return Situation()

    @property
    def holding(self) -> Held | None:
        """What the hand holds now; None for an empty hand."""
        return None if self.run is None else self.run.holding

    def put_down(self, places: Sequence[Array] = ()) -> Iterator[str]:
        """Put down what the hand holds from an earlier piece of work, as `work` does it; nothing for an empty hand.

        Raises:
            ErrandFailed: there is no safe way to do so from here.
        """
        if self.run is not None and self.run.holding is not None:
            try:
                plan = self.hands.plan_put_down(self.run, self.surroundings(True), places)
            except NoPlan as why:
                raise ErrandFailed("not put down", f"the hand still holds a thing: {why}") from why
            self.run = self.hands.start(plan, self.run)
            yield from self.work("put down")

    def give_up(self, reason: str) -> Iterator[str]:
        """Bring home a hand that was at work, put down what it holds where that can be done, and come to a stand."""
        if self.run is not None and not self.run.done:
            self.run.abort(reason)
            yield from self.work("give up")
        yield from self.stand("give up", 2.0 * SETTLE)
        if self.holding is not None:
            yield from self.put_down()

    def _finish(self, name: str) -> Iterator[str]:
        assert self.run is not None
        while not self.run.done:
            self.run.tick()
            yield self._looked(name)

    def _looked(self, name: str) -> str:
        """Look, once a tick, at what must not happen; return `name`."""
        self._ticks += 1
        if self._ticks % _LOOK == 0 and self.humanoid.has_fallen():
            raise ErrandFailed("fell", f"the robot fell while it was about to {name}")
        if self.walker.lost:
            how = f"neither at rest nor on its way for {self.walker.unable:.0f} s"
            raise ErrandFailed("lost", f"the robot was {how} when it was about to {name}")
        self._check_grip()
        if self._told:
            why, self._told = self._told, ""
            raise ErrandFailed("stopped", why)
        return name

    def _check_grip(self) -> None:
        # Hands at work mind themselves what they hold.
        if self.run is not None and self.run.done and self.run.slips():
            raise ErrandFailed("dropped", "the thing has slipped from between the fingers")

    def _rests(self) -> bool:
        return self.body.stands and float(np.hypot(*self.body.balance.com_velocity[:2])) < _REST
