"""A standing robot that works with its hands: it looks where it stands, plans with the nearer hand, and acts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS
from vla_course.motion.arms.ik_config import FOLLOWING, InverseKinematicsConfig, SolverOf, reference_solver
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import tucked
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan, Timing
from vla_course.motion.hands.planner import GraspRule, Held, ReachPlanner
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.run import ManipulationRun
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.loop import Balancer
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import heading_of

Array = NDArray[np.float64]
Found = TypeVar("Found")


class StandingManipulator:
    """A humanoid on its feet, and all that moves its hands.

    `controller`, the class `solver`, `grasp_rule` and `timing` are the student's or, by default, the reference's.
    `model` is what the robot believes about itself, by default the masses it really has; `body` is another loop's,
    that goes on with it afterwards, by default one of its own.

    Attributes:
        humanoid, body: the robot, and how the balance frame drives it.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        controller: Balancer | None = None,
        solver: SolverOf | None = None,
        grasp_rule: GraspRule | None = None,
        timing: Timing | None = None,
        model: RobotModel | None = None,
        body: StandingBody | None = None,
    ) -> None:
        self.humanoid = humanoid
        self.body = body or StandingBody(humanoid, model or RobotModel.of(humanoid))
        self._controller = controller or _reference_balance()
        make = solver or reference_solver()
        self._solver, self._follower = make(InverseKinematicsConfig()), make(FOLLOWING)
        self._grasp_rule, self._timing = grasp_rule, timing
        self._planning_model = RobotModel.of(humanoid)

    def stand(self, seconds: float) -> None:
        """Keep balance and do nothing else."""
        body = self.body
        for _ in range(round(seconds / body.tick)):
            body.drive(self._controller.calculate_balance_commands(body.balance).joint_adjustments)
            body.advance()
            body.sense()

    def reach_of(self, side: Side) -> StandingReach:
        """Return the robot as it stands now as a chain that reaches with one arm, both arms tucked."""
        state, balance = self.body.state, self.body.balance
        joints = state.joint_positions.copy()
        for arm in ARMS_IN_JOINTS:
            joints[ARMS_IN_JOINTS[arm]] = tucked(arm)
        return StandingReach(
            side,
            replace(state, joint_positions=joints),
            self._planning_model,
            balance.support_polygon.sum(axis=0) / len(balance.support_polygon),
            float(balance.center_of_mass[2]),
            heading_of(state.base_orientation),
        )

    def planner(self, side: Side, situation: Situation, reach: StandingReach | None = None) -> ReachPlanner:
        """Return a planner for one arm, of the robot where it stands or of one that `reach` has elsewhere."""
        return ReachPlanner(reach or self.reach_of(side), situation, self._solver, self._grasp_rule)

    def plan_reach(self, target: Pose, situation: Situation) -> ManipulationPlan:
        """Plan to bring a tool to `target` and stay. Raises NoPlan: neither hand can."""
        return self._with_either(target.position, situation, lambda planner: planner.reach(target))

    def plan_grasp(
        self, thing: Graspable, situation: Situation, hold: float = 2.0
    ) -> tuple[ManipulationPlan, Held]:
        """Plan to lift `thing` and hold it. Raises NoPlan: neither hand can."""
        return self._with_either(thing.position, situation, lambda planner: planner.grasp(thing, hold))

    def plan_fetch(
        self, thing: Graspable, situation: Situation, hold: float = 0.3
    ) -> tuple[ManipulationPlan, Held]:
        """Plan to take `thing` and hold it before the chest. Raises NoPlan: neither hand can."""
        return self._with_either(thing.position, situation, lambda planner: planner.fetch(thing, hold))

    def plan_pick_and_place(
        self, thing: Graspable, place: Array, situation: Situation, hold: float = 2.0
    ) -> ManipulationPlan:
        """Plan to lift `thing`, hold it, and put it down at `place` (2,) m. Raises NoPlan: neither hand can."""
        return self._with_either(
            thing.position, situation, lambda planner: planner.pick_and_place(thing, place, hold)
        )

    def start(self, plan: ManipulationPlan) -> ManipulationRun:
        """Return the plan, under way: call its `tick` until it is `done`."""
        return ManipulationRun(self.humanoid, self.body, self._controller, plan, self._follower, self._timing)

    def pick_and_place(
        self,
        look: Callable[[], tuple[Graspable, Situation]],
        place: Array,
        hold: float = 2.0,
        attempts: int = 3,
    ) -> Iterator[ManipulationRun]:
        """Yield runs, each to be ticked until it is done: look, plan and act, and again while it fails.

        `look` says where the thing and everything else seem to be. The last run tells by `aborted` whether it
        has come to its end.

        Raises:
            NoPlan: what was seen last cannot be picked and placed safely.
        """
        for attempt in range(attempts):
            try:
                thing, situation = look()
                plan = self.plan_pick_and_place(thing, place, situation, hold)
            except NoPlan:
                if attempt == attempts - 1:
                    raise
                continue
            run = self.start(plan)
            yield run
            if not run.aborted:
                return

    def _with_either(
        self, position: Array, situation: Situation, plan: Callable[[ReachPlanner], Found]
    ) -> Found:
        """Return the plan of the nearer hand, or else of the other one."""
        base = self.body.state
        near = self._side_of(position - base.base_position, heading_of(base.base_orientation))
        try:
            return plan(self.planner(near, situation))
        except NoPlan as why:
            try:
                return plan(self.planner("left" if near == "right" else "right", situation))
            except NoPlan as neither:
                raise NoPlan(f"{why}; {neither}") from neither

    @staticmethod
    def _side_of(way: Array, heading: float) -> Side:
        return "left" if np.cos(heading) * way[1] - np.sin(heading) * way[0] >= 0.0 else "right"


def _reference_balance() -> Balancer:
    """Load the reference's balance controller only where nobody brings another."""
    from vla_course.reference.day3_humanoid_balance.balance import BalanceController

    controller: Balancer = BalanceController()
    return controller
