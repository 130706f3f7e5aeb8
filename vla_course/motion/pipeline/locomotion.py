"""Locomotion as an action: from a target to footsteps, each of them safe from the one before."""

from collections.abc import Iterator
from dataclasses import replace
from math import cos, hypot, sin

import numpy as np

from vla_course.motion.errands.way import CLEAR, obstacle_of, standing_places, straight_steps
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import STEP_WIDTH, GoalPose, Stance, middle_of
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.pipeline.actions import STEP_TIME, Displacement, LocomotionAction
from vla_course.motion.pipeline.balance import SPARE, estimate_balance
from vla_course.motion.pipeline.parts import PipelineParts, Planner, Verifier
from vla_course.motion.pipeline.plans import BalanceControl, FootstepSequence, Planned, Replacement
from vla_course.motion.pipeline.situation import RobotSituation, feet_of
from vla_course.motion.planning.step_search import other
from vla_course.motion.walking.strides import beside
from vla_course.simulation.robot.model import RobotModel

BEFORE = 0.42
"""m, from a thing that stands on the ground at which a robot stops that is to go there"""
INSET = 0.12
"""m, that a body which faces a table may come nearer to it than one that turns: whether that goes well is tried out"""
ELSEWHERE = 0.03
"""m, a plan that starts farther from where the feet are was made for another moment"""
STOPS_AT = 0.33
"""m, from sole to sole: a walk that ends farther apart, after long strides, may not come to rest between its feet"""
CLIMB = 0.02
"""m, up or down: steps that a walk takes as if the ground were level"""


