"""An errand on foot: walk up to a table, take a thing, carry it elsewhere, put it down, step back and stand.

One robot in one world, from the first tick to the last. Everything is planned before the first step, for the places
where the robot is going to stand, and again when it stands there.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from math import hypot

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.errands.ending import HELPLESS, Ending, ErrandFailed
from vla_course.motion.errands.mobile_manipulator import SETTLE, MobileManipulator
from vla_course.motion.errands.way import Leg, NoWay, Route, StandingPlace, standing_places
from vla_course.motion.footsteps.plan import GoalPose, middle_of
from vla_course.motion.footsteps.plan import Stance as Feet
from vla_course.motion.hands.held import Held, held_by_now, held_turned
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.hands.standing_manipulator import PLACED
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation

Array = NDArray[np.float64]

Look = Callable[[], tuple[Graspable, Situation]]
"""Where the thing and everything beside it seem to be now."""

ATTEMPTS = 3
"""how often a robot tries to take a thing; it looks again each time"""


class Porter(MobileManipulator):
    """A mobile manipulator that fetches things; the arguments are those of any other.

    Attributes:
        ending: how the last errand ended, "done" where all went well; empty while it is under way.
        reason: why it did not go well, else empty.
    """

    ending: Ending = ""
    reason = ""
    _at: StandingPlace | None = None
    _look: Look | None = None
    _there: Situation | None = None

    def fetch(self, look: Look, place: Array, there: Situation | None = None) -> Iterator[str]:
        """Take what `look` sees and put it down at `place` (2,) m, on the table of `there` or the same one.

        Yields after every tick what the robot is about. However it ends, it stands, unless it "fell" or is "lost", and
        has put down what it had taken, unless `holding` tells of it.
        """
        self.ending, self.reason, self._told = "", "", ""
        self._look, self._there = look, None
        try:
            yield from self.put_down()
            yield from self._fetch(look, place, there)
            self.ending = "done"
        except ErrandFailed as failed:
            self.reason, self.ending = str(failed), failed.ending
            if self.ending not in HELPLESS:
                yield from self._give_up()

    def _give_up(self) -> Iterator[str]:
        try:
            yield from self.give_up(self.reason)
        except ErrandFailed as worse:
            if worse.ending == "not put down":
                self.reason += f"; {worse}"
            else:
                self.reason, self.ending = str(worse), worse.ending

    def surroundings(self, held: bool) -> Situation:
        """Return what the robot sees round its hand."""
        if self._look is None:
            return Situation()
        thing, situation = self._look()
        if self._there is not None:
            return self._there
        return situation if held else replace(situation, things=(*situation.things, thing))

    # ---- the errand, piece by piece ------------------------------------------------------------

    def _fetch(self, look: Look, place: Array, there: Situation | None) -> Iterator[str]:
        yield from self.stand("stand", SETTLE)
        thing, situation = look()
        taking, putting = self._choose(thing, situation, place, there or situation)
        yield from self.bring_arms("tuck", tucked)
        yield from self._go(taking, "walk")
        held = yield from self._take(look, place, there)
        yield from self._go(putting, "carry")
        yield from self._put(held, place, there or look()[1])
        yield from self.walk([Leg(putting.before, straight=True)], "step back")
        yield from self.bring_arms("home", hanging)
        yield from self.stand("stand", SETTLE)

    def _choose(
        self, thing: Graspable, situation: Situation, place: Array, there: Situation
    ) -> tuple[StandingPlace, StandingPlace]:
        """Return where to stand for the thing and for its place, all planned as if the robot stood there."""
        reasons = [f"the thing at {thing.position.round(2)} m is too far from the edge of any table"]
        for taking in _places(situation, thing.position[:2], middle_of(self.feet)):
            try:
                _, held = self.planner_at(taking, situation).fetch(thing)
                Route(self.step_planner, self.feet, self._legs(taking))
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
                self.planner_at(putting, there).transport(turned, place)
                Route(
                    self.step_planner,
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
                yield from self.bring_arms("tuck", tucked)
                yield from self._go(taking, "walk")
                continue
            self.run = run = self.hands.start(plan)
            yield from self.work("take")
            if not run.aborted:
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
        self._there, run = there, self.run
        run.go_on(replace(plan, stages=plan.stages[:-1]))
        yield from self.work("put", [place])
        if run.aborted and not self._put_at(place):
            raise ErrandFailed("dropped" if run.lost else "not put down", run.aborted)

    def _put_at(self, place: Array) -> bool:
        """Tell whether the thing is seen at its place."""
        return self._look is not None and hypot(*(self._look()[0].position[:2] - place).tolist()) < PLACED

    def _go(self, goal: StandingPlace, name: str) -> Iterator[str]:
        """Walk to a place at a table."""
        if self._at != goal:
            legs, self._at = self._legs(goal), None
            yield from self.walk(legs, name)
            self._at = goal

    def _legs(self, goal: StandingPlace) -> list[Leg]:
        away = [] if self._at is None else [Leg(self._at.before, straight=True)]
        return [*away, Leg(goal.before), Leg(goal.at, straight=True)]


def _places(situation: Situation, spot: Array, start: GoalPose) -> list[StandingPlace]:
    return [] if situation.table is None else standing_places(situation.table, spot, start)
