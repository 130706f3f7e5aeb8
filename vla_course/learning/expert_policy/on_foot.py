"""How the expert as a policy fetches on foot what hands cannot bring from where it stands, and carries it elsewhere."""

from collections.abc import Sequence
from functools import partial
from math import atan2, cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.aims import Spot
from vla_course.learning.expert_policy.foot_tasks import FootTasks
from vla_course.learning.expert_policy.hand_moves import HandMove
from vla_course.learning.expert_policy.hand_tasks import HandTasks, out_of_the_way
from vla_course.learning.expert_policy.knowledge import FINE, TURN, Knowledge, key_of
from vla_course.motion.arms.chain import ARMS_IN_UPPER
from vla_course.motion.arms.pose import Pose, rotation_about, rotation_vector
from vla_course.motion.arms.postures import ready, tucked
from vla_course.motion.errands.hands import reach_from
from vla_course.motion.errands.way import StandingPlace, standing_places
from vla_course.motion.footsteps.plan import GoalPose, Stance, middle_of
from vla_course.motion.hands.held import held_turned
from vla_course.motion.hands.plan import LINE_SPEED, ManipulationPlan, NoPlan
from vla_course.motion.hands.planner import CARRIED, LIFT, SPINS, Held, ReachPlanner
from vla_course.motion.hands.scene import graspable_in
from vla_course.motion.hands.things import Grasp, Graspable, Gripper
from vla_course.motion.hands.ways import NEAR, Hand, Situation, Ways
from vla_course.motion.standing.balance_config import STANDING
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

STILL: Final = np.zeros(3)
TUCKED: Final = 0.3
"""rad, from where arms are tucked: so near the robot may walk"""
BEFORE_CHEST, UPRIGHT = 0.07, 0.06
"""m from where a thing is carried, and rad of bow and turn: so near the robot may walk with it"""


