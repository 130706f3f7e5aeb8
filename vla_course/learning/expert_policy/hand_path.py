"""The way of a hand as a line through coordinates, with places on it that a robot can be at, or near to.

A plan of hands says where its stages end; a run of it remembers how far it has come. A path has no memory: wherever
the robot is, the nearest place on the path says what comes next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.motion.arms.pose import Pose, on_line
from vla_course.motion.hands.plan import SPEED_LIMITS, Stage
from vla_course.motion.hands.reach import StandingReach

Array = NDArray[np.float64]

_FINE: Final = 0.015
"""m, between neighbours on a straight way"""
_COARSE: Final = 0.10
"""rad, between neighbours on a way led by joints"""
_PART: Final = 0.8
"""-, of the greatest speeds, at which a path is gone"""
_EASE: Final = 0.25
"""-, of a stage, in which it begins, and ends, slower: at first at a fourth of its speed"""
_METRE: Final = 5.0
"""rad, what a metre counts for where tools are compared"""
_OF_JOINTS: Final = 0.15
"""-, what joints count for on a straight way: one place of the tool has many postures"""
WEIGHTS: Final = np.array((*[1.0] * ARM_SIZE, 1.0, 1.0, 4.0))
"""(10,) what a radian, and a metre of height, count for when coordinates are compared"""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Somewhere on a path."""

    time: float
    """s from the beginning of the path"""
    coordinates: Array
    """(10,) arm rad, bow rad, turn rad, height m"""
    tool: Pose
    """of the tool, world"""
    base: Pose
    """of the pelvis, world, in the model's eyes"""
    straight: bool
    """whether it is the tool that matters, not the joints"""
    opening: float
    """of the gripper, 0 closed to 1 open"""


class HandPath:
    """The stages of a plan, laid out for a robot that begins at `start` (10,) with its feet as `reach` has them.

    Attributes:
        places: along the path.
        marks: the name of every stage, and at which time s it is over.
    """

    def __init__(
        self,
        reach: StandingReach,
        solver: ArmSolver,
        start: Array,
        stages: Sequence[Stage],
        opening: float = 0.0,
    ) -> None:
        self._reach, self._solver = reach, solver
        reach.move(start)
        self.places = [Place(0.0, start, reach.pose, reach.base_pose(), False, opening)]
        self.marks: list[tuple[str, float]] = []
        for stage in stages:
            opening = opening if stage.opening is None else stage.opening
            goal = np.append(stage.joints, stage.stance.array())
            if stage.goal is None:
                self._led(goal, opening)
            else:
                self._straight(goal, stage.goal, stage.line_speed, opening)
            self.marks.append((stage.name, self.length))
        self._coordinates = np.array([place.coordinates for place in self.places])
        self._tools = np.array([place.tool.position for place in self.places])
        self._turns = np.array([place.tool.rotation for place in self.places])

    @property
    def length(self) -> float:
        """How long the path takes, s."""
        return self.places[-1].time

    def over(self, name: str) -> float:
        """Return when a stage is over, s."""
        return next(time for stage, time in self.marks if stage == name)

    def nearest(self, coordinates: Array, tool: Pose) -> tuple[float, float]:
        """Return the time s of the place that is nearest to where a robot is, and how far, rad, that is away.

        Where joints lead, joints are compared with `coordinates` (10,); on a straight way mostly the place and the
        turn of the `tool`, world, for there the arm makes up for what the trunk does.
        """
        points, here = WEIGHTS * self._coordinates, WEIGHTS * coordinates
        of_joints, joints = _along(points, here)
        of_tools, far = _along(self._tools, tool.position)
        turns = np.arccos(
            np.clip((np.einsum("kij,ij->k", self._turns, tool.rotation) - 1.0) / 2.0, -1.0, 1.0)
        )
        far = np.hypot(np.hypot(_METRE * far, turns[1:]), _OF_JOINTS * joints)
        straight = np.array([place.straight for place in self.places[1:]])
        away = np.where(straight, far, joints)
        # Of places as near as each other the last: who stands still at the end of a stage is to go on.
        best = len(away) - 1 - int(np.argmin(away[::-1]))
        part = float(of_tools[best] if straight[best] else of_joints[best])
        before, after = self.places[best].time, self.places[best + 1].time
        return before + part * (after - before), float(away[best])

    def at(self, time: float) -> Place:
        """Return the place at a time s."""
        times = [place.time for place in self.places]
        k = int(np.clip(np.searchsorted(times, time, side="right") - 1, 0, max(len(times) - 2, 0)))
        if len(times) == 1 or time >= times[-1]:
            return self.places[-1]
        one, other = self.places[k], self.places[k + 1]
        part = min(1.0, max(0.0, (time - one.time) / max(other.time - one.time, 1e-9)))
        return Place(
            time,
            one.coordinates + part * (other.coordinates - one.coordinates),
            on_line(one.tool, other.tool, part),
            on_line(one.base, other.base, part),
            other.straight,
            other.opening,
        )

    # ---- laying out ------------------------------------------------------------------------------

    def _led(self, goal: Array, opening: float) -> None:
        begin = self.places[-1].coordinates
        lasts = float(np.max(np.abs(goal - begin) / (_PART * SPEED_LIMITS)))
        count = max(1, int(np.ceil(np.abs(WEIGHTS * (goal - begin)).max() / _COARSE)))
        now = self.length
        for part in np.linspace(0.0, 1.0, count + 1)[1:].tolist():
            self._reach.move(begin + part * (goal - begin))
            self._add(now + _eased(part) * lasts, False, opening)

    def _straight(self, goal: Array, target: Pose, speed: float, opening: float) -> None:
        start, begin, now = self.places[-1].tool, self.places[-1].coordinates, self.length
        length = float(np.linalg.norm(target.position - start.position))
        lasts = max(length / (_PART * speed), float(np.max(np.abs(goal - begin) / (_PART * SPEED_LIMITS))))
        count = max(1, int(np.ceil(length / _FINE)))
        before = begin
        for part in np.linspace(0.0, 1.0, count + 1)[1:].tolist():
            rest = begin + part * (goal - begin)
            with self._reach.standing(rest[ARM_SIZE:]):
                before = self._solver.solve(self._reach, on_line(start, target, part), before, rest).joints
            self._add(now + _eased(part) * lasts, True, opening)

    def _add(self, time: float, straight: bool, opening: float) -> None:
        reach = self._reach
        self.places.append(
            Place(time, reach.coordinates.copy(), reach.pose, reach.base_pose(), straight, opening)
        )


def _along(points: Array, here: Array) -> tuple[Array, Array]:
    """Return, for each line between neighbours of `points` (n, d), the part of it (n-1,) nearest to `here`, and how far
    that is away (n-1,)."""
    begins, ways = points[:-1], np.diff(points, axis=0)
    lengths = np.maximum((ways**2).sum(axis=1), 1e-12)
    parts = np.clip(((here - begins) * ways).sum(axis=1) / lengths, 0.0, 1.0)
    return parts, np.linalg.norm(begins + parts[:, None] * ways - here, axis=1)


def _eased(part: float) -> float:
    """Return the time, of a stage that takes 1 at even speed, by which `part` of it, 0 to 1, is done."""
    points = np.linspace(0.0, part, 33)
    speed = np.clip(0.25 + 0.75 * np.minimum(points, 1.0 - points) / _EASE, 0.25, 1.0)
    return float(np.trapezoid(1.0 / speed, points))
