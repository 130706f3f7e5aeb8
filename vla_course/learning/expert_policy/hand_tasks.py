"""What the expert's hands do next, told from geometry alone: reach, point, take, lift, bring, put down, let go.

There is no phase to remember. A thing between closing fingers is being taken; one that both fingers press on is held;
one that is held over its place is lowered; one that stands there is let go. From wherever a learner has led the
robot, the answer is what helps from there.
"""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert_policy.hand_moves import HandMove, HandMoves
from vla_course.learning.expert_policy.hand_path import HandPath
from vla_course.learning.expert_policy.knowledge import Knowledge
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.hands.plan import LINE_SPEED, ManipulationPlan, NoPlan
from vla_course.motion.hands.planner import LIFT, MISSED
from vla_course.motion.hands.things import Graspable, Gripper
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Planning = Callable[[], ManipulationPlan]

ASTRAY: Final = 0.7
"""rad, an arm farther than that from its path joins it from outside"""
OVER: Final = 0.22
"""m, over the table, at which a hand that has lost its path may go where it likes"""
RIM: Final = 0.02
"""m, beside the edge of the table: so near a low hand is over the table"""
TAKES: Final = 0.012
"""m, from the grasp, at which fingers close"""
UPRIGHT: Final = np.zeros(3)


class HandTasks:
    """What one hand does next.

    Args:
        knowledge: of robot and scene.
        side: the hand.
        period: s, between two decisions.
    """

    def __init__(self, knowledge: Knowledge, side: Side, period: float) -> None:
        self.known, self.side = knowledge, side
        self.moves = HandMoves(knowledge, side, period)
        self._home = np.append(hanging(side), UPRIGHT)

    # ---- reach and point -------------------------------------------------------------------------

    def aim(self, what: str, poses: Callable[[Graspable, Array], Iterable[Pose]], thing: str) -> HandMove:
        """Go on to the first of `poses` for a thing that the hand can reach, and stay there. Raises NoPlan."""
        known = self.known

        def plan() -> ManipulationPlan:
            planner = known.planner(self.side, Situation(known.table, known.rest()))
            why: NoPlan | None = None
            for pose in poses(known.thing(thing), planner.shoulder):
                try:
                    return planner.reach(pose)
                except NoPlan as no_plan:
                    why = no_plan
            raise why or NoPlan(f"there is no pose to {what} the {thing}")

        path = self.path((what, thing), plan)
        return self._follow(path, path.length)

    # ---- take ------------------------------------------------------------------------------------

    def take(self, thing: str, key: object, planning: Planning) -> HandMove:
        """Go on to grasp a thing as `planning` plans it, which may be remembered by `key`. Raises NoPlan."""
        known, side = self.known, self.side
        needed = MISSED * min(known.graspable(thing).size) / Gripper().widest
        if known.closes(side) and known.between(thing, side) and known.opening(side) > needed:
            return self.moves.stay(0.0)
        path = self.path(("take", key), planning)
        before, end = path.over("pregrasp"), path.over("approach")
        grasp = path.at(end)
        time, away = self.moves.place_on(path)
        if away < ASTRAY and time > end - 0.05:
            missed = float(np.linalg.norm(known.tool(side).position - grasp.tool.position))
            if missed < TAKES and known.opening(side) > grasp.opening - 0.1:
                return self.moves.stay(0.0)
        open_enough = known.opening(side) > grasp.opening - 0.1
        return self._follow(path, end if open_enough or time < before - 0.3 else before)

    # ---- held ------------------------------------------------------------------------------------

    def lift(self, thing: str, height: float = LIFT) -> HandMove:
        """Bring what is held straight up until it is `height` m over the table; then hold it."""
        body = self.known.graspable(thing)
        left = self.known.table.height + height - (float(body.position[2]) - body.size[2] / 2.0)
        if left < 0.005:
            return self.moves.stay(0.0)
        tool = self.known.tool(self.side)
        return self.moves.straight(_over(tool, left), LINE_SPEED, 0.0)

    # ---- paths -----------------------------------------------------------------------------------

    def path(self, key: object, planning: Planning) -> HandPath:
        """Return the path of a plan for things and feet as they are, remembered."""
        known = self.known

        def lay_out() -> HandPath:
            stages = planning().stages
            closing = next((k for k, stage in enumerate(stages) if stage.name == "close"), len(stages))
            return HandPath(known.reach(self.side), known.solver, self._home, stages[:closing])

        return known.remembered((self.side, key, known.soles(), known.things_key()), lay_out)

    def _follow(self, path: HandPath, most: float) -> HandMove:
        """Go on along a path, or back to it."""
        _, away = self.moves.place_on(path)
        if away > ASTRAY:
            return self.join(path.places[0].opening)
        return self.moves.along(path, most)

    def join(self, opening: float) -> HandMove:
        """Go to where paths begin: up first where the hand is low at the table, then past the raised hand."""
        known = self.known
        tool, table = known.tool(self.side), known.table
        beyond = np.abs(tool.position[:2] - table.middle[:2]) - np.array(table.size) / 2.0
        if beyond.max() < RIM and tool.position[2] < table.height + OVER:
            return self.moves.straight(_over(tool, 0.1), LINE_SPEED, opening)
        return self.moves.led(np.append(tucked(self.side), UPRIGHT), opening)


def _over(pose: Pose, height: float) -> Pose:
    return Pose(pose.position + (0.0, 0.0, height), pose.rotation)
