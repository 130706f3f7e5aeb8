"""A standing robot that works with its hands: it looks where it stands, plans with the nearer hand, and acts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_JOINTS
from vla_course.motion.arms.ik_config import FOLLOWING, InverseKinematicsConfig, SolverOf, reference_solver
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import hanging, ready, tucked
from vla_course.motion.hands.held import Held, free_spots
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan, Stage, Timing
from vla_course.motion.hands.planner import LIFT, GraspRule, ReachPlanner
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.run import ManipulationRun
from vla_course.motion.hands.stance import Stance
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.loop import Balancer
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import heading_of, rotation_matrix

Array = NDArray[np.float64]
Found = TypeVar("Found")

RECOVERIES = 3
"""how often a hand that fails is led on before the robot gives up for good"""
ASTRAY = 0.05
"""m, from where it was put down: a thing that is seen farther off is not there any more, however much a look errs"""
PLACED, FARTHEST = 0.02, 0.8
"""m: so near to its place a thing is there; beyond that from the pelvis no hand puts anything down"""


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

    def reach_of(self, side: Side, run: ManipulationRun | None = None) -> StandingReach:
        """Return the robot as it stands now as a chain that reaches with one arm, both arms tucked.

        A robot that `run` has left in a stance that is not upright has its home where that stance began.
        """
        state, balance = self.body.state, self.body.balance
        joints = state.joint_positions.copy()
        for arm in ARMS_IN_JOINTS:
            joints[ARMS_IN_JOINTS[arm]] = tucked(arm)
        return StandingReach(
            side,
            replace(state, joint_positions=joints),
            self._planning_model,
            balance.support_polygon.sum(axis=0) / len(balance.support_polygon),
            float(balance.center_of_mass[2]) - (0.0 if run is None else run.stance.height),
            heading_of(state.base_orientation) if run is None else run.heading,
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

    def plan_put_down(
        self, run: ManipulationRun, situation: Situation, places: Iterable[Array] = ()
    ) -> ManipulationPlan:
        """Plan to put down what the hand of `run` holds.

        It goes to the first that does of `places` (2,) m, where it was taken from, and the nearest free spots.

        Raises:
            NoPlan: there is no safe way, or nothing to put down.
        """
        held, table = run.holding, situation.table
        if held is None or table is None:
            raise NoPlan("the hand holds nothing" if held is None else "there is no table to put it down on")
        planner = self.planner(run.plan.side, situation, self.reach_of(run.plan.side, run))
        here = self.body.state.base_position[:2]
        was = held.thing.position[:2]
        spots = [*places, was, *free_spots(table, situation.things, was)]
        return planner.put_down(held, [spot for spot in spots if np.hypot(*(spot - here)) < FARTHEST])

    def recover(
        self, run: ManipulationRun, situation: Situation, places: Iterable[Array] = ()
    ) -> tuple[ManipulationRun, str]:
        """Return a run that leads a `stranded` hand on, and why it cannot put down what it holds, empty where it can.

        What the hand holds is put down as `plan_put_down` says; a hand that has lost it goes home. Where there is
        no safe plan, the hand lifts what it holds and keeps it ahead of the chest, the robot upright.
        """
        side = run.plan.side
        try:
            if run.holding is not None:
                return self.start(self.plan_put_down(run, situation, places), run), ""
            planner = self.planner(side, situation, self.reach_of(side, run))
            return self.start(planner.withdraw(run.coordinates), run), ""
        except NoPlan as why:
            return self.start(_upright(run, self._tool_of(run)), run), str(why)

    def start(self, plan: ManipulationPlan, after: ManipulationRun | None = None) -> ManipulationRun:
        """Return the plan, under way: call its `tick` until it is `done`. It goes on from where `after` has led."""
        return ManipulationRun(
            self.humanoid, self.body, self._controller, plan, self._follower, self._timing, after
        )

    def pick_and_place(
        self,
        look: Callable[[], tuple[Graspable, Situation]],
        place: Array,
        hold: float = 2.0,
        attempts: int = 3,
    ) -> Iterator[ManipulationRun]:
        """Yield runs, each to be ticked until it is done: look, plan and act, and again while it fails.

        `look` says where the thing and everything else seem to be. A run that fails with the thing in its hand is
        followed by one that puts it down: at `place` as long as there are attempts left, else where it was or
        near there. The last run tells by `aborted` whether the thing was brought to its place.

        Raises:
            NoPlan: what was seen last cannot be picked and placed safely, or the hand still holds the thing and
                there is no safe way to put it down.
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
            failed, places = run.aborted, (place,) if attempt < attempts - 1 else ()
            for _ in range(RECOVERIES):
                if not run.stranded:
                    break
                thing, situation = look()
                held = run.holding is not None
                around = situation if held else replace(situation, things=(*situation.things, thing))
                run, trouble = self.recover(run, around, places)
                yield run
                if trouble:
                    raise NoPlan(f"{failed}; the hand still holds the thing: {trouble}" if held else trouble)
                places = ()
            if failed and not (run.stranded or run.aborted):
                there = float(np.linalg.norm(look()[0].position[:2] - place)) < PLACED
                run.aborted = "" if there else failed
            elif not failed and np.linalg.norm(look()[0].position[:2] - place) > ASTRAY:
                run.aborted = "the thing is not where it was put down"
            if not run.aborted:
                return

    def _tool_of(self, run: ManipulationRun) -> Pose:
        """Return where the tool of a run's hand is in the world."""
        position, orientation = self.humanoid.link_pose(f"{run.plan.side}_tool")
        return Pose(position, rotation_matrix(orientation))

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


def _upright(run: ManipulationRun, tool: Pose) -> ManipulationPlan:
    """Return a way out that was not looked at: straight up, then upright with the hand ahead of the chest."""
    side, carries = run.plan.side, run.holding is not None
    joints, up = run.coordinates[:ARM_SIZE], Pose(tool.position + (0.0, 0.0, LIFT), tool.rotation)
    end = ready(side) if carries else hanging(side)
    stages = (
        Stage("raise", joints, run.stance, up, carries=carries),
        Stage("upright", ready(side), Stance(), carries=carries),
        Stage("home" if not carries else "keep", end, Stance(), carries=carries),
    )
    return ManipulationPlan(side, stages, run.plan.held)


def _reference_balance() -> Balancer:
    """Load the reference's balance controller only where nobody brings another."""
    from vla_course.reference.day3_humanoid_balance.balance import BalanceController

    controller: Balancer = BalanceController()
    return controller
