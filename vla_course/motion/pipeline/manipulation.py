"""Manipulation as an action: from a thing to the stages of a hand, each with the balance compensation that it needs.

A plan is judged stage by stage, whoever made it: limits of joints and stance, the straight ways by inverse
kinematics, clearance from table, things and the robot itself, the torques that the arm needs with the load in
the hand, and the centre of mass of robot and load over the soles.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, reference_solver
from vla_course.motion.arms.postures import tucked
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan
from vla_course.motion.hands.planner import ReachPlanner
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.things import Grasp, Graspable, Grip
from vla_course.motion.pipeline.actions import ManipulationAction
from vla_course.motion.pipeline.balance import AT_REST, estimate_balance
from vla_course.motion.pipeline.loads import HOLDS, compensate
from vla_course.motion.pipeline.parts import PipelineParts
from vla_course.motion.pipeline.plans import ManipulationSequence, Planned, Replacement
from vla_course.motion.pipeline.situation import RobotSituation
from vla_course.motion.pipeline.stage_faults import StageJudge
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import heading_of

Array = NDArray[np.float64]

HOLD = 2.0
"""s, for which a thing is held"""
HEAVY = 0.5
"""kg: with more in the hand a swing of the arm pulls at the feet"""


class ManipulationBranch:
    """Plans and judges what hands do."""

    def __init__(self, parts: PipelineParts, model: RobotModel) -> None:
        self._parts, self._model = parts, model
        self._solver = reference_solver()(InverseKinematicsConfig())

    def reach(
        self, side: Side, situation: RobotSituation, lean: Array | tuple[float, float] = (0.0, 0.0)
    ) -> StandingReach:
        """Return the robot as it stands as a chain that reaches with one arm, both arms tucked.

        Its centre of mass stays `lean` (2,) m from home.
        """
        state = situation.robot
        estimate = estimate_balance(state, self._model)
        height = float(self._model.center_of_mass[2])
        joints = state.joint_positions.copy()
        for arm in ARMS_IN_JOINTS:
            joints[ARMS_IN_JOINTS[arm]] = tucked(arm)
        home = estimate.support_polygon.mean(axis=0) + lean
        heading = heading_of(state.base_orientation)
        return StandingReach(side, replace(state, joint_positions=joints), self._model, home, height, heading)

    # ---- the branch ----------------------------------------------------------------------------

    def plan(self, action: ManipulationAction, situation: RobotSituation) -> ManipulationSequence:
        """Return the stages of the nearer hand, or else of the other one. Raises NoPlan: neither can do it so."""
        near = self._near(situation.thing(action.thing).shape, situation)
        try:
            return self.plan_with(near, action, situation)
        except NoPlan as why:
            try:
                return self.plan_with(_other(near), action, situation)
            except NoPlan as neither:
                raise NoPlan(f"{why}; {neither}") from neither

    def plan_with(
        self, side: Side, action: ManipulationAction, situation: RobotSituation
    ) -> ManipulationSequence:
        """Return the stages of one hand. Raises NoPlan: it cannot; ValueError: nobody knows the thing."""
        thing = situation.thing(action.thing)
        planner = _GripPlanner(self.reach(side, situation), situation.around(action.thing), self._solver)
        planner.grip = action.grip
        if action.grip is not None and not any(planner.grasps_of(thing.shape)):
            raise NoPlan(f"no {action.grip} grip holds the {action.thing}")
        if action.place is None:
            stages, _ = planner.grasp(thing.shape, HOLD)
        else:
            stages = planner.pick_and_place(thing.shape, np.array(action.place), HOLD)
        return self.compensated(action.thing, stages, thing.mass, action.place, situation)

    def compensated(
        self,
        name: str,
        plan: ManipulationPlan,
        load: float,
        place: tuple[float, float] | None,
        situation: RobotSituation,
    ) -> ManipulationSequence:
        """Return a plan with the compensation that each of its stages needs for a load (kg)."""
        reach, home = self.reach(plan.side, situation), estimate_balance(situation.robot, self._model)
        rows = tuple(
            compensate(self._parts.compensation, reach, self._model, home, stage, load)
            for stage in plan.stages
        )
        return ManipulationSequence(name, plan, load, rows, place)

    def fault(self, planned: ManipulationSequence, situation: RobotSituation) -> str:
        """Say what is wrong with the first stage that is."""
        known = situation.things.get(planned.thing)
        if known is None:
            return f"nobody knows where the {planned.thing} is"
        load = max(known.mass, planned.load)
        if load > HOLDS:
            return f"the {planned.thing} weighs {load:.1f} kg, the fingers hold {HOLDS:.1f} kg"
        estimate = estimate_balance(situation.robot, self._model)
        if np.hypot(*estimate.com_velocity[:2]) > AT_REST:
            return "the robot is not at rest: hands work when the feet stand still"
        reach = partial(self.reach, planned.plan.side, situation)
        return StageJudge(reach, self._model, self._solver, situation, planned).first_fault()

    def doubt(self, planned: ManipulationSequence, situation: RobotSituation) -> str:
        """Say what statics does not know: heavy things swing."""
        if planned.load > HEAVY:
            return f"{planned.load:.1f} kg in a moving hand"
        return ""

    def alternatives(
        self, planned: ManipulationSequence, situation: RobotSituation, fault: str
    ) -> Iterator[tuple[Planned, tuple[Replacement, ...]]]:
        """Yield the same plan compensated; the same with the same hand, the other hand, any grip; just lifted."""
        if planned.thing not in situation.things:
            return
        load = situation.things[planned.thing].mass
        same = self.compensated(planned.thing, planned.plan, load, planned.place, situation)
        yield same, (Replacement(planned, same, fault),)
        for action in (
            ManipulationAction(planned.thing, None, planned.place),
            ManipulationAction(planned.thing),
        ):
            for side in (planned.plan.side, _other(planned.plan.side)):
                try:
                    instead = self.plan_with(side, action, situation)
                except NoPlan:
                    continue
                yield instead, (Replacement(planned, instead, fault),)

    def _near(self, thing: Graspable, situation: RobotSituation) -> Side:
        robot = situation.robot
        heading = heading_of(robot.base_orientation)
        way = thing.position - robot.base_position
        return "left" if np.cos(heading) * way[1] - np.sin(heading) * way[0] >= 0.0 else "right"


class _GripPlanner(ReachPlanner):
    """Takes only grasps of one grip."""

    grip: Grip | None = None

    def grasps_of(self, thing: Graspable) -> Iterator[Grasp]:
        """Yield the grasps among which a plan chooses."""
        return self._grasps(thing)

    def _grasps(self, thing: Graspable) -> Iterator[Grasp]:
        return (grasp for grasp in super()._grasps(thing) if self.grip in (None, grasp.grip))


def _other(side: Side) -> Side:
    return "left" if side == "right" else "right"