class LocomotionBranch:
    """Plans and judges footsteps; remembers the ground that it was asked about last."""

    def __init__(self, parts: PipelineParts, model: RobotModel) -> None:
        self._parts, self._model = parts, model
        self._known: tuple[object, ...] = (None, None, None)

    # ---- ground and target ---------------------------------------------------------------------

    def ground(self, situation: RobotSituation) -> tuple[Planner, Verifier]:
        """Return planner and verifier for the ground and the obstacles of a situation."""
        key = situation.terrain, situation.obstacles, situation.table
        if any(known is not now for known, now in zip(self._known, key, strict=True)):
            around, inset = situation.obstacles, situation.obstacles
            if situation.table is not None:
                block = obstacle_of(situation.table)
                around = (*around, block)
                length, width = block.length - 2.0 * INSET, block.width - 2.0 * INSET
                inset = (*inset, replace(block, length=length, width=width))
            self._planner = self._parts.planner(situation.terrain, around)
            self._verifier = self._parts.verifier(situation.terrain, inset)
            self._known = key
        return self._planner, self._verifier

    def target(self, action: LocomotionAction, situation: RobotSituation) -> GoalPose:
        """Return where the middle between the feet is to be. Raises ValueError: nobody knows the thing named."""
        here = middle_of(self.stance(situation))
        match action.target:
            case GoalPose():
                return action.target
            case Displacement(ahead, leftward, turn):
                c, s = cos(here.yaw), sin(here.yaw)
                return GoalPose(
                    here.x + c * ahead - s * leftward, here.y + s * ahead + c * leftward, here.yaw + turn
                )
        thing = situation.thing(action.target).shape.position
        if situation.table is not None:
            places = standing_places(situation.table, thing[:2], here)
            if places:
                return places[0].at
        dx, dy = float(thing[0]) - here.x, float(thing[1]) - here.y
        yaw = float(np.arctan2(dy, dx))
        return GoalPose(float(thing[0]) - BEFORE * cos(yaw), float(thing[1]) - BEFORE * sin(yaw), yaw)

    def stance(self, situation: RobotSituation) -> Stance:
        """Return where the feet are."""
        return feet_of(situation.robot, self._model)

    # ---- the branch ----------------------------------------------------------------------------

    def plan(self, action: LocomotionAction, situation: RobotSituation) -> FootstepSequence:
        """Return the steps to the target, or as near to it as can be. Raises NoPlan: not a single step can be made."""
        start, goal = self.stance(situation), self.target(action, situation)
        steps, reason = self._way(start, goal, situation)
        if reason and not steps:
            raise NoPlan(reason)
        return FootstepSequence(start, steps, action.step_time, reason)

    def _way(
        self, start: Stance, goal: GoalPose, situation: RobotSituation
    ) -> tuple[tuple[Footstep, ...], str]:
        """Return the steps to `goal`, straight away from a table and straight up to it; and why they end elsewhere."""
        planner, _ = self.ground(situation)
        here = middle_of(start)
        steps = [*straight_steps(start, _off_the_table(here, situation))]
        stance = FootstepSequence(start, tuple(steps)).end
        before = _off_the_table(goal, situation)
        found = planner.plan_path(stance, before, other(steps[-1].side) if steps else None)
        steps += found.steps
        if found.reached and before != goal:
            stance = FootstepSequence(start, tuple(steps)).end
            steps += straight_steps(stance, goal, other(steps[-1].side) if steps else None)
        return tuple(steps), found.reason

    def fault(self, planned: FootstepSequence, situation: RobotSituation) -> str:
        """Say what is wrong with the first step that is; every step is judged from the one before."""
        stance = self.stance(situation)
        for side in ("left", "right"):
            is_at, begins = stance.foot(side), planned.start.foot(side)
            if hypot(is_at.x - begins.x, is_at.y - begins.y) > ELSEWHERE:
                return f"the plan starts elsewhere: the {side} foot is not where it begins"
        if estimate_balance(situation.robot, self._model).dcm_margin < SPARE:
            return "the robot is falling as it is: it must recover before it walks"
        _, verifier = self.ground(situation)
        verified = verifier.verify(planned.start, planned.steps, planned.step_time)
        if verified.changes:
            first = verified.changes[0]
            return f"step {first.number + 1} cannot be made: {first.reason}"
        if verified.reason:
            return f"step {len(verified.steps) + 1} cannot be made: {verified.reason}"
        return ""

    def doubt(self, planned: FootstepSequence, situation: RobotSituation) -> str:
        """Say what the pendulum does not know: steps up and down, and paces that are not the controller's own."""
        stance = planned.start
        for number, step in enumerate(planned.steps, start=1):
            rise = step.z - stance.foot("right" if step.side == "left" else "left").z
            if abs(rise) > CLIMB:
                return f"step {number} goes {100 * rise:+.0f} cm"
            stance = replace(stance, **{step.side: step})
            if _off_the_table(middle_of(stance), situation) != middle_of(stance):
                return f"after step {number} the table is near"
        if _closed(planned) is not planned:
            return "it ends in the middle of a long stride"
        if planned.step_time < STEP_TIME - 1e-9:
            return f"the pace, {planned.step_time:.2f} s a step, is quicker than the controller's own"
        return ""

    def alternatives(
        self, planned: FootstepSequence, situation: RobotSituation, fault: str
    ) -> Iterator[tuple[Planned, tuple[Replacement, ...]]]:
        """Yield the same steps slower, mended, planned anew; then shorter and shorter beginnings of what is safe.

        None of them ends in mid-stride.
        """
        planner, verifier = self.ground(situation)
        start, pace = self.stance(situation), planned.step_time
        if estimate_balance(situation.robot, self._model).dcm_margin < SPARE:
            recover = BalanceControl("recover", 2.0, moves_feet=True)
            yield recover, (Replacement(planned, recover, fault),)
            return
        if pace < STEP_TIME:
            pace = STEP_TIME
            calm = _closed(replace(planned, start=start, step_time=pace))
            yield calm, (Replacement(planned, calm, fault),)
        verified = verifier.verify(start, planned.steps, pace)
        safe = _closed(FootstepSequence(start, verified.steps, pace, verified.reason))
        changes = tuple(Replacement(c.asked, c.instead, c.reason) for c in verified.changes)
        if verified.reason and verified.steps:
            side = other(safe.steps[-1].side)
            onward = planner.plan_path(safe.end, middle_of(planned.end), side)
            joined = replace(safe, steps=safe.steps + onward.steps, reason=onward.reason)
            yield joined, (*changes, Replacement(planned, joined, fault))
        elif changes or len(safe.steps) > len(planned.steps):
            yield safe, (*changes, Replacement(planned, safe, fault))
        anew, reason = self._way(start, middle_of(planned.end), situation)
        if anew:
            way = FootstepSequence(start, anew, pace, reason)
            yield way, (Replacement(planned, way, fault),)
        count = len(verified.steps) - (not verified.reason and not changes)
        while count > 0:
            part = _closed(FootstepSequence(start, verified.steps[:count], pace, fault))
            yield part, (*changes, Replacement(planned, part, fault))
            count //= 2


def _closed(sequence: FootstepSequence) -> FootstepSequence:
    """Return a sequence that does not end in mid-stride: where it does, the other foot comes beside the last one."""
    if not sequence.steps:
        return sequence
    last, rear = sequence.steps[-1], sequence.end.foot(other(sequence.steps[-1].side))
    if hypot(last.x - rear.x, last.y - rear.y) <= STOPS_AT:
        return sequence
    x, y, yaw = beside(last, rear.side, STEP_WIDTH)
    return replace(
        sequence, steps=(*sequence.steps, Footstep(rear.side, x, y, last.z, yaw, last.swing_height))
    )


def _off_the_table(place: GoalPose, situation: RobotSituation) -> GoalPose:
    """Return the place itself, or where a robot there is when it has gone straight back until it may turn."""
    if situation.table is None:
        return place
    table, back = obstacle_of(situation.table), 0.0
    while (
        table.distance(place.x - back * cos(place.yaw), place.y - back * sin(place.yaw)) < CLEAR - 0.005
        and back < 1.0
    ):
        back += 0.01
    if back == 0.0:
        return place
    return GoalPose(place.x - back * cos(place.yaw), place.y - back * sin(place.yaw), place.yaw)
