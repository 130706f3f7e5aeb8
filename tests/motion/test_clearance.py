"""Legs and trunk in the plans of hands, without a step of physics: they keep off each other, table, and things."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, reference_solver
from vla_course.motion.arms.pose import Pose
from vla_course.motion.arms.postures import ready, tucked
from vla_course.motion.hands.clearance import Leg, leg_balls, legs_apart
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.hands.planner import ReachPlanner
from vla_course.motion.hands.reach import STANCE_LIMITS, StandingReach
from vla_course.motion.hands.scene import tabletop_in
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.motion.hands.ways import Hand, Situation, posture_fault, tucked_arm_balls
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES, SIDES
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

HEIGHT = 0.70


def reach(**joints):
    """A robot that stands with some joints of its legs elsewhere than at home, as a chain that reaches."""
    posture, still = HOME_POSTURE.copy(), np.zeros(28)
    for name, angle in joints.items():
        posture[JOINT_NAMES.index(name)] = angle
    for side in SIDES:
        posture[ARMS_IN_JOINTS[side]] = tucked(side)
    model = RobotModel()
    state = RobotState(
        0.0, np.zeros(3), np.array((0, 0, 0, 1.0)), still[:3], still[:3], posture, still, still, np.ones(2)
    )
    model.update(state)
    soles = np.array([model.frame_position(f"{side}_sole") for side in SIDES])
    state = replace(state, base_position=-soles.mean(axis=0))
    return StandingReach("right", state, model, np.array((0.03, 0.0)), HEIGHT, 0.0)


def fault(robot, stance=(0.0, 0.0, 0.0), table=None, things=()):
    arm = ArmChain("right")
    arm.move(tucked("right"))
    robot.move(np.append(tucked("right"), stance))
    return posture_fault(robot, arm, tucked_arm_balls("right"), table, things, Hand())


def test_legs_are_as_far_apart_as_the_engine_has_them():
    with World() as world:
        humanoid, model, rng = Humanoid(world), RobotModel(), np.random.default_rng(0)
        met = 0
        for _ in range(60):
            angles = np.clip(HOME_POSTURE[:12] + rng.uniform(-0.4, 0.4, 12), *humanoid.joint_limits[:12].T)
            for joint, angle in zip(humanoid._body.joints, angles.tolist(), strict=False):
                pybullet.resetJointState(humanoid.body, joint, angle, physicsClientId=world.client)
            model.update(humanoid.state())
            left, right = (
                Leg(
                    *(model.frame_position(f"{side}_{link}") for link in ("thigh", "shank", "ankle_link")),
                    *model.frame_pose(f"{side}_sole"),
                )
                for side in SIDES
            )
            true = min(
                contact[8]
                for a in ("thigh", "shank")
                for b in ("thigh", "shank")
                for contact in pybullet.getClosestPoints(
                    humanoid.body,
                    humanoid.body,
                    1.0,
                    humanoid.link_index(f"left_{a}"),
                    humanoid.link_index(f"right_{b}"),
                    physicsClientId=world.client,
                )
            )
            # Without the feet, which the engine's number leaves out too.
            (ours, thick), (theirs, thicker) = leg_balls(left), leg_balls(right)
            bare = np.linalg.norm(ours[:-3, None] - theirs[:-3], axis=2) - thick[:-3, None] - thicker[:-3]
            assert bare.min() == pytest.approx(true, abs=0.015)
            assert legs_apart((ours, thick), (theirs, thicker)) <= bare.min() + 1e-12
            met += true < 0.0
        assert met > 5


def test_no_stance_on_feet_below_the_hips_is_given_up():
    robot = reach()
    low, high = (limit.array() for limit in STANCE_LIMITS)
    for bow in (low[0], 0.0, 0.4, high[0]):
        for turn in (low[1], 0.0, high[1]):
            for height in (-0.13, 0.0, 0.03):
                assert fault(robot, (bow, turn, height)) == ""


def test_a_stance_in_which_the_legs_meet_has_no_plan():
    crossed = reach(left_hip_roll=-0.12, left_ankle_roll=0.12, right_hip_roll=0.12, right_ankle_roll=-0.12)
    assert fault(crossed) == "the legs meet"
    solver = reference_solver()(InverseKinematicsConfig())
    chain = ArmChain("right")
    chain.move(ready("right"))
    crossed.move(np.append(ready("right"), np.zeros(3)))
    target = Pose(crossed.pose.position, crossed.pose.rotation)
    with pytest.raises(NoPlan, match="the legs meet"):
        ReachPlanner(crossed, Situation(), solver).reach(target)


def test_a_stance_at_the_limits_of_the_legs_has_no_plan():
    turned = reach(left_hip_yaw=-0.6, right_hip_yaw=-0.6)
    assert fault(turned) == ""
    assert fault(turned, (0.0, 0.45, 0.0)) == "the legs are at their limits"


def test_a_bottle_beneath_the_chest_is_not_bowed_into():
    robot, bottle = reach(), Graspable("cylinder", (0.06, 0.06, 0.19), np.array((0.24, 0.0, 0.85)))
    assert fault(robot, things=(bottle,)) == ""
    assert fault(robot, (0.7, 0.0, 0.0), things=(bottle,)) == "not clear"


def test_knees_and_feet_keep_off_the_legs_of_a_table():
    with World(3) as world:
        table = tabletop_in(Scene.build(world, Scene.sample(np.random.default_rng(3), person=False)))
        assert len(table.legs) == 4
        robot, shin = reach(), replace(table.legs[0], position=np.array((0.13, 0.09, 0.36)))
        free, blocked = replace(table, legs=()), replace(table, legs=(shin,))
        assert fault(robot, table=free) == ""
        assert fault(robot, table=blocked) == "not clear"
        world.step()  # or rays do not see what is new
        for leg in table.legs:  # they stand where the engine has them
            x, y, z = leg.position.tolist()
            below = pybullet.rayTest((x - 0.1, y, z), (x + 0.1, y, z), physicsClientId=world.client)[0]
            assert below[3][0] == pytest.approx(x - leg.size[0] / 2.0, abs=1e-3)


def test_a_slab_at_the_height_of_the_thighs_is_not_clear():
    robot = reach()
    assert fault(robot, table=Tabletop(np.array((0.45, 0.0, 0.75)), (0.5, 1.1))) == ""
    assert fault(robot, table=Tabletop(np.array((0.30, 0.0, 0.60)), (0.5, 1.1))) == "not clear"
