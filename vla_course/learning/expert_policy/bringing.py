"""How the expert as a policy brings a thing to a place: take, lift, carry over, lower, let go, and leave it alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.aims import Spot
from vla_course.learning.expert_policy.hand_moves import HandMove
from vla_course.learning.expert_policy.hand_tasks import HandTasks
from vla_course.learning.expert_policy.knowledge import TURN, Knowledge
from vla_course.motion.arms.pose import Pose, rotation_about, rotation_vector
from vla_course.motion.arms.postures import ready
from vla_course.motion.hands.plan import LINE_SPEED, NoPlan
from vla_course.motion.hands.planner import BACK_OFF, CARRIED, DROP, LIFT, SLOW, SPINS
from vla_course.motion.hands.scene import graspable_in
from vla_course.motion.hands.things import Graspable, Gripper
from vla_course.motion.hands.ways import NEAR, Hand, Situation, Ways
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

ON_IT, BY_IT = 0.012, 0.03
"""m, beside its place on another thing, and on the table: so near what is held may be lowered"""
FUNNEL: Final = 2.0
"""-, how much higher, for every metre farther from that, what is held stays over what it is to stand on"""
LEVEL: Final = 0.05
"""m, under the height at which things are carried: so low they are still being lifted"""
DOWN: Final = 0.005
"""m, over what it is to stand on: so low a thing is let go"""
_BETWEEN: Final = (0.2, -0.2, 0.6, -0.6, 1.0, -1.0, 1.4, -1.4, 1.8, -1.8)
TOUCHES, _BORNE = 0.02, 1.0
"""m and N: a thing so low that presses so much on what is below it stands, be it a little aslant"""
_GRAIN = 0.004
_SEED_GRAINS: Final = np.array((*[0.1] * 9, 0.01))
"""m; (10,) rad and m: to which a grip, and where inverse kinematics begins, are rounded"""
_ENOUGH: Final = 3
"""ways to put something down, among which the nearest is chosen"""


@dataclass(frozen=True, slots=True, eq=False)
class Laying:
    """A way to put down what is held."""

    spin: float
    """rad, about the vertical, of the grip from straight ahead"""
    spot: Spot
    over: Array
    """(10,) coordinates over the place"""
    put: Array
    """(10,) coordinates where it is let go"""
    tool: Pose
    """of the tool there, world"""


class Bringing:
    """Puts down, with one hand, what it holds."""

    def __init__(self, hand: HandTasks) -> None:
        self._hand, self._known = hand, hand.known

    # ---- a thing in the hand -----------------------------------------------------------------------

    def bring(self, thing: str, spots: Sequence[Spot], situation: Situation, within: float) -> HandMove:
        """Bring what is held over the first of `spots` on which it can be put, and down. Raises NoPlan: on none.

        `within` m of a spot is near enough.
        """
        held = graspable_in(self._known.stage.scene, thing)
        floor = 0.0 if situation.table is None else situation.table.height
        bottom = float(held.position[2]) - held.size[2] / 2.0 - floor
        tool, moves = self._known.upright_tool(thing, self._hand.side), self._hand.moves
        over = [spot for spot in spots if np.hypot(*(held.position[:2] - spot)) < within]
        if over and (bottom < DOWN or (bottom < TOUCHES and self._known.stage.borne(thing) > _BORNE)):
            return moves.stay(self._wide(held))
        try:
            laying = self._laying(thing, spots, situation)
        except NoPlan:
            if not over:
                raise
            # What hangs over its place already needs no plan to get there.
            low = np.append(over[0] - held.position[:2], -bottom)
            return moves.straight(Pose(tool.position + low, tool.rotation), _brake(bottom), 0.0)
        way = np.array((*laying.spot, floor + held.size[2] / 2.0)) - held.position
        far = float(np.hypot(*way[:2]))
        if far < within:
            return moves.carried(
                Pose(tool.position + way, laying.tool.rotation), laying.put, _brake(bottom), 0.0
            )
        height = min(LIFT, FUNNEL * (far - within))
        if bottom < height - LEVEL:
            up = np.array((0.0, 0.0, height - bottom))
            return moves.straight(Pose(tool.position + up, tool.rotation), LINE_SPEED, 0.0)
        way[2] += height
        goal = Pose(tool.position + way, laying.tool.rotation)
        return moves.carried(goal, laying.over, LINE_SPEED, 0.0)

    def let_go(self, thing: str) -> HandMove | None:
        """Leave a thing that stands where it should: open, back off, rise; None where the hand is away from it."""
        known, side, moves = self._known, self._hand.side, self._hand.moves
        held = graspable_in(known.stage.scene, thing)
        tool, wide = known.tool(side), self._wide(held)
        away = tool.rotation.T @ (held.position - tool.position)
        reach = max(held.size) / 2.0
        beside = abs(away[1]) < 0.06 and abs(away[2]) < reach + 0.05 and -0.05 < away[0] < BACK_OFF + 0.01
        if not beside:
            return None
        if away[0] < 0.06 and known.opening(side) < wide - 0.08:
            return moves.stay(wide)
        back = Pose(tool.position - (BACK_OFF + 0.02 - away[0]) * tool.rotation[:, 0], tool.rotation)
        return moves.straight(back, LINE_SPEED, wide)

    def _wide(self, held: Graspable) -> float:
        """Return how far a gripper opens to let something go."""
        return min(1.0, (max(held.size[:2]) + 2.0 * Gripper().side_gap) / Gripper().widest)

    # ---- where and how to put it -------------------------------------------------------------------

    def _laying(self, thing: str, spots: Sequence[Spot], situation: Situation) -> Laying:
        """Return how to put down what is held: on the first spot, turned as little as possible. Raises NoPlan."""
        known = self._known
        held, tool = graspable_in(known.stage.scene, thing), known.upright_tool(thing, self._hand.side)
        ahead = known.reach(self._hand.side).base_pose().rotation
        heading = atan2(ahead[1, 0], ahead[0, 0])
        azimuth = atan2(tool.rotation[1, 0], tool.rotation[0, 0])
        # The grip as it would be with the fingers straight ahead, rounded: so it stays the same on its way.
        turn = _about_z(heading - azimuth)
        grip = Pose(_near(turn @ (tool.position - held.position)), _rounded(turn @ tool.rotation))
        here = known.coordinates(self._hand.side)
        key = (
            "put", self._hand.side, thing, tuple(grip.position.tolist()),
            tuple(grip.rotation.ravel().round(6).tolist()), tuple(spots), known.soles(),
            tuple(tuple(one.position.tolist()) for one in situation.things),
        )  # fmt: skip
        try:
            found = known.remembered(key, lambda: self._layings(held, grip, None, spots, situation))
        except NoPlan:
            # From where inverse kinematics begins decides which posture it finds: from about here.
            seed = np.round(here / _SEED_GRAINS) * _SEED_GRAINS
            found = known.remembered(
                (key, tuple(seed.tolist())), lambda: self._layings(held, grip, seed, spots, situation)
            )
        # The nearest one: whoever goes there finds it nearer and nearer.
        return min(found, key=lambda laying: float(np.abs(laying.over - here).max()))

    def _layings(
        self,
        held: Graspable,
        grip: Pose,
        seed: Array | None,
        spots: Sequence[Spot],
        situation: Situation,
    ) -> list[Laying]:
        """Return ways to put what is held on the first spot that has some; postures are sought from the ready arm, or
        from `seed` (10,) on. Raises NoPlan: no spot has."""
        reasons = Counter[str]()
        ways = Ways(self._known.reach(self._hand.side), situation.table, self._known.solver)
        seeds, spins = self._beginnings(ways, grip, seed)
        for spot in spots:
            layings = list[Laying]()
            for spin in spins:
                for begin in seeds:
                    try:
                        layings.append(self._put(ways, held, grip, begin, spin, spot, situation))
                        break
                    except NoPlan as why:
                        reasons[str(why)] += 1
                if seed is not None and len(layings) == _ENOUGH:
                    break
            if layings:
                return layings
        often = ", ".join(f"{why} ({count})" for why, count in reasons.most_common(2))
        raise NoPlan(
            f"what the {self._hand.side} hand holds can be put down on none of {len(spots)} spots; mostly {often}"
        )

    def _beginnings(self, ways: Ways, grip: Pose, seed: Array | None) -> tuple[list[Array], Sequence[float]]:
        """Return from which coordinates (10,) postures are sought, and spins rad in the order in which."""
        solver, side, reach = self._known.solver, self._hand.side, ways.reach
        at_ready = np.append(ready(side), np.zeros(3))
        if seed is None:
            reach.move(at_ready)
            base, mirror = reach.base_pose(), np.array((1.0, 1.0 if side == "left" else -1.0, 1.0))
            chest = Pose(base.position + base.rotation @ (mirror * CARRIED[0]), grip.rotation)
            return [at_ready, solver.solve(reach, chest, at_ready).joints], SPINS
        reach.move(seed)
        here = reach.pose
        turned_by = _azimuth(here) - _azimuth(grip)
        lifted = solver.solve(reach, Pose(here.position + (0.0, 0.0, LIFT), here.rotation), seed).joints
        return [seed, lifted], sorted((*SPINS, *_BETWEEN), key=lambda spin: abs(wrapped(spin - turned_by)))

    def _put(
        self,
        ways: Ways,
        held: Graspable,
        grip: Pose,
        seed: Array,
        spin: float,
        spot: Spot,
        situation: Situation,
    ) -> Laying:
        others = situation.things
        turn = rotation_about(np.array((0.0, 0.0, spin)))
        grip = Pose(turn @ grip.position, turn @ grip.rotation)
        floor = 0.0 if situation.table is None else situation.table.height
        middle = np.array((*spot, floor + held.size[2] / 2.0 + DROP))
        near = Hand(self._wide(held), margin=NEAR)
        full = Hand(min(held.size) / Gripper().widest, margin=NEAR)
        down = Pose(middle + grip.position, grip.rotation)
        rest = np.append(ready(self._hand.side), np.zeros(3))
        put = ways.pose("place", down, seed, rest, others, near)
        over = ways.pose(
            "carry", Pose(down.position + (0.0, 0.0, LIFT), down.rotation), put, put, others, Hand()
        )
        back = Pose(down.position - BACK_OFF * down.rotation[:, 0], down.rotation)
        off = ways.pose("back off", back, put, put, others, near)
        ways.line("lower", over, put, others, full)
        ways.line("back off", put, off, others, near)
        return Laying(spin, spot, over, put, down)


def _azimuth(pose: Pose) -> float:
    return atan2(pose.rotation[1, 0], pose.rotation[0, 0])


def situation_without(known: Knowledge, *things: str) -> Situation:
    """Return the table and all things but those named."""
    return Situation(known.table, known.rest(*things))


def _brake(height: float) -> float:
    """Return how fast m/s what is held is lowered at a height m."""
    return float(np.clip(2.0 * height, 0.03, SLOW))


def _about_z(angle: float) -> Array:
    c, s = cos(angle), sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))


def _near(position: Array) -> Array:
    rounded: Array = np.round(position / _GRAIN) * _GRAIN
    return rounded


def _rounded(rotation: Array) -> Array:
    return rotation_about(np.round(rotation_vector(rotation) / (2.0 * TURN)) * 2.0 * TURN)
