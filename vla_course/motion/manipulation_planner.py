"""From a thing and a place to a plan: which hand, from where, and every stage checked before anything moves.

The search takes the first grasp, in the order of comfort, of which each stage can be reached within the
limits of joints and legs and keeps clear of table, things, trunk and the other arm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import atan2

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arm_chain import ARM_SIZE, ARMS_IN_JOINTS, ArmChain, Pose
from vla_course.motion.arm_ik_config import Chain, InverseKinematicsAnswer
from vla_course.motion.manipulation_clearance import clearance
from vla_course.motion.manipulation_plan import ManipulationPlan, NoPlan, Stage
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
SPEED = np.array([*[1.8] * ARM_SIZE, 0.6, 0.6, 0.18])
"""rad/s and m/s, greatest speeds of the ten coordinates"""
LINE_SPEED = 0.3
"""m/s, the greatest speed of the tool on a straight way"""
PEAK = 15.0 / 8.0
"""greatest over mean speed of a motion of least jerk"""


def tucked(side: Side) -> Array:
    """Return the posture (7,) rad in which an arm is out of the way: elbow back, hand beside the chest."""
    sign = 1.0 if side == "left" else -1.0
    return np.array([0.9, 0.18 * sign, 0.0, -2.25, 0.0, 0.0, 0.0])


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


class Solver:
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
        raise NoPlan(f"none of {self.tried} grasps can be reached, lifted and put down safely: {self.failures}")

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
        for turn in (0.0, 0.4, -0.4, 0.8, -0.8, 1.2, -1.2, 1.6, -1.6):
            try:
                spin = _about_z(turn)
                down = Pose(
                    np.array((*place, down_z)) + spin @ grasp.pose.position, spin @ grasp.pose.rotation
                )
                put = self._ask("place", down, lifted, rest, others, NEAR, grasp.opening)
                over = self._ask("carry", _raised(down, LIFT), put, put, others, MARGIN)
                off = self._ask("back off", _backed(down), put, put, others, NEAR, grasp.opening)
                rise = self._ask("rise", _raised(_backed(down), ABOVE), off, off, others, MARGIN)
                break
            except NoPlan as why:
                last = why
        else:
            raise last
        home = np.append(tucked(side), np.zeros(3))
        there = self._way("way there", home, above, (*others, thing))
        moved = replace(thing, position=np.array((*place, down_z)))
        back = self._way("way back", rise, home, (*others, moved))
        stages = [
            self._joints("tuck", np.append(self._start(), np.zeros(3)), home),
            *self._passed("above", home, there, opening=grasp.opening),
            self._line("pregrasp", above, before, _backed(at)),
            self._line("approach", before, grasped, at, speed=0.2),
            Stage("close", grasped[:ARM_SIZE], _stance(grasped), 0.75, at, opening=0.0),
            self._line("lift", grasped, lifted, _raised(at, LIFT), carries=True),
            Stage("hold", lifted[:ARM_SIZE], _stance(lifted), hold, _raised(at, LIFT), carries=True),
            self._line("carry", lifted, over, _raised(down, LIFT), carries=True),
            self._line("lower", over, put, down, carries=True, speed=0.2),
            Stage("open", put[:ARM_SIZE], _stance(put), 0.5, down, opening=grasp.opening),
            self._line("back off", put, off, _backed(down)),
            self._line("rise", off, rise, _raised(_backed(down), ABOVE)),
            *self._passed("tuck", rise, back, opening=0.0),
            self._joints("home", home, np.append(self._start(), np.zeros(3))),
        ]
        return ManipulationPlan(side, tuple(stages))

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

    def _clearance(self, coordinates: Array, things: tuple[Graspable, ...], opening: float = 1.0) -> float:
        self._arm.move(coordinates[:ARM_SIZE])
        base = self._reach.base_pose()
        return clearance(self._arm, base, self._situation.table, things, self._other, opening)

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

    def _is_clear(self, start: Array, goal: Array, things: tuple[Graspable, ...]) -> bool:
        """Tell whether an arm that joints lead from `start` to `goal` touches nothing on the way."""
        for share in np.linspace(0.1, 0.9, 9):
            between = start + share * (goal - start)
            try:
                self._reach.move(between)
            except ValueError:
                return False
            if self._clearance(between, things) < MARGIN:
                return False
        return True

    def _passed(self, name: str, start: Array, way: tuple[Array, ...], opening: float) -> list[Stage]:
        stages = []
        for goal in way:
            stages.append(self._joints(name, start, goal, opening))
            start = goal
        return stages

    def _joints(
        self, name: str, start: Array, goal: Array, opening: float | None = None, carries: bool = False
    ) -> Stage:
        duration = max(0.3, PEAK * float(np.max(np.abs(goal - start) / SPEED)))
        return Stage(name, goal[:ARM_SIZE], _stance(goal), duration, None, opening, carries)

    def _line(
        self, name: str, start: Array, goal: Array, at: Pose, carries: bool = False, speed: float = LINE_SPEED
    ) -> Stage:
        self._reach.move(start)
        length = float(np.linalg.norm(at.position - self._reach.pose.position))
        duration = PEAK * max(length / speed, float(np.max(np.abs(goal - start) / SPEED)))
        return Stage(name, goal[:ARM_SIZE], _stance(goal), max(0.3, duration), at, None, carries)


def _stance(coordinates: Array) -> Stance:
    return Stance(*coordinates[ARM_SIZE:].tolist())


def _backed(pose: Pose) -> Pose:
    return Pose(pose.position - BACK_OFF * pose.rotation[:, 0], pose.rotation)


def _raised(pose: Pose, height: float) -> Pose:
    return Pose(pose.position + (0.0, 0.0, height), pose.rotation)


def _about_z(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
