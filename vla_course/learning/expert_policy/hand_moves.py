"""Moves of one hand, each as long as a decision: along a path, straight to a place, led by joints, back to rest."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert_policy.hand_path import HandPath
from vla_course.learning.expert_policy.knowledge import Knowledge
from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_UPPER, ArmChain
from vla_course.motion.arms.pose import Pose, on_line, pose_error
from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.hands.plan import SPEED_LIMITS
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

_PART: Final = 0.8
"""-, of the greatest speeds, at which joints lead"""
_TURNING: Final = 1.5
"""rad/s, of a tool on a straight way"""


_LEAP: Final = 0.6
"""rad, from the even way of the joints: an arm so far off it is on the way to another posture"""
_MISSES: Final = 0.003
"""m, by which inverse kinematics may miss a place on a straight way"""
_RESTS: Final = 0.01
"""rad, a trunk that bows or turns by less from one decision to the next is at rest"""


@dataclass(frozen=True, slots=True, eq=False)
class HandMove:
    """What arms, trunk and grippers are to do until the next decision."""

    arms: Array
    """(14,) rad"""
    stance: Array
    """(3,) rad, rad, m"""
    grippers: Array
    """(2,)"""


class HandMoves:
    """Makes the moves of one hand; the other one is out of its way.

    `period` s is how long a move takes.
    """

    def __init__(self, knowledge: Knowledge, side: Side, period: float) -> None:
        self._known, self.side, self._period = knowledge, side, period
        self._other: Side = "left" if side == "right" else "right"
        self._chain = ArmChain(side)

    def along(self, path: HandPath, most: float, least: float = 0.0) -> HandMove:
        """Go on along a path, to its place at `most` s at the farthest; back, where the robot is beyond that."""
        known = self._known
        time, _ = self.place_on(path)
        aim = (
            max(least, min(most, time + self._period))
            if time <= most + 1e-6
            else max(most, time - self._period)
        )
        place, now = path.at(aim), path.at(time)
        goal = place.coordinates
        arm = goal[:ARM_SIZE]
        if place.straight:
            # The pelvis is not quite where the model has it, and the tool counts. What it lags behind it will make up.
            base = known.base() @ (now.base.inverse() @ place.base)
            moves = float(np.abs(place.coordinates[ARM_SIZE:] - now.coordinates[ARM_SIZE:]).max())
            base = on_line(base, place.base, 0.5 if moves > _RESTS else 0.0)
            arm = self._arm_to(base.inverse() @ place.tool, arm)
        return self._move(arm, goal[ARM_SIZE:], place.opening)

    def place_on(self, path: HandPath) -> tuple[float, float]:
        """Return the time s of the place on a path that is nearest to what is commanded, and how far, rad, it is."""
        here = self._known.coordinates(self.side)
        self._chain.move(here[:ARM_SIZE])
        return path.nearest(here, self._known.base() @ self._chain.pose)

    def straight(self, target: Pose, speed: float, opening: float, rest: Array | None = None) -> HandMove:
        """Bring the tool straight towards `target`, world, at `speed` m/s, arm and trunk as is comfortable.

        `rest` (10,): coordinates to which spare freedom is pulled, by default as it is.
        """
        known, here = self._known, self._known.coordinates(self.side)
        reach = known.reach(self.side)
        reach.move(here)
        # What the model has here is there in the world.
        astray = known.base() @ reach.base_pose().inverse()
        aim = astray.inverse() @ target
        error = pose_error(aim, reach.pose)
        far, turn = float(np.linalg.norm(error[:3])), float(np.linalg.norm(error[3:]))
        part = min(1.0, speed * self._period / max(far, 1e-9), _TURNING * self._period / max(turn, 1e-9))
        rest = here if rest is None else here + part * (rest - here)
        try:
            answer = known.solver.solve(reach, on_line(reach.pose, aim, part), here, rest).joints
        except ValueError:
            return self.stay(opening)
        return self._move(answer[:ARM_SIZE], answer[ARM_SIZE:], opening)

    def carried(self, target: Pose, goal: Array, speed: float, opening: float) -> HandMove:
        """Bring the tool straight towards `target`, world, where the coordinates are to be `goal` (10,).

        So that the arm ends in the posture in which it is to end, trunk and spare freedom go there evenly; where the
        arm has no straight way, joints lead.
        """
        known, here = self._known, self._known.coordinates(self.side)
        reach = known.reach(self.side)
        reach.move(here)
        aim = (known.base() @ reach.base_pose().inverse()).inverse() @ target
        error = pose_error(aim, reach.pose)
        lasts = max(
            float(np.linalg.norm(error[:3])) / speed,
            float(np.linalg.norm(error[3:])) / _TURNING,
            float(np.max(np.abs(goal - here) / (_PART * SPEED_LIMITS))),
        )
        part = min(1.0, self._period / max(lasts, 1e-9))
        between, rest = on_line(reach.pose, aim, part), here + part * (goal - here)
        for stance in (rest[ARM_SIZE:], None):
            try:
                with reach.standing(stance) if stance is not None else nullcontext():
                    answer = known.solver.solve(reach, between, here, rest)
            except ValueError:
                continue
            if answer.position_error < _MISSES and np.abs(answer.joints - rest).max() < _LEAP:
                return self._move(answer.joints[:ARM_SIZE], answer.joints[ARM_SIZE:], opening)
        return self.led(goal, opening)

    def led(self, goal: Array, opening: float) -> HandMove:
        """Let joints lead to `goal` (10,), all at once."""
        here = self._known.coordinates(self.side)
        lasts = float(np.max(np.abs(goal - here) / (_PART * SPEED_LIMITS)))
        after = here + min(1.0, self._period / max(lasts, 1e-9)) * (goal - here)
        return self._move(after[:ARM_SIZE], after[ARM_SIZE:], opening)

    def stay(self, opening: float) -> HandMove:
        """Stay, and open or close the fingers."""
        here = self._known.coordinates(self.side)
        return self._move(here[:ARM_SIZE], here[ARM_SIZE:], opening)

    def _arm_to(self, tool: Pose, near: Array) -> Array:
        """Return the arm's joints (7,) that bring the tool to a pose in the pelvis frame, near to some joints."""
        answer = self._known.solver.solve(self._chain, tool, near, near)
        return answer.joints if np.abs(answer.joints - near).max() < 0.5 else near

    def _move(self, arm: Array, stance: Array, opening: float) -> HandMove:
        arms = self._known.robot.walker.body.upper_posture[:14].copy()
        other = ARMS_IN_UPPER[self._other]
        arms[other] += _towards(tucked(self._other) - arms[other], self._period)
        arms[ARMS_IN_UPPER[self.side]] = arm
        grippers = np.zeros(2)
        grippers[SIDES.index(self.side)] = opening
        return HandMove(arms, stance, grippers)


def at_rest(knowledge: Knowledge, period: float, tuck: bool = False) -> HandMove:
    """Bring both arms home, or out of the way, the trunk upright and the hands closed."""
    arms = knowledge.robot.walker.body.upper_posture[:14].copy()
    for side in ARMS_IN_UPPER:
        arm = ARMS_IN_UPPER[side]
        arms[arm] += _towards((tucked if tuck else hanging)(side) - arms[arm], period)
    here = knowledge.robot.stance
    return HandMove(arms, here + _towards(-here, period, SPEED_LIMITS[ARM_SIZE:]), np.zeros(2))


def _towards(way: Array, period: float, limits: Array = SPEED_LIMITS[:ARM_SIZE]) -> Array:
    """Return the part of a way that is gone in `period` s within speed limits, straight."""
    lasts = float(np.max(np.abs(way) / (_PART * limits)))
    return way * min(1.0, period / max(lasts, 1e-9))
