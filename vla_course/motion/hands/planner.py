"""From a thing and a place to a plan: from where the hand comes, and every stage checked before anything moves.

The search takes the first grasp, in the order of comfort, of which each stage can be reached and is clear
(`ways`). A thing is grasped, lifted and held, `grasp`; what is held is carried, put down and let
go, `transport`; `pick_and_place` is both, and grasps only what it can put down.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import atan2
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ArmChain
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.arms.postures import hanging, ready, tucked
from vla_course.motion.hands.held import Held
from vla_course.motion.hands.plan import LINE_SPEED, ManipulationPlan, NoPlan, Stage
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.stance import Stance
from vla_course.motion.hands.things import Grasp, Graspable, Gripper
from vla_course.motion.hands.ways import NEAR, Hand, Situation, Ways

Array = NDArray[np.float64]
Found = TypeVar("Found")
GraspRule = Callable[[Graspable, float, float, Gripper], Grasp]
"""thing, azimuth rad, tilt rad from straight down, gripper -> grasp"""

BACK_OFF, LIFT, ABOVE = 0.10, 0.13, 0.06
"""m: from pregrasp to grasp; how high things are lifted; how far over the pregrasp the arm comes from"""
DROP = 0.002
"""m, over the table, at which a thing is let go"""
TILTS = (0.6, 0.35, 0.85, 0.1, 1.1, 1.35)
"""rad from straight down, the most comfortable first"""
TURNS = (0.0, -0.4, 0.4, -0.8, 0.8)
"""rad, azimuths beside the straight way from the shoulder"""
SPINS = (0.0, 0.4, -0.4, 0.8, -0.8, 1.2, -1.2, 1.6, -1.6)
"""rad, about the vertical, by which a thing may be turned on its way"""
SLOW = 0.2
"""m/s, of a hand that comes to a thing, or a thing to a table"""
MISSED = 0.5
"""-, of the least width of a thing: fingers closer than that do not hold it"""
CLOSE_TIME, OPEN_TIME = 0.75, 0.5
"""s, for the fingers"""
CARRIED = ((0.30, 0.16, 0.30), (0.33, 0.22, 0.32), (0.36, 0.12, 0.34))
"""m, ahead, outward and above the pelvis: where the tool is while its robot walks with a thing"""
_UPRIGHT = np.zeros(3)


class ReachPlanner:
    """Plans for one arm of a robot that stands.

    Attributes:
        shoulder: (3,) m, world, of a robot that stands upright.
        tried: grasps looked at by the last search.
        reasons: why grasps were not taken, and how often.
    """

    def __init__(
        self,
        reach: StandingReach,
        situation: Situation,
        solver: ArmSolver,
        grasp_rule: GraspRule | None = None,
    ) -> None:
        self._ways = Ways(reach, situation.table, solver)
        self._situation, self._grasp_rule = situation, grasp_rule or _reference_grasp()
        self._side, self._gripper = reach.side, Gripper()
        self._ready, self._home = (
            np.append(ready(reach.side), _UPRIGHT),
            np.append(tucked(reach.side), _UPRIGHT),
        )
        base, arm = reach.base_pose(), ArmChain(reach.side)
        self._base, self.shoulder = base, base.position + base.rotation @ arm.bones()[0]
        self.tried, self.reasons = 0, Counter[str]()

    def reach(self, target: Pose) -> ManipulationPlan:
        """Plan to bring the tool to `target`, and to stay. Raises NoPlan: it cannot be reached safely."""
        ways, things = self._ways, self._situation.things
        at = ways.pose("target", target, self._ready, self._ready, things, Hand(0.0, margin=NEAR))
        before = ways.pose("in front", _backed(target), at, at, things, Hand(0.0, margin=NEAR))
        there = ways.joints("way there", self._home, before, things, Hand(0.0))
        ways.line("approach", before, at, things, Hand(0.0, margin=NEAR))
        stages = [
            _led("tuck", self._home, 0.0),
            *(_led("above", goal) for goal in there),
            _straight("approach", at, target, speed=SLOW),
            _straight("stay", at, target, least_time=0.4),
        ]
        return ManipulationPlan(self._side, tuple(stages))

    def grasp(self, thing: Graspable, hold: float = 2.0) -> tuple[ManipulationPlan, Held]:
        """Plan to take `thing`, lift it and hold it for `hold` s. Raises NoPlan: no grasp does."""

        def take(thing: Graspable, grasp: Grasp) -> tuple[ManipulationPlan, Held]:
            stages, held = self._take(thing, grasp, hold)
            return ManipulationPlan(self._side, tuple(stages), held), held

        return self._first(thing, take)

    def fetch(self, thing: Graspable, hold: float = 0.3) -> tuple[ManipulationPlan, Held]:
        """Plan to take `thing`, to hold it for `hold` s and to bring it before the chest, to walk with it.

        Raises:
            NoPlan: no grasp does.
        """

        def take(thing: Graspable, grasp: Grasp) -> tuple[ManipulationPlan, Held]:
            stages, held = self._take(thing, grasp, hold)
            stage, carried = self._before_chest(held)
            return ManipulationPlan(self._side, (*stages, stage), held), carried

        return self._first(thing, take)

    def transport(self, held: Held, place: Array) -> ManipulationPlan:
        """Plan to put down what is held with its middle above `place` (2,) m on the table, and to go home.

        Raises:
            NoPlan: there is no safe way.
        """
        return ManipulationPlan(self._side, tuple(self._put(held, place)), held)

    def put_down(self, held: Held, places: Iterable[Array]) -> ManipulationPlan:
        """Plan to put down what is held, wherever a plan was given up, at the first of `places` (2,) m that does.

        Raises:
            NoPlan: there is no safe way to any of them.
        """
        reasons = ["there is no free place for it"]
        try:
            first, raised = self._raised(held)
        except NoPlan as why:
            raise NoPlan(f"what the hand holds cannot be put down: {why}") from why
        for place in places:
            try:
                return ManipulationPlan(self._side, (*first, *self._put(raised, place)), held)
            except NoPlan as why:
                reasons.append(str(why))
        raise NoPlan(f"what the hand holds cannot be put down: {reasons[-1]}")

    def withdraw(self, coordinates: Array) -> ManipulationPlan:
        """Plan to bring home an empty hand from wherever it is; the robot is at `coordinates` (10,).

        It rises straight and goes home; one that cannot rise, as near the end of its reach, is led home by its joints
        where it has the room.

        Raises:
            NoPlan: neither is clear.
        """
        try:
            over, rise = self._rise(coordinates)
        except NoPlan as why:
            try:
                return self._go_home(coordinates)
            except NoPlan as neither:
                raise NoPlan(f"{why}; {neither}") from neither
        return self._go_home(over, rise)

    def _rise(self, coordinates: Array) -> tuple[Array, Stage]:
        """Return how an empty hand rises straight, and the coordinates (10,) that this leads to. Raises NoPlan."""
        ways, things, open_hand = self._ways, self._situation.things, Hand(margin=NEAR)
        ways.reach.move(coordinates)
        up = _over(ways.reach.pose, ABOVE)
        over = ways.pose("rise", up, coordinates, coordinates, things, open_hand)
        ways.line("rise", coordinates, over, things, open_hand)
        return over, _straight("rise", over, up)

    def _go_home(self, begin: Array, *before: Stage) -> ManipulationPlan:
        """Return how joints lead an empty hand home from coordinates (10,), after other stages. Raises NoPlan."""
        back = self._ways.joints("way back", begin, self._home, self._situation.things, Hand())
        return ManipulationPlan(self._side, (*before, *(_led("tuck", goal) for goal in back), self._hang()))

    def pick_and_place(self, thing: Graspable, place: Array, hold: float = 2.0) -> ManipulationPlan:
        """Plan to take `thing` and to put it down with its middle above `place` (2,) m on the table.

        Raises:
            NoPlan: no grasp does.
        """

        def whole(thing: Graspable, grasp: Grasp) -> ManipulationPlan:
            stages, held = self._take(thing, grasp, hold)
            return ManipulationPlan(self._side, (*stages, *self._put(held, place)), held)

        return self._first(thing, whole)

    def _first(self, thing: Graspable, plan: Callable[[Graspable, Grasp], Found]) -> Found:
        """Return the plan of the first grasp that has one. What is on a table stands on it, whatever was seen."""
        table = self._situation.table
        if table is not None:
            x, y, _ = thing.position
            thing = replace(thing, position=np.array((x, y, table.height + thing.size[2] / 2.0)))
        self.tried, self.reasons = 0, Counter()
        for grasp in self._grasps(thing):
            self.tried += 1
            try:
                return plan(thing, grasp)
            except NoPlan as why:
                self.reasons[str(why)] += 1
        often = ", ".join(f"{why} ({count})" for why, count in self.reasons.most_common(3))
        raise NoPlan(f"none of {self.tried} grasps with the {self._side} hand is safe; mostly {often}")

    def _grasps(self, thing: Graspable) -> Iterator[Grasp]:
        """Yield grasps in the order of comfort, each with the hand either way up."""
        way = thing.position - self.shoulder
        straight = atan2(way[1], way[0])
        seen: set[tuple[float, ...]] = set()
        for tilt in TILTS:
            for turn in TURNS:
                grasp = self._grasp_rule(thing, straight + turn, tilt, self._gripper)
                key = tuple(np.round(grasp.pose.rotation.ravel(), 6).tolist())
                if key in seen:
                    continue
                seen.add(key)
                yield grasp
                flipped = grasp.pose.rotation * (1.0, -1.0, -1.0)
                yield replace(grasp, pose=Pose(grasp.pose.position, flipped))

    def _take(self, thing: Graspable, grasp: Grasp, hold: float) -> tuple[list[Stage], Held]:
        """Return the stages from home to a thing that is held. Raises NoPlan."""
        ways, others = self._ways, self._situation.things
        everything = (*others, thing)
        near, wide = Hand(grasp.opening, margin=NEAR), Hand(grasp.opening)
        at = Pose(thing.position + grasp.pose.position, grasp.pose.rotation)
        taken = ways.pose("grasp", at, self._ready, self._ready, others, near)
        before = ways.pose("pregrasp", _backed(at), taken, taken, everything, near)
        above = ways.pose("above", _over(_backed(at), ABOVE), before, before, everything, wide)
        lifted = ways.pose("lift", _over(at, LIFT), taken, taken, others, wide)
        there = ways.joints("way there", self._home, above, everything, Hand())
        ways.line("pregrasp", above, before, everything, near)
        ways.line("approach", before, taken, others, near)
        ways.line("lift", taken, lifted, others, near)
        stages = [
            _led("tuck", self._home),
            *(_led("above", goal, grasp.opening) for goal in there),
            _straight("pregrasp", before, _backed(at)),
            _straight("approach", taken, at, speed=SLOW),
            replace(
                _straight("close", taken, at, opening=0.0, least_time=CLOSE_TIME),
                least_opening=MISSED * min(thing.size) / self._gripper.widest,
            ),
            _straight("lift", lifted, _over(at, LIFT), carries=True),
            _straight("hold", lifted, _over(at, LIFT), carries=True, least_time=hold),
        ]
        return stages, Held(thing, grasp, lifted)

    def _before_chest(self, held: Held) -> tuple[Stage, Held]:
        """Return the stage that brings what is held before the chest, upright like the trunk, and no lower than it is.

        Raises:
            NoPlan: there is no safe way.
        """
        reach, base, grip = self._ways.reach, self._base, held.grasp.pose
        full = Hand(min(held.thing.size) / self._gripper.widest, margin=NEAR)
        mirror = np.array((1.0, 1.0 if self._side == "left" else -1.0, 1.0))
        # The palm is behind the thing, seen from the robot: so the forearm is short and the elbow free.
        heading, out = (atan2(matrix[1, 0], matrix[0, 0]) for matrix in (base.rotation, grip.rotation))
        reasons = Counter[str]()
        for place in CARRIED:
            for spin in SPINS:
                turn = rotation_about(np.array((0.0, 0.0, heading - out + spin)))
                position = base.position + base.rotation @ (mirror * place)
                position[2] = max(position[2], held.thing.position[2] + grip.position[2] + LIFT)
                at = Pose(position, turn @ grip.rotation)
                try:
                    with reach.standing(_UPRIGHT):
                        goal = self._ways.pose(
                            "before the chest", at, self._ready, self._ready, self._situation.things, full
                        )
                    stage = self._carry(held, goal, at, full)
                except NoPlan as why:
                    reasons[str(why)] += 1
                    continue
                grasp = replace(held.grasp, pose=Pose(turn @ grip.position, turn @ grip.rotation))
                return replace(stage, name="before the chest"), Held(held.thing, grasp, goal)
        raise NoPlan(f"nowhere before the chest; mostly {reasons.most_common(1)[0][0]}")

    def _put(self, held: Held, place: Array) -> list[Stage]:
        """Return the stages from a thing that is held to an empty hand at home. Raises NoPlan."""
        ups = held.grasp.pose
        for number, spin in enumerate(SPINS):
            turn = rotation_about(np.array((0.0, 0.0, spin)))
            try:
                return self._put_turned(held, place, Pose(turn @ ups.position, turn @ ups.rotation))
            except NoPlan:
                if number == len(SPINS) - 1:
                    raise
        raise AssertionError("the last spin returns or raises")

    def _put_turned(self, held: Held, place: Array, grip: Pose) -> list[Stage]:
        ways, others, height = self._ways, self._situation.things, held.thing.size[2]
        table = self._situation.table
        floor = 0.0 if table is None else table.height
        middle = np.array((*place, floor + height / 2.0 + DROP))
        put_down = replace(held.thing, position=middle)
        near = Hand(held.grasp.opening, margin=NEAR)
        full = Hand(min(held.thing.size) / self._gripper.widest, margin=NEAR)
        down = Pose(middle + grip.position, grip.rotation)
        put = ways.pose("place", down, held.coordinates, self._ready, others, near)
        over = ways.pose("carry", _over(down, LIFT), put, put, others, Hand())
        off = ways.pose("back off", _backed(down), put, put, others, near)
        rise = ways.pose("rise", _over(_backed(down), ABOVE), off, off, others, Hand(near.opening))
        carry = self._carry(held, over, _over(down, LIFT), full)
        back = ways.joints("way back", rise, self._home, (*others, put_down), Hand())
        ways.line("lower", over, put, others, full)
        ways.line("back off", put, off, others, near)
        ways.line("rise", off, rise, others, near)
        return [
            carry,
            _straight("lower", put, down, carries=True, speed=SLOW),
            _straight("open", put, down, opening=held.grasp.opening, least_time=OPEN_TIME),
            _straight("back off", off, _backed(down)),
            _straight("rise", rise, _over(_backed(down), ABOVE)),
            *(_led("tuck", goal, 0.0) for goal in back),
            self._hang(),
        ]

    def _raised(self, held: Held) -> tuple[list[Stage], Held]:
        """Return the stage that lifts what is held clear of the table, none where it is, and how it is held then.

        Raises:
            NoPlan: it cannot be lifted.
        """
        ways, table = self._ways, self._situation.table
        ways.reach.move(held.coordinates)
        at = ways.reach.pose
        bottom = at.position[2] - held.grasp.pose.position[2] - held.thing.size[2] / 2.0
        rise = (0.0 if table is None else table.height) + LIFT - bottom
        if rise < ABOVE / 2.0:
            return [], held
        full = Hand(min(held.thing.size) / self._gripper.widest, margin=NEAR)
        up, others = _over(at, rise), self._situation.things
        over = ways.pose("raise", up, held.coordinates, held.coordinates, others, full)
        ways.line("raise", held.coordinates, over, others, full)
        return [_straight("raise", over, up, carries=True)], Held(held.thing, held.grasp, over)

    def _hang(self) -> Stage:
        return _led("home", np.append(hanging(self._side), _UPRIGHT))

    def _carry(self, held: Held, goal: Array, at: Pose, hand: Hand) -> Stage:
        """Return the stage that carries: straight, or led by joints where the arm has no straight way."""
        start, others = held.coordinates, self._situation.things
        try:
            self._ways.line("carry", start, goal, others, hand)
        except NoPlan:
            bulky = Hand(hand.opening, held=max(held.thing.size) / 2.0)
            if len(self._ways.joints("carry", start, goal, others, bulky)) > 1:
                raise
            return replace(_led("carry", goal), carries=True)
        return _straight("carry", goal, at, carries=True)


def _led(name: str, goal: Array, opening: float | None = None) -> Stage:
    """Return a stage in which joints lead to `goal` (10,)."""
    return Stage(name, goal[:ARM_SIZE], _stance(goal), opening=opening)


def _straight(
    name: str,
    goal: Array,
    at: Pose,
    *,
    speed: float = LINE_SPEED,
    opening: float | None = None,
    least_time: float = 0.0,
    carries: bool = False,
) -> Stage:
    """Return a stage in which the tool goes straight to `at`, where the coordinates are `goal` (10,)."""
    return Stage(name, goal[:ARM_SIZE], _stance(goal), at, speed, least_time, opening, carries)


def _stance(coordinates: Array) -> Stance:
    return Stance(*coordinates[ARM_SIZE:].tolist())


def _backed(pose: Pose) -> Pose:
    return Pose(pose.position - BACK_OFF * pose.rotation[:, 0], pose.rotation)


def _over(pose: Pose, height: float) -> Pose:
    return Pose(pose.position + (0.0, 0.0, height), pose.rotation)


def _reference_grasp() -> GraspRule:
    """Load the reference's grasps only where nobody brings others."""
    from vla_course.reference.day3_humanoid_balance.reach import grasp_thing

    rule: GraspRule = grasp_thing
    return rule
