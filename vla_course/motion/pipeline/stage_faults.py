"""A plan of hands under scrutiny, stage by stage, whoever made it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.motion.arms.pose import on_line, pose_error
from vla_course.motion.arms.postures import tucked
from vla_course.motion.hands.plan import Stage
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Hand, posture_fault
from vla_course.motion.pipeline.loads import arm_torques
from vla_course.motion.pipeline.plans import ManipulationSequence
from vla_course.motion.pipeline.situation import RobotSituation
from vla_course.simulation.robot.anatomy import humanoid_joints
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.model import RobotModel

Array = NDArray[np.float64]

EDGE = 0.02
"""m, that the centre of mass of robot and load keeps from the edge of the soles"""
APART = 0.002
"""m, that an arm keeps from everything; where planners look, they keep twice as much"""
LOOKS = 5
"""places of every way that are looked at, its end among them"""
BESIDE = 0.01
"""m or rad, by which the end of a straight way may miss its goal"""
STRONG = 0.8
"""-, how much of a joint's greatest torque may go into holding still"""
NEVER_TAKEN = 0.03
"""m, a hand that closes farther from the middle of a thing than half its size and this takes nothing"""


class StageJudge:
    """Looks at all stages of one plan, each from where the one before ends.

    `reach_of` gives the robot as a chain that reaches, when its centre of mass is so far (2,) m from home.
    """

    def __init__(
        self,
        reach_of: Callable[[Array], StandingReach],
        model: RobotModel,
        solver: ArmSolver,
        situation: RobotSituation,
        planned: ManipulationSequence,
    ) -> None:
        self._reach_of, self._model, self._solver, self._planned = reach_of, model, solver, planned
        self._reach = reach = reach_of(np.zeros(2))
        self._situation = situation
        self._arm, self._other = ArmChain(reach.side), ArmChain("left" if reach.side == "right" else "right")
        self._other.move(tucked(self._other.side))
        self._thing = situation.things[planned.thing]
        self._others = situation.around(planned.thing).things
        joints = humanoid_joints(HumanoidDescription())[ARMS_IN_JOINTS[reach.side]]
        self._efforts = np.array([joint.effort for joint in joints])
        self._names = [joint.name for joint in joints]

    def first_fault(self) -> str:
        """Say which stage is the first that must not be carried out, and why; nothing where all may."""
        arm = ARMS_IN_JOINTS[self._reach.side]
        here = np.append(self._situation.robot.joint_positions[arm], np.zeros(3))
        opening, taken, released = 0.0, False, False
        for stage, room in zip(self._planned.plan.stages, self._planned.compensation, strict=True):
            if stage.opening is not None:
                released = released or (taken and stage.opening > opening)
                opening = stage.opening
            taken = taken or stage.carries
            things = self._others
            if stage.goal is None and not stage.carries:
                things = (*things, self._standing(released))
            self._reach = self._reach_of(room.center_of_mass)
            fault = self._limits(stage)
            if not fault and stage.carries and room.margin < EDGE:
                fault = (
                    f"the weight of robot and load comes {100 * room.margin:.1f} cm to the edge of the soles"
                )
            if not fault:
                try:
                    for _ in self._way(here, stage):
                        fault = fault or self._look(stage, opening, things)
                    here = self._reach.coordinates
                except ValueError as legs:
                    fault = str(legs)
            if not fault and stage.least_opening > 0.0:
                fault = self._grasps()
            if fault:
                return f"stage {stage.name!r}: {fault}"
        return ""

    def _limits(self, stage: Stage) -> str:
        beyond = (stage.joints < self._arm.lower - 1e-6) | (stage.joints > self._arm.upper + 1e-6)
        if beyond.any():
            return f"{self._names[int(np.flatnonzero(beyond)[0])]} is beyond its limit"
        reach, stance = self._reach, stage.stance.array()
        beyond = (stance < reach.lower[ARM_SIZE:] - 1e-6) | (stance > reach.upper[ARM_SIZE:] + 1e-6)
        if beyond.any():
            return f"the {('bow', 'turn', 'height')[int(np.flatnonzero(beyond)[0])]} of the body is beyond its limit"
        return ""

    def _way(self, here: Array, stage: Stage) -> Iterator[Array]:
        """Yield coordinates (10,) on the way to the end of a stage, the robot there. ValueError: there is none."""
        reach, end = self._reach, np.append(stage.joints, stage.stance.array())
        shares = np.linspace(0.0, 1.0, LOOKS + 1)[1:].tolist()
        if stage.goal is None:
            for share in shares:
                between = here + share * (end - here)
                reach.move(between)
                yield between
            return
        reach.move(here)
        begin, start = reach.pose, here
        for share in shares:
            rest = start + share * (end - start)
            with reach.standing(rest[ARM_SIZE:]):
                answer = self._solver.solve(reach, on_line(begin, stage.goal, share), here, rest)
            if not answer.reached:
                raise ValueError("the straight way leads out of the arm's reach")
            here = answer.joints
            yield here
        if np.abs(pose_error(stage.goal, reach.pose)).max() > BESIDE:
            raise ValueError("it does not end where it is to end")

    def _look(self, stage: Stage, opening: float, things: tuple[Graspable, ...]) -> str:
        """Say what is wrong where the robot is now."""
        self._arm.move(self._reach.coordinates[:ARM_SIZE])
        hand = Hand(opening, margin=APART)
        fault = posture_fault(self._reach, self._arm, self._other, self._situation.table, things, hand)
        if fault == "not clear":
            return f"the robot does not keep {1e3 * APART:.0f} mm from what it must not touch"
        if fault:
            return fault
        load = max(self._thing.mass, self._planned.load) if stage.carries else 0.0
        share = np.abs(arm_torques(self._reach, self._model, load)) / self._efforts
        if share.max() > STRONG:
            worst = int(share.argmax())
            return f"{self._names[worst]} needs {100 * share[worst]:.0f} % of its torque to hold still"
        return ""

    def _grasps(self) -> str:
        shape = self._thing.shape
        away = float(np.linalg.norm(self._reach.pose.position - shape.position))
        if away > max(shape.size) / 2.0 + NEVER_TAKEN:
            return f"the fingers close {100 * away:.0f} cm from the middle of the {self._planned.thing}"
        return ""

    def _standing(self, released: bool) -> Graspable:
        """Return the thing where it stands by then."""
        shape, place = self._thing.shape, self._planned.place
        if not released or place is None:
            return shape
        return replace(shape, position=np.array((*place, shape.position[2])))
