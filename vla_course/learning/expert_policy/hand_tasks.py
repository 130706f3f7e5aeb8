"""What the expert's hands do next, told from geometry alone: reach, point, take, lift, bring, put down, let go.

There is no phase to remember. A thing between closing fingers is being taken; one that both fingers press on is held;
one that is held over its place is lowered; one that stands there is let go. From wherever a learner has led the
robot, the answer is what helps from there.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert_policy.hand_moves import HandMove, HandMoves, at_rest
from vla_course.learning.expert_policy.hand_path import HandPath
from vla_course.learning.expert_policy.knowledge import Knowledge
from vla_course.motion.arms.chain import ARM_SIZE
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.hands.plan import LINE_SPEED, ManipulationPlan, NoPlan
from vla_course.motion.hands.planner import LIFT, MISSED
from vla_course.motion.hands.things import Graspable, Gripper
from vla_course.motion.hands.ways import NEAR, Hand, Situation, Ways
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Planning = Callable[[], ManipulationPlan]

ASTRAY: Final = 0.7
"""rad, an arm farther than that from its path joins it from outside"""
OVER: Final = 0.22
"""m, over the table, at which a hand that has lost its path may go where it likes"""
RIM: Final = 0.02
"""m, beside the edge of the table: so near a low hand is over the table"""
AT_HOME: Final = 0.3
"""rad, from where it is tucked: nearer than that an arm is out of the way"""
WAYS_OUT: Final = ((0.0, 0.0), (0.0, 0.06), (0.0, 0.13), (0.08, 0.0), (0.08, 0.08), (0.04, 0.2))
"""m, back along the fingers and up: how far a hand among things may first go, the shortest way first"""
ROOM: Final = 0.03
"""m, from things, of an arm that swings home"""
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
        tool = self.known.upright_tool(thing, self.side)
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

    def out(self) -> bool:
        """Tell whether the hand is out over the table, where it cannot go anywhere by joints without a look."""
        known, arm = self.known, self.known.coordinates(self.side)[:ARM_SIZE]
        away = np.abs(arm - tucked(self.side)).max()
        return bool(away > AT_HOME and known.over_table(known.tool(self.side).position, RIM))

    def join(self, opening: float) -> HandMove:
        """Go to where paths begin, clear of table and things: at once, or first up or back from among them."""
        known = self.known
        here, goal = known.coordinates(self.side), np.append(tucked(self.side), UPRIGHT)
        ways, things = Ways(known.reach(self.side), known.table, known.solver), known.rest()
        hand = Hand(max(opening, known.opening(self.side)), margin=NEAR)
        tool = known.tool(self.side)
        for back, up in WAYS_OUT:
            out = np.array((0.0, 0.0, up)) - back * tool.rotation[:, 0]
            try:
                at = here if not out.any() else self._out(ways, here, out, things, hand)
                first = ways.joints("way back", at, goal, tuple(map(_grown, things)), hand)[0]
            except NoPlan:
                continue
            if out.any():
                return self.moves.straight(Pose(tool.position + out, tool.rotation), LINE_SPEED, opening, at)
            return self.moves.led(first, opening)
        if known.over_table(tool.position, RIM) and tool.position[2] < known.table.height + OVER:
            return self.moves.straight(_over(tool, 0.1), LINE_SPEED, opening)
        return self.moves.led(goal, opening)

    def _out(self, ways: Ways, here: Array, out: Array, things: tuple[Graspable, ...], hand: Hand) -> Array:
        """Return the coordinates (10,) where the tool is `out` (3,) m farther, straight. Raises NoPlan: not clear."""
        ways.reach.move(here)
        target = Pose(ways.reach.pose.position + out, ways.reach.pose.rotation)
        at = ways.pose("way out", target, here, here, things, hand)
        ways.line("way out", here, at, things, hand)
        return at


def out_of_the_way(
    known: Knowledge, hands: dict[Side, HandTasks], period: float, tuck: bool = False
) -> tuple[HandMove, bool]:
    """Bring both hands home, one after the other where they are out over the table.

    Returns:
        the move, and whether neither is out any more.
    """
    for side in SIDES:
        if hands[side].out():
            return hands[side].join(0.0), False
    return at_rest(known, period, tuck), True


def _grown(thing: Graspable) -> Graspable:
    """Return a thing with room round it: an arm that swings home is not quite where its model has it."""
    width, depth, height = thing.size
    return replace(thing, size=(width + 2 * ROOM, depth + 2 * ROOM, height + 2 * ROOM))


def _over(pose: Pose, height: float) -> Pose:
    return Pose(pose.position + (0.0, 0.0, height), pose.rotation)
