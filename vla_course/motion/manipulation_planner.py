"""From a thing and a place to a plan: which hand, from where, and every stage checked before anything moves.

The search takes the first grasp, in the order of comfort, of which each stage can be reached within the
limits of joints and legs and keeps clear of table, things, trunk and the other arm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import atan2
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arm_chain import ARM_SIZE, ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arm_ik_config import Chain, InverseKinematicsAnswer
from vla_course.motion.arm_pose import Pose, on_line
from vla_course.motion.manipulation_clearance import clearance
from vla_course.motion.manipulation_plan import LINE_SPEED, ManipulationPlan, NoPlan, Stage
from vla_course.motion.manipulation_reach import StandingReach
from vla_course.motion.manipulation_stance import Stance
from vla_course.motion.manipulation_things import Grasp, Graspable, Gripper, Tabletop
from vla_course.simulation.humanoid import HOME_POSTURE
from vla_course.simulation.robot_state import Side

Array = NDArray[np.float64]
GraspRule = Callable[[Graspable, float, float, Gripper], Grasp]

BACK_OFF = 0.10
"""m, from the pregrasp to the grasp"""
LIFT = 0.13
"""m, how high things are lifted"""
ABOVE = 0.06
"""m, over the pregrasp, where the arm comes from"""
TILTS = (0.6, 0.35, 0.85, 0.1, 1.1, 1.35)
"""rad from straight down, the most comfortable first"""
TURNS = (0.0, -0.4, 0.4, -0.8, 0.8)
"""rad, azimuths beside the straight way from the shoulder"""
MARGIN, NEAR = 0.012, 0.004
"""m, clearance on the way, and beside what is being grasped"""
SPINS = (0.0, 0.4, -0.4, 0.8, -0.8, 1.2, -1.2, 1.6, -1.6)
"""rad, about the vertical, by which a thing may be turned on its way"""
SAMPLES = 5
"""places on a straight way that are looked at"""
CLOSED = 0.7
"""opening of a hand that holds the widest thing"""
LEAP = 0.5
"""rad or m, the farthest that a coordinate may go from one of them to the next: farther is another posture"""


def tucked(side: Side) -> Array:
    """Return the posture (7,) rad in which an arm is out of the way: elbow back, hand beside the chest."""
    sign = 1.0 if side == "left" else -1.0
    return np.array([0.85, 0.5 * sign, 0.0, -2.25, 0.0, 0.0, 0.0])


def raised(side: Side) -> Array:
    """Return a posture (7,) rad with the hand beside the head: from here it comes down on a table, not into it."""
    sign = 1.0 if side == "left" else -1.0
    return np.array([-0.5, 0.3 * sign, 0.0, -2.2, 0.0, 0.0, 0.0])


def ready(side: Side) -> Array:
    """Return a posture (7,) rad from which most of a table is near."""
    sign = 1.0 if side == "left" else -1.0
    return np.array([-0.3, 0.35 * sign, 0.0, -1.5, 0.0, 0.3, 0.0])


@dataclass(frozen=True, slots=True)
class Situation:
    """What a planner knows of the world."""

    table: Tabletop
    things: tuple[Graspable, ...] = ()
    """what stands beside the thing to be grasped"""


class Solver(Protocol):
    """What a planner asks of inverse kinematics: `InverseKinematicsSolver.solve`."""

    def solve(
        self, chain: Chain, target: Pose, seed: Array, rest: Array | None = None, restarts: int = 0
    ) -> InverseKinematicsAnswer: ...


class ReachPlanner:
    """Plans for one arm of a robot that stands."""

    def __init__(
        self, reach: StandingReach, situation: Situation, solver: Solver, grasp_rule: GraspRule
    ) -> None:
        self._reach, self._situation = reach, situation
        self._solver, self._grasp_rule = solver, grasp_rule
        self._arm, self._other = ArmChain(reach.side), ArmChain("left" if reach.side == "right" else "right")
        self._other.move(tucked(self._other.side))
        self._gripper = Gripper()
        self.tried = 0
        self.failures: dict[str, int] = {}

    def pick_and_place(self, thing: Graspable, place: Array, hold: float = 2.0) -> ManipulationPlan:
        """Plan to take `thing` and to put it down with its middle above `place` (2,) m on the table.

        Raises:
            NoPlan: no grasp does.
        """
        for grasp in self._grasps(thing):
            self.tried += 1
            try:
                return self._whole(thing, place, grasp, hold)
            except NoPlan as why:
                key = str(why)
                self.failures[key] = self.failures.get(key, 0) + 1
        raise NoPlan(
            f"none of {self.tried} grasps can be reached, lifted and put down safely: {self.failures}"
        )

    def _grasps(self, thing: Graspable) -> Iterator[Grasp]:
        """Yield grasps in the order of comfort, each with the hand either way up."""
        base = self._reach.base_pose()
        self._arm.move(ready(self._reach.side))
        shoulder = base.position + base.rotation @ self._arm.bones()[0]
        way = thing.position - shoulder
        straight = atan2(way[1], way[0])
        seen: set[tuple[float, float]] = set()
        for tilt in TILTS:
            for turn in TURNS:
                grasp = self._grasp_rule(thing, straight + turn, tilt, self._gripper)
                x, y, _ = grasp.pose.rotation[:, 1].tolist()
                if (key := (tilt, round(x, 6) + 1e3 * round(y, 6))) in seen:
                    continue
                seen.add(key)
                flipped = grasp.pose.rotation * (1.0, -1.0, -1.0)
                yield grasp
                yield replace(grasp, pose=Pose(grasp.pose.position, flipped))

    def _whole(self, thing: Graspable, place: Array, grasp: Grasp, hold: float) -> ManipulationPlan:
        side, table = self._reach.side, self._situation.table
        others = self._situation.things
        rest = np.append(ready(side), np.zeros(3))
        at = Pose(thing.position + grasp.pose.position, grasp.pose.rotation)
        grasped = self._ask("grasp", at, rest, rest, others, NEAR, grasp.opening)
        before = self._ask("pregrasp", _backed(at), grasped, grasped, (*others, thing), NEAR, grasp.opening)
        above = self._ask("above", _raised(_backed(at), ABOVE), before, before, (*others, thing), MARGIN)
        lifted = self._ask("lift", _raised(at, LIFT), grasped, grasped, others, MARGIN)
        down_z = table.height + thing.size[2] / 2.0 + 0.002
        for turn in SPINS:
            try:
                spin = _about_z(turn)
                down = Pose(
                    np.array((*place, down_z)) + spin @ grasp.pose.position, spin @ grasp.pose.rotation
                )
                put = self._ask("place", down, lifted, rest, others, NEAR, grasp.opening)
                over = self._ask("carry", _raised(down, LIFT), put, put, others, MARGIN)
                off = self._ask("back off", _backed(down), put, put, others, NEAR, grasp.opening)
                rise = self._ask("rise", _raised(_backed(down), ABOVE), off, off, others, MARGIN)
                carry = self._carry(lifted, over, _raised(down, LIFT), others, max(thing.size) / 2.0)
                break
            except NoPlan as why:
                last = why
        else:
            raise last
        home = np.append(tucked(side), np.zeros(3))
        there = self._way("way there", home, above, (*others, thing))
        moved = replace(thing, position=np.array((*place, down_z)))
        back = self._way("way back", rise, home, (*others, moved))
        lines = (
            ("pregrasp", above, before, (*others, thing), grasp.opening),
            ("approach", before, grasped, others, grasp.opening),
            ("lift", grasped, lifted, others, grasp.opening),
            ("lower", over, put, others, CLOSED),
            ("back off", put, off, others, grasp.opening),
            ("rise", off, rise, others, grasp.opening),
        )
        for what, start, goal, things, opening in lines:
            self._check_line(what, start, goal, things, opening)
        stages = [
            _led("tuck", home),
            *(_led("above", goal, grasp.opening) for goal in there),
            _straight("pregrasp", before, _backed(at)),
            _straight("approach", grasped, at, speed=0.2),
            _straight("close", grasped, at, opening=0.0, least_time=0.75),
            _straight("lift", lifted, _raised(at, LIFT), carries=True),
            _straight("hold", lifted, _raised(at, LIFT), carries=True, least_time=hold),
            carry,
            _straight("lower", put, down, carries=True, speed=0.2),
            _straight("open", put, down, opening=grasp.opening, least_time=0.5),
            _straight("back off", off, _backed(down)),
            _straight("rise", rise, _raised(_backed(down), ABOVE)),
            *(_led("tuck", goal, 0.0) for goal in back),
            _led("home", np.append(self._start(), np.zeros(3))),
        ]
        return ManipulationPlan(side, tuple(stages))

    def _carry(
        self, start: Array, goal: Array, at: Pose, things: tuple[Graspable, ...], held: float
    ) -> Stage:
        """Return the stage that carries: straight, or led by joints where a straight way is none for this arm."""
        try:
            self._check_line("carry", start, goal, things, CLOSED)
        except NoPlan:
            if not self._is_clear(start, goal, things, CLOSED, held):
                raise
            return replace(_led("carry", goal), carries=True)
        return _straight("carry", goal, at, carries=True)

    def _start(self) -> Array:
        return np.array(HOME_POSTURE[ARMS_IN_JOINTS[self._reach.side]])

    def _ask(
        self,
        what: str,
        target: Pose,
        seed: Array,
        rest: Array,
        things: tuple[Graspable, ...],
        margin: float,
        opening: float = 1.0,
    ) -> Array:
        """Return coordinates (10,) that reach `target` with clearance. Raises NoPlan: there are none."""
        try:
            answer = self._solver.solve(self._reach, target, seed, rest)
        except ValueError as legs:
            raise NoPlan(f"{what}: legs") from legs
        if not answer.reached:
            raise NoPlan(f"{what}: out of reach")
        if self._clearance(answer.joints, things, opening) < margin:
            raise NoPlan(f"{what}: not clear")
        return answer.joints

    def _clearance(
        self, coordinates: Array, things: tuple[Graspable, ...], opening: float = 1.0, held: float = 0.0
    ) -> float:
        self._arm.move(coordinates[:ARM_SIZE])
        base = self._reach.base_pose()
        return clearance(self._arm, base, self._situation.table, things, self._other, opening, held)

    def _way(self, what: str, start: Array, goal: Array, things: tuple[Graspable, ...]) -> tuple[Array, ...]:
        """Return the postures to pass from `start` to `goal`, the goal last, led by joints.

        Raises:
            NoPlan: neither the straight way nor the one past the raised hand is clear.
        """
        if self._is_clear(start, goal, things):
            return (goal,)
        halfway = (start[ARM_SIZE:] + goal[ARM_SIZE:]) / 2.0
        over = np.append(raised(self._reach.side), halfway)
        if self._is_clear(start, over, things) and self._is_clear(over, goal, things):
            return (over, goal)
        raise NoPlan(f"{what}: not clear")

    def _is_clear(
        self,
        start: Array,
        goal: Array,
        things: tuple[Graspable, ...],
        opening: float = 1.0,
        held: float = 0.0,
    ) -> bool:
        """Tell whether an arm that joints lead from `start` to `goal` touches nothing on the way."""
        for share in np.linspace(0.1, 0.9, 9):
            between = start + share * (goal - start)
            try:
                self._reach.move(between)
            except ValueError:
                return False
            if self._clearance(between, things, opening, held) < MARGIN:
                return False
        return True

    def _check_line(
        self, what: str, start: Array, goal: Array, things: tuple[Graspable, ...], opening: float
    ) -> None:
        """Follow a straight way with the stance that it will have. Raises NoPlan: it leads through a wall or a leap."""
        reach = self._reach
        reach.move(start)
        begin = reach.pose
        reach.move(goal)
        end, before = reach.pose, start
        for share in np.linspace(0.0, 1.0, SAMPLES + 2)[1:-1]:
            rest = start + share * (goal - start)
            try:
                with reach.standing(rest[ARM_SIZE:]):
                    answer = self._solver.solve(reach, on_line(begin, end, share), before, rest)
            except ValueError as legs:
                raise NoPlan(f"{what}: legs on the way") from legs
            if not answer.reached:
                raise NoPlan(f"{what}: out of reach on the way")
            if np.abs(answer.joints - before).max() > LEAP:
                raise NoPlan(f"{what}: a leap on the way")
            if self._clearance(answer.joints, things, opening) < min(NEAR, MARGIN):
                raise NoPlan(f"{what}: not clear on the way")
            before = answer.joints
        if np.abs(goal - before).max() > LEAP:
            raise NoPlan(f"{what}: a leap at the end")


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


def _raised(pose: Pose, height: float) -> Pose:
    return Pose(pose.position + (0.0, 0.0, height), pose.rotation)


def _about_z(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
