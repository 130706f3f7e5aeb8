"""What the expert does between two parts of a task: it goes where its hand reaches, and keeps what it holds."""

from collections.abc import Callable, Iterator, Sequence
from math import cos, hypot, sin
from typing import Final

import numpy as np

from vla_course.learning.expert.aims import Spot, stacked
from vla_course.learning.expert.body import STAYS, ExpertBody
from vla_course.learning.expert.feet import even_steps
from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.mobile_manipulator import SETTLE
from vla_course.motion.errands.way import Leg, StandingPlace
from vla_course.motion.footsteps.plan import GoalPose, middle_of
from vla_course.motion.hands.held import Held, held_by_now
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.meant import leftward

REACH: Final = 0.75
"""m, from the middle between the feet: what is farther off no hand reaches, so one goes there first"""


class Carrier(ExpertBody):
    """An expert's body that may do one thing after another.

    Attributes:
        held: what its hand holds from the first part of a task to the second, and the thing's name; None, "" before.
    """

    held: Held | None = None
    held_name = ""

    def sides_for(self, thing: str, hand: Side | None) -> Sequence[Side]:
        """Return the hand to use for a thing, or both, the nearer one first."""
        if hand is not None:
            return (hand,)
        here, (x, y, _) = middle_of(self.feet), self.thing(thing).position.tolist()
        return SIDES if leftward((x, y), ((here.x, here.y), here.yaw)) > 0.0 else SIDES[::-1]

    def where_it_reaches(
        self, thing: str, hand: Side | None, attempt: Callable[[], Iterator[str]]
    ) -> Iterator[str]:
        """Make an attempt with a hand at a thing from here, or else from a place before the thing."""
        here, (x, y, _) = middle_of(self.feet), self.thing(thing).position.tolist()
        if hypot(x - here.x, y - here.y) <= REACH:
            try:
                yield from attempt()
                return
            except ErrandFailed as failed:
                if failed.ending != "no plan":
                    raise
        yield from self.step_back()
        yield from self.go_before(thing, hand)
        yield from attempt()

    def step_back(self) -> Iterator[str]:
        """Go back from the table, where the robot stands at one, and let empty hands hang."""
        if self._at is not None:
            before, self._at = self._at.before, None
            yield from self.walk([Leg(before, straight=True)], "step back")
        if self.held is None and self.run is not None:
            yield from self.bring_arms("home", hanging)

    def walk_on(self, start: GoalPose, ahead: float, leftward: float) -> Iterator[str]:
        """Make the steps that are left of a walk that began at `start` and leads `ahead` and `leftward` m."""
        here = middle_of(self.feet)
        dx, dy, c, s = here.x - start.x, here.y - start.y, cos(start.yaw), sin(start.yaw)
        ahead = ahead - (c * dx + s * dy) if ahead else 0.0
        left = leftward - (c * dy - s * dx) if leftward else 0.0
        if hypot(ahead, left) > 0.03:
            yield from self.step(even_steps(self.feet, ahead, left))
        else:
            yield from self.stand("stay", STAYS)

    # ---- what is held ----------------------------------------------------------------------------

    def take_along(self, thing: str, hand: Side | None) -> Iterator[str]:
        """Pick a thing up and bring it before the chest, to walk with it or to put it down."""
        why = f"no hand can take the {thing}"
        for side in self.sides_for(thing, hand):
            planner = self.hands.planner(side, Situation(self.table, self.rest(thing)))
            try:
                plan, held = planner.fetch(self.graspable(thing))
            except NoPlan as no_plan:
                why = str(no_plan)
                continue
            yield from self.do(plan, "pick up", thing)
            self.held, self.held_name = held, thing
            yield from self.keep("hold")
            return
        raise ErrandFailed("no plan", why)

    def lay_down(self, spots: Sequence[Spot], on: str | None = None) -> Iterator[str]:
        """Put what is held down at the first of `spots` that its hand reaches, from elsewhere if need be.

        Args:
            spots: m, the best first.
            on: the thing on which it is to stand, at each of the spots; the table by default.
        """
        assert self.held is not None
        assert self.run is not None
        side, held = self.run.plan.side, self.held
        rest = self.rest(self.held_name, *([] if on is None else [on]))
        there = Situation(self.table, rest) if on is None else stacked(self.thing(on), rest, self.table)
        reasons = [f"there is no room for the {self.held_name} where it is to stand"]
        for spot in map(np.array, spots):
            now = held_by_now(held, side, self.body.state)
            here = middle_of(self.feet)
            if hypot(spot[0] - here.x, spot[1] - here.y) <= REACH:
                try:
                    self.hands.planner(side, there).transport(now, spot)
                except NoPlan as why:
                    reasons.append(str(why))
                else:
                    yield from self._let_go(now, spot, there)
                    return
        for spot in map(np.array, spots):
            now, here = held_by_now(held, side, self.body.state), middle_of(self.feet)
            at = self._at
            taking = StandingPlace(here, here if at is None else at.before, side)
            found = self._place_for(now, taking, spot, there, reasons)
            if found is not None:
                yield from self._go(found, "carry")
                yield from self._let_go(held, spot, there)
                return
        raise ErrandFailed("no plan", reasons[-1])

    def _let_go(self, held: Held, spot: np.ndarray, there: Situation) -> Iterator[str]:
        """Put down what is held, go back from the table, and stand."""
        yield from self._put(held, spot, there)
        self.held, self.held_name = None, ""
        if self._at is not None:
            yield from self.walk([Leg(self._at.before, straight=True)], "step back")
        yield from self.bring_arms("home", hanging)
        yield from self.stand("stay", STAYS + SETTLE)

    def tuck(self) -> Iterator[str]:
        """Take empty hands that are at work back before the chest."""
        if self.held is None and self.run is not None:
            yield from self.withdraw()
            yield from self.bring_arms("tuck", tucked)
