"""Carries out any task with the planners and controllers of Day 3, by what it knows of the scene."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from math import hypot
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.aims import (
    Spot,
    beside,
    free,
    in_order,
    in_third,
    near_person,
    pointing,
    reaching,
    stacked,
)
from vla_course.learning.expert.body import STAYS
from vla_course.learning.expert.carrier import Carrier
from vla_course.learning.expert.feet import even_steps
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import tucked
from vla_course.motion.errands.ending import HELPLESS, ErrandFailed
from vla_course.motion.errands.mobile_manipulator import SETTLE
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.errands.porter import ATTEMPTS
from vla_course.motion.errands.way import standing_places
from vla_course.motion.footsteps.plan import GoalPose, middle_of
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan
from vla_course.motion.hands.planner import ReachPlanner
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.goals import StoodStill
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.scenes import AHEAD, distance_of, turn_of

Array = NDArray[np.float64]

IN_PLACE: Final = 0.03
"""m, from where a thing of a tidy table stands best: there it is in nobody's way"""


class Order(Protocol):
    """One thing to do."""

    @property
    def instruction(self) -> Instruction:
        """What is asked for, things by the names under which the scene is known."""

    @property
    def hand(self) -> Side | None:
        """The hand to use; None: whichever is nearer."""


class Performer(Carrier):
    """A robot that carries out one or two `orders`, its eyes on what it is about; later it may be told others.

    Args:
        orders: what it is told first.
        humanoid: the robot.
        knowledge: what it knows of the scene.
        parts: the pieces of walk and reach that are exercises, by default the reference's.

    Attributes:
        ending: how it ended, "done" where it did all that it meant to; empty while it is at work.
        reason: why it could not, else empty.
        keeps: whether more is to come for what it picks up last: then that is brought before its chest.
        only: the name of the one thing that it tidies away; "" for all.
    """

    keeps, only = False, ""

    def __init__(
        self,
        orders: Sequence[Order],
        humanoid: Humanoid,
        knowledge: SceneKnowledge,
        parts: ErrandParts | None = None,
    ) -> None:
        super().__init__(humanoid, knowledge, parts)
        self._fresh = True
        """nothing was done yet: it stands where it began, with free hands"""
        self.tell(orders)

    def tell(self, orders: Sequence[Order]) -> None:
        """Tell it what to do now, one or two `orders`; `perform` does it."""
        self._orders, self._part = tuple(orders), orders[0]

    def perform(self) -> Iterator[str]:
        """Carry out the task. Yields after every tick what the robot is about."""
        self.ending, self.reason = "", ""
        try:
            yield from self._perform()
            self.ending = "done"
        except ErrandFailed as failed:
            self.reason, self.ending = str(failed), failed.ending
            if self.ending not in HELPLESS:
                yield from self._give_up()
            if self.holding is None:
                self.held, self.held_name = None, ""

    def _perform(self) -> Iterator[str]:
        for part in self._orders:
            self._part, start = part, middle_of(self.feet)
            yield from self._prepare()
            self._fresh, fresh = False, self._fresh
            yield from self._carry_out(start, fresh, last=part is self._orders[-1])

    def _prepare(self) -> Iterator[str]:
        """Turn to what the part under way is about, come to rest, and free hands and feet for it."""
        self._turn_eyes()
        if self._fresh:
            yield from self.stand("stand", SETTLE)
        else:
            yield from self._free()

    def _turn_eyes(self) -> None:
        """Look at what the part under way is about."""
        instruction = self._part.instruction
        self.gaze.target = instruction.thing or ("person" if instruction.other == "person" else None)

    def _free(self) -> Iterator[str]:
        """Take the hands back from what they did before, and come away from the table, as far as the part needs it."""
        skill = self._part.instruction.skill
        if skill not in ("stand still", "look at"):
            yield from self.tuck()
        if skill in ("walk", "turn", "go to"):
            yield from self.step_back()

    def _carry_out(self, start: GoalPose, fresh: bool, last: bool) -> Iterator[str]:
        """Carry out the part under way, which began at `start`, `fresh` where it is the first of all."""
        instruction, hand = self._part.instruction, self._part.hand
        thing, other = instruction.thing, instruction.other
        match instruction.skill:
            case "walk":
                length, (ahead, leftward) = (
                    distance_of(instruction),
                    AHEAD[instruction.direction or "forward"],
                )
                yield from self.walk_on(start, length * ahead, length * leftward)
            case "turn":
                yield from self.step(even_steps(self.feet, turn=turn_of(instruction)))
            case "look at":
                yield from self.stand("look", 2.0)
            case "stand still":
                yield from self.stand("stand still", StoodStill.hold + STAYS)
            case "go to":
                yield from self.go_before(thing or other or "table")
            case "reach for" if thing:
                yield from self._by_hand(thing, fresh, partial(self._aim, "reach", reaching, thing))
            case "point at" if thing:
                yield from self._by_hand(thing, fresh, partial(self._aim, "point", pointing, thing))
            case "pick up" if thing:
                take = self._pick_up if last and not self.keeps else self.take_along
                attempt = partial(self._patiently, partial(take, thing, hand))
                yield from self._by_hand(thing, fresh, attempt)
            case "place" | "move to" | "serve a drink" if self.held is not None:
                on = other if instruction.relation == "on" and other != "table" else None
                yield from self.lay_down(self._spots(self.held_name), on)
            case "place" if thing and other and instruction.relation == "on":
                yield from self._patiently(partial(self._stack, thing, other))
            case "place" | "move to" if thing:
                yield from self._patiently(partial(self._bring, thing))
            case "serve a drink":
                yield from self._patiently(partial(self._bring, thing or self.knowledge.drink()))
            case "tidy the table":
                yield from self._tidy()

    # ---- hands -----------------------------------------------------------------------------------

    def _by_hand(self, thing: str, fresh: bool, attempt: Callable[[], Iterator[str]]) -> Iterator[str]:
        """Make an attempt at a thing from here: a scene begins where a hand reaches it, a later part may not."""
        if fresh:
            return attempt()
        return self.where_it_reaches(thing, self._part.hand, attempt)

    def _aim(
        self, name: str, poses: Callable[[Graspable, Array], Iterable[Pose]], thing: str
    ) -> Iterator[str]:
        """Bring the right hand to the first of `poses` that it can reach, and keep it there."""
        sides = self.sides_for(thing, self._part.hand)
        for side in sides:
            planner = self.hands.planner(side, Situation(self.table, self.rest()))
            shoulder, _ = self.humanoid.link_pose(f"{side}_shoulder_pitch_link")
            for pose in poses(self.thing(thing), shoulder):
                try:
                    plan = planner.reach(pose)
                except NoPlan:
                    continue
                yield from self.do(plan, name)
                yield from self.keep(name)
                return
        raise ErrandFailed("no plan", f"the {' and the '.join(sides)} hand cannot {name} there")

    def _pick_up(self, thing: str, hand: Side | None) -> Iterator[str]:
        reason = ""
        for side in self.sides_for(thing, hand):
            planner = self.hands.planner(side, Situation(self.table, self.rest(thing)))
            try:
                plan, _ = planner.grasp(self.graspable(thing), hold=0.1)
            except NoPlan as why:
                reason = str(why)
                continue
            yield from self.do(plan, "pick up", thing)
            yield from self.keep("hold")
            return
        raise ErrandFailed("no plan", reason)

    def _bring(self, thing: str) -> Iterator[str]:
        """Take a thing and put it down at the first of its spots that it can be brought to, on foot where needed."""
        self.gaze.target, spots = thing, self._spots(thing)

        def look() -> tuple[Graspable, Situation]:
            return self.graspable(thing), Situation(self.table, self.rest(thing))

        for spot in spots:
            try:
                plan = self.hands.plan_pick_and_place(look()[0], np.array(spot), look()[1], hold=0.1)
            except NoPlan:
                continue
            yield from self.do(plan, "bring", thing, np.array(spot))
            yield from self.stand("stay", STAYS)
            return
        why = ErrandFailed("no plan", f"there is no room for the {thing} where it is to stand")
        self.knowledge.handles(thing)
        for spot in spots:
            try:
                yield from self._fetch(look, np.array(spot), None)
                return
            except ErrandFailed as failed:
                if failed.ending != "no plan":
                    raise
                why = failed
        raise why

    def _tidy(self) -> Iterator[str]:
        """Bring everything to its place; what has no room there waits until others have moved, tidy ones if need be."""
        things = self.knowledge.names
        asked = [self.only] if self.only else things
        untidy, rearranged = [name for name in asked if not self.knowledge.is_tidy(name)], False
        while untidy:
            waiting: list[str] = []
            for name in untidy:
                try:
                    yield from self._patiently(partial(self._bring, name))
                except ErrandFailed as failed:
                    if failed.ending != "no plan":
                        raise
                    waiting.append(name)
                    why = failed
            if waiting == untidy:
                if rearranged:
                    raise why
                rearranged = True
                in_the_way = [name for name in things if name not in waiting and not self._in_its_place(name)]
                untidy = in_the_way + waiting
            else:
                untidy = [name for name in waiting if not self.knowledge.is_tidy(name)]

    def _in_its_place(self, name: str) -> bool:
        x, y, _ = self.thing(name).position.tolist()
        return any(hypot(x - a, y - b) < IN_PLACE for a, b in in_order((), self.table))

    def _stack(self, thing: str, other: str) -> Iterator[str]:
        """Put a thing on another one, from here or from where one hand reaches both."""
        for side in SIDES:
            try:
                plan = self._stacking(side, thing, other, partial(self.hands.planner, side))
            except NoPlan:
                continue
            yield from self.do(plan, "stack", thing)
            yield from self.stand("stay", STAYS)
            return
        between = (self.thing(thing).position[:2] + self.thing(other).position[:2]) / 2.0
        for place in standing_places(self.table, between, middle_of(self.feet)):
            try:
                self._stacking(place.side, thing, other, partial(self.planner_at, place))
            except NoPlan:
                continue
            yield from self.bring_arms("tuck", tucked)
            yield from self._go(place, "walk")
            try:
                plan = self._stacking(place.side, thing, other, partial(self.hands.planner, place.side))
            except NoPlan:
                continue
            yield from self.do(plan, "stack", thing)
            yield from self.stand("stay", STAYS)
            return
        raise ErrandFailed("no plan", f"no hand reaches both the {thing} and the {other}")

    def _stacking(
        self, side: Side, thing: str, other: str, planner: Callable[[Situation], ReachPlanner]
    ) -> ManipulationPlan:
        """Plan to take a thing and to put it on another one. Raises NoPlan: that hand cannot."""
        lower = self.thing(other)
        take, held = planner(Situation(self.table, self.rest(thing))).grasp(self.graspable(thing), hold=0.1)
        put = planner(stacked(lower, self.rest(thing, other), self.table)).transport(held, lower.position[:2])
        return ManipulationPlan(side, (*take.stages, *put.stages), take.held)

    def _spots(self, thing: str) -> list[Spot]:
        """Return where a thing may be put down, the best spot first."""
        rest, table, start = self.rest(thing), self.table, self.thing(thing).position[:2]
        instruction = self._part.instruction
        match instruction.skill:
            case "place" if instruction.other == "table":
                return free([self.knowledge.began(thing)], rest, table) + in_order(rest, table)
            case "place" if instruction.other and instruction.relation:
                return beside(self.thing(instruction.other), instruction.relation, rest, table)
            case "move to" if instruction.other:
                return in_third(instruction.other, start, rest, table)
            case "serve a drink":
                return near_person(self.person, rest, table)
            case _:
                return in_order(rest, table) or in_third("left side of the table", start, rest, table)

    def _patiently(self, attempt: Callable[[], Iterator[str]]) -> Iterator[str]:
        """Try, and look and try again where a hand has missed a thing."""
        for _ in range(ATTEMPTS - 1):
            try:
                yield from attempt()
                return
            except ErrandFailed as failed:
                if failed.ending != "not taken":
                    raise
        yield from attempt()