class OnFoot:
    """Walks to where a hand can take a thing, and with it to where it can put it down."""

    def __init__(
        self, knowledge: Knowledge, feet: FootTasks, hands: dict[Side, HandTasks], period: float
    ) -> None:
        self._known, self._feet, self._hands, self._period = knowledge, feet, hands, period

    def stands(self) -> bool:
        """Tell whether the robot stands at the table: then hands may work from here."""
        return self._known.robot.walker.phase == "stand" and self._feet.too_near()

    def go_to(self, thing: str, side: Side, why: NoPlan) -> tuple[Array, HandMove]:
        """Go to the nearest place where one hand may reach a thing. Raises `why`: it stands there, or there is none."""
        here = self._feet.here
        for place in standing_places(self._known.table, self._known.thing(thing).position[:2], here):
            if place.side != side or (
                self._feet.arrived(place.at) and self._known.robot.walker.phase == "stand"
            ):
                continue
            velocity = self._feet.to_table(place)
            if velocity is not None:
                return self._once_tucked(velocity)
        raise why

    # ---- with empty hands --------------------------------------------------------------------------

    def fetch(self, thing: str, spots: Sequence[Spot], situation: Situation) -> tuple[Array, HandMove]:
        """Go to take a thing that is to be put on one of `spots` elsewhere. Raises NoPlan: it cannot."""
        known = self._known
        place = self._taking(thing, spots, situation)
        if self._feet.arrived(place.at) and known.robot.walker.phase == "stand":
            hand = self._hands[place.side]

            def plan() -> ManipulationPlan:
                return known.planner(place.side, Situation(known.table, known.rest(thing))).fetch(
                    known.graspable(thing)
                )[0]

            return STILL, hand.take(thing, "fetch", plan)
        velocity = self._feet.to_table(place)
        if velocity is None:
            raise NoPlan(f"there is no way to where the {thing} can be taken")
        return self._once_tucked(velocity)

    def _once_tucked(self, velocity: Array) -> tuple[Array, HandMove]:
        """Walk with tucked arms, and tuck them first."""
        move, home = out_of_the_way(self._known, self._hands, self._period, tuck=True)
        now = self._known.robot.walker.body.upper_posture
        away = max(float(np.abs(now[ARMS_IN_UPPER[side]] - tucked(side)).max()) for side in SIDES)
        return (velocity if home and away < TUCKED else STILL), move

    def _taking(self, thing: str, spots: Sequence[Spot], situation: Situation) -> StandingPlace:
        known = self._known
        body = known.graspable(thing)
        here = middle_of(Stance(known.robot.walker.measured(0), known.robot.walker.measured(1)))
        why = NoPlan(f"the {thing} is too far from the edge of any table")
        for place in standing_places(known.table, body.position[:2], here):
            try:
                held = known.remembered(
                    ("fetch", place, known.things_key()), partial(self._taken_at, place, thing)
                )
                turned, before = held_turned(held, -place.at.yaw), place.before
                self._putting(place.side, turned, spots, situation, before.x, before.y)
                return place
            except NoPlan as no_plan:
                why = no_plan
        raise why

    def _taken_at(self, place: StandingPlace, thing: str) -> Held:
        """Return how a thing is held that was taken at a place, before the chest. Raises NoPlan: it cannot be."""
        situation = Situation(self._known.table, self._known.rest(thing))
        return self._planner_at(place, situation).fetch(self._known.graspable(thing))[1]

    # ---- with a thing in the hand ------------------------------------------------------------------

    def carry(
        self, thing: str, side: Side, spots: Sequence[Spot], situation: Situation
    ) -> tuple[Array, HandMove]:
        """Go with what a hand holds to where it can be put on one of `spots`. Raises NoPlan: nowhere."""
        known, hand = self._known, self._hands[side]
        walker = known.robot.walker
        held = self._held(thing, side)
        here = self._feet.here
        place = self._putting(side, held, spots, situation, here.x, here.y)
        if self._feet.arrived(place.at) and walker.phase == "stand":
            raise NoPlan(f"the {thing} cannot be put down from here")
        if walker.phase == "stand":
            chest, coordinates = self._before_chest(thing, side)
            far = float(np.linalg.norm(known.tool(side).position - chest.position))
            if far > BEFORE_CHEST or np.abs(known.robot.stance[:2]).max() > UPRIGHT:
                bottom = known.height(thing, known.table.height)
                over_table = known.over_table(known.tool(side).position, 0.05)
                if over_table and bottom < LIFT - 0.05:
                    return STILL, hand.lift(thing)
                return STILL, hand.moves.carried(chest, coordinates, LINE_SPEED, 0.0)
        velocity = self._feet.to_table(place)
        if velocity is None:
            raise NoPlan(f"there is no way to where the {thing} can be put down")
        return velocity, hand.moves.stay(0.0)

    def _putting(
        self, side: Side, held: Held, spots: Sequence[Spot], situation: Situation, x: float, y: float
    ) -> StandingPlace:
        """Return where to stand to put down what is `held` by a robot that looks along +x."""
        known, key = self._known, _key(held)
        why = NoPlan("there is no room for it")
        for spot in spots:
            for place in standing_places(known.table, np.array(spot), GoalPose(x, y)):
                if place.side != side:
                    continue
                try:
                    known.remembered(
                        ("put at", place, key, spot, _key_of(situation)),
                        partial(self._put_at, place, held, spot, situation),
                    )
                    return place
                except NoPlan as no_plan:
                    why = no_plan
        raise why

    def _put_at(self, place: StandingPlace, held: Held, spot: Spot, situation: Situation) -> ManipulationPlan:
        """Return how what is held is put down at a place. Raises NoPlan: it cannot be."""
        turned = held_turned(held, place.at.yaw)
        return self._planner_at(place, situation).transport(turned, np.array(spot))

    def _planner_at(self, place: StandingPlace, situation: Situation) -> ReachPlanner:
        known = self._known
        reach = reach_from(place.at, place.side, known.model, STANDING.com_height)
        return ReachPlanner(reach, situation, known.solver)

    def _held(self, thing: str, side: Side) -> Held:
        """Return what a hand holds, rounded, as if its robot looked along +x and its fingers did."""
        known = self._known
        body, tool = graspable_in(known.stage.scene, thing), known.upright_tool(thing, side)
        turn = _about_z(-atan2(tool.rotation[1, 0], tool.rotation[0, 0]))
        grip = Pose(
            np.round(turn @ (tool.position - body.position) / FINE) * FINE,
            rotation_about(np.round(rotation_vector(turn @ tool.rotation) / (2.0 * TURN)) * 2.0 * TURN),
        )
        opening = min(1.0, (max(body.size[:2]) + 2.0 * Gripper().side_gap) / Gripper().widest)
        standing = Graspable(
            body.shape, body.size, np.array((0.0, 0.0, known.table.height + body.size[2] / 2.0))
        )
        return Held(standing, Grasp(grip, opening, "power"), np.append(ready(side), np.zeros(3)))

    def _before_chest(self, thing: str, side: Side) -> tuple[Pose, Array]:
        """Return where the tool is, world, and the coordinates (10,) when what is held is carried. Raises NoPlan."""
        known, held = self._known, self._held(thing, side)
        reach = known.reach(side)
        base = reach.base_pose()

        def search() -> tuple[Pose, Array]:
            ways = Ways(reach, known.table, known.solver)
            full = Hand(min(held.thing.size) / Gripper().widest, margin=NEAR)
            seed = np.append(ready(side), np.zeros(3))
            mirror = np.array((1.0, 1.0 if side == "left" else -1.0, 1.0))
            heading = atan2(base.rotation[1, 0], base.rotation[0, 0])
            for ahead in CARRIED:
                for spin in SPINS:
                    position = base.position + base.rotation @ (mirror * ahead)
                    position[2] = max(
                        position[2], held.thing.position[2] + held.grasp.pose.position[2] + LIFT
                    )
                    at = Pose(position, _about_z(heading + spin) @ held.grasp.pose.rotation)
                    try:
                        with reach.standing(np.zeros(3)):
                            return at, ways.pose("before the chest", at, seed, seed, known.rest(thing), full)
                    except NoPlan:
                        continue
            raise NoPlan("nowhere before the chest")

        return known.remembered(("chest", side, _key(held), known.soles()), search)


def _key(held: Held) -> tuple[object, ...]:
    grip = held.grasp.pose
    return (
        held.thing.shape,
        held.thing.size,
        tuple(grip.position.round(4).tolist()),
        tuple(grip.rotation.ravel().round(4).tolist()),
    )


def _key_of(situation: Situation) -> tuple[object, ...]:
    return tuple(key_of(thing) for thing in situation.things)


def _about_z(angle: float) -> Array:
    c, s = cos(angle), sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
