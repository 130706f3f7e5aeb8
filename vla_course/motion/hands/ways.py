"""Is there a way? Poses reached within all limits, and ways between them that touch nothing.

Everything that a plan promises is asked here: a pose is reached by inverse kinematics within the limits of
joints and legs, the centre of mass over the feet, with clearance to table, things, trunk, head and the other arm,
and of legs and trunk to each other, table and things; a way is looked at in between as well, with the stance that
it will have there.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ArmChain
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.motion.arms.pose import Pose, on_line
from vla_course.motion.arms.postures import raised, tucked
from vla_course.motion.hands.clearance import (
    clearance,
    distance_from_things,
    leg_balls,
    legs_apart,
    trunk_balls,
)
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.things import Graspable, Tabletop

Array = NDArray[np.float64]

MARGIN, NEAR = 0.012, 0.004
"""m, clearance on the way, and beside what is being grasped"""
ROOM = 0.05
"""m, from things, of a way led by joints where there is so much: arms swing out, and a cup that is grazed falls"""
LINE_LOOKS, JOINT_LOOKS = 5, 13
"""places between the ends of a straight way, and of one led by joints, that are looked at"""
LEAP = 0.5
"""rad or m, the farthest that a coordinate may go from one look to the next: farther is another posture"""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a planner knows of the world."""

    table: Tabletop | None = None
    things: tuple[Graspable, ...] = ()
    """what stands beside the thing to be grasped"""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a hand is like on a way, and how near it may come."""

    opening: float = 1.0
    """0 closed to 1 open"""
    held: float = 0.0
    """m, radius of what it holds, 0 for nothing"""
    margin: float = MARGIN
    """m, the least clearance"""


class Ways:
    """Asks about poses and ways of one arm; the other one is tucked.

    `reach` is the robot where it stands; coordinates are its ten.
    """

    def __init__(self, reach: StandingReach, table: Tabletop | None, solver: ArmSolver) -> None:
        self.reach, self._table, self._solver = reach, table, solver
        self._arm, self._other = ArmChain(reach.side), ArmChain("left" if reach.side == "right" else "right")
        self._other.move(tucked(self._other.side))

    def pose(
        self,
        what: str,
        target: Pose,
        seed: Array,
        rest: Array,
        things: tuple[Graspable, ...],
        hand: Hand,
    ) -> Array:
        """Return coordinates (10,) that bring the tool to `target`. Raises NoPlan: there are none, or not clear."""
        try:
            answer = self._solver.solve(self.reach, target, seed, rest)
        except ValueError as legs:
            raise NoPlan(f"{what}: the legs cannot") from legs
        if not answer.reached:
            raise NoPlan(f"{what}: out of reach")
        self._must_be_clear(what, "", answer.joints, things, hand)
        return answer.joints

    def line(self, what: str, start: Array, goal: Array, things: tuple[Graspable, ...], hand: Hand) -> None:
        """Follow the tool's straight way between two coordinates (10,). Raises NoPlan: there is no such way."""
        reach = self.reach
        reach.move(start)
        begin = reach.pose
        reach.move(goal)
        end, before = reach.pose, start
        for share in np.linspace(0.0, 1.0, LINE_LOOKS + 2)[1:-1]:
            rest = start + share * (goal - start)
            try:
                with reach.standing(rest[ARM_SIZE:]):
                    answer = self._solver.solve(reach, on_line(begin, end, float(share)), before, rest)
            except ValueError as legs:
                raise NoPlan(f"{what}: the legs cannot on the way") from legs
            if not answer.reached:
                raise NoPlan(f"{what}: out of reach on the way")
            if np.abs(answer.joints - before).max() > LEAP:
                raise NoPlan(f"{what}: a leap on the way")
            self._must_be_clear(what, " on the way", answer.joints, things, hand)
            before = answer.joints
        if np.abs(goal - before).max() > LEAP:
            raise NoPlan(f"{what}: a leap at the end")

    def joints(
        self, what: str, start: Array, goal: Array, things: tuple[Graspable, ...], hand: Hand
    ) -> tuple[Array, ...]:
        """Return the coordinates to pass, `goal` last, when joints lead the arm from `start`.

        Of the direct way and the one past the raised hand it is the first that keeps `ROOM` from all things;
        where neither does, the one that keeps more.

        Raises:
            NoPlan: neither of them is clear.
        """
        over = np.append(raised(self.reach.side), (start[ARM_SIZE:] + goal[ARM_SIZE:]) / 2.0)
        found: list[tuple[float, tuple[Array, ...]]] = []
        for way in ((goal,), (over, goal)):
            room = min(self._room_between(begin, end, things, hand) for begin, end in pairwise((start, *way)))
            if room >= ROOM:
                return way
            if room > 0.0:
                found.append((room, way))
        if not found:
            raise NoPlan(f"{what}: not clear")
        return max(found, key=lambda rated: rated[0])[1]

    def _room_between(self, start: Array, goal: Array, things: tuple[Graspable, ...], hand: Hand) -> float:
        """Return how far m the arm stays from things on its way, beyond its ends; 0 where the way is not clear."""
        ends, between = list[float](), list[float]()
        for share in np.linspace(0.0, 1.0, JOINT_LOOKS + 2):
            at = start + share * (goal - start)
            try:
                self.reach.move(at)
            except ValueError:
                return 0.0
            if 0.0 < share < 1.0 and self._fault(at, things, hand):
                return 0.0
            self._arm.move(at[:ARM_SIZE])
            room = distance_from_things(self._arm, self.reach.base_pose(), things, hand.opening)
            (between if 0.0 < share < 1.0 else ends).append(room)
        # Where an end is nearer to a thing than that, the way to it cannot keep away.
        return ROOM if min(between) >= min(ROOM, *ends) else max(min(between), 1e-9)

    def _must_be_clear(
        self, what: str, where: str, coordinates: Array, things: tuple[Graspable, ...], hand: Hand
    ) -> None:
        """Raise NoPlan where the robot, which `reach` has at `coordinates`, is not clear of everything."""
        fault = self._fault(coordinates, things, hand)
        if fault:
            raise NoPlan(f"{what}: {fault}{where}")

    def _fault(self, coordinates: Array, things: tuple[Graspable, ...], hand: Hand) -> str:
        """Say what is wrong with the robot, which `reach` has at `coordinates`; nothing where all is well."""
        self._arm.move(coordinates[:ARM_SIZE])
        return posture_fault(self.reach, self._arm, self._other, self._table, things, hand)


def posture_fault(
    reach: StandingReach,
    arm: ArmChain,
    other: ArmChain,
    table: Tabletop | None,
    things: tuple[Graspable, ...],
    hand: Hand,
) -> str:
    """Say what is wrong with a robot where `reach` and its two arms have it; nothing where all is well.

    Args:
        reach: the robot, all of it but its arms.
        arm, other: the arm that works and the other one, as they are.
        table, things: what is not to be touched.
        hand: what the hand is like, and how near it may come.
    """
    if not reach.legs_within_limits():
        return "the legs are at their limits"
    left, right = (leg_balls(leg) for leg in reach.legs())
    if legs_apart(left, right) < MARGIN:
        return "the legs meet"
    base = reach.base_pose()
    middles, radii = (np.concatenate(parts) for parts in zip(left, right, trunk_balls(base), strict=True))
    # Trunk and legs keep their distance wherever the hand may come nearer.
    body = middles, radii + (MARGIN - hand.margin)
    away = clearance(arm, base, table, things, other, hand.opening, hand.held, body)
    return "not clear" if away < hand.margin else ""
