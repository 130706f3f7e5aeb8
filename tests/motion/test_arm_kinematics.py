"""Arms as chains: poses, Jacobians, inverse kinematics, and the whole standing body as a chain of ten."""

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.motion.arms.ik_config import InverseKinematicsConfig
from vla_course.motion.arms.pose import Pose, on_line, pose_error, rotation_about, rotation_vector
from vla_course.motion.arms.postures import hanging, ready, tucked
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.standing.body import StandingBody
from vla_course.reference.day3_humanoid_balance.arm_ik import InverseKinematicsSolver
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

SIDES = ("left", "right")


@pytest.fixture(scope="module")
def standing():
    """A body that stands still, looking somewhere, and a model to plan with."""
    with World() as world:
        humanoid = Humanoid(world, position=(3.0, -2.0), heading=0.7)
        yield humanoid, StandingBody(humanoid, RobotModel.of(humanoid))


def reach_of(standing, side="right"):
    humanoid, body = standing
    balance = body.balance
    home = balance.support_polygon.mean(axis=0)
    model = RobotModel.of(humanoid)
    return StandingReach(side, body.state, model, home, float(balance.center_of_mass[2]), 0.7)


@given(st.integers(0, 10_000), st.floats(0.0, np.pi))
@settings(max_examples=60, deadline=None)
def test_rotations_agree_with_pinocchio(seed, angle):
    axis = np.random.default_rng(seed).normal(size=3)
    vector = angle * axis / np.linalg.norm(axis)
    rotation = pin.exp3(vector)
    np.testing.assert_allclose(rotation_about(vector), rotation, atol=1e-12)
    np.testing.assert_allclose(rotation_about(rotation_vector(rotation)), rotation, atol=3e-6)


def test_a_straight_way_begins_and_ends_where_it_should_and_turns_evenly():
    start = Pose(np.zeros(3), np.eye(3))
    goal = Pose(np.ones(3), rotation_about(np.array([0.0, 1.2, 0.0])))
    for share in (0.0, 0.25, 1.0):
        pose = on_line(start, goal, share)
        np.testing.assert_allclose(pose.position, share * goal.position, atol=1e-12)
        np.testing.assert_allclose(rotation_vector(pose.rotation), [0.0, 1.2 * share, 0.0], atol=1e-12)


def test_a_pose_refuses_what_is_none():
    with pytest.raises(ValueError, match="shapes"):
        Pose(np.zeros(2), np.eye(3))
    with pytest.raises(ValueError, match="finite"):
        Pose(np.full(3, np.nan), np.eye(3))


@pytest.mark.parametrize("side", SIDES)
def test_an_arm_is_where_the_whole_robot_has_it(standing, side):
    humanoid, body = standing
    state = body.state
    chain, model = ArmChain(side), RobotModel.of(humanoid)
    rng = np.random.default_rng(1)
    state.joint_positions[ARMS_IN_JOINTS[side]] = rng.uniform(chain.lower, chain.upper)
    model.update(state)
    chain.move(state.joint_positions[ARMS_IN_JOINTS[side]])
    base = Pose(state.base_position, model.frame_rotation("pelvis"))
    tool = Pose(model.frame_position(f"{side}_tool"), model.frame_rotation(f"{side}_tool"))
    assert np.abs(pose_error(tool, base @ chain.pose)).max() < 1e-9
    whole = model.frame_jacobian(f"{side}_tool")[:, 6:][:, ARMS_IN_JOINTS[side]]
    np.testing.assert_allclose(base.rotation @ chain.jacobian[:3], whole[:3], atol=1e-9)
    np.testing.assert_allclose(chain.lower, humanoid.joint_limits[ARMS_IN_JOINTS[side], 0])


def test_postures_mirror():
    for posture in (hanging, tucked, ready):
        left, right = ArmChain("left"), ArmChain("right")
        left.move(posture("left"))
        right.move(posture("right"))
        np.testing.assert_allclose(left.pose.position * (1, -1, 1), right.pose.position, atol=1e-9)


def test_reachable_targets_are_reached_within_the_limits():
    chain, solver, rng = ArmChain("left"), InverseKinematicsSolver(), np.random.default_rng(2)
    for _ in range(60):
        chain.move(rng.uniform(chain.lower, chain.upper))
        target = chain.pose
        answer = solver.solve(chain, target, ready("left"), restarts=30)
        assert answer.reached
        assert np.all((answer.joints >= chain.lower) & (answer.joints <= chain.upper))
        chain.move(answer.joints)
        error = pose_error(target, chain.pose)
        assert np.linalg.norm(error[:3]) < 1e-3
        assert np.linalg.norm(error[3:]) < np.radians(0.5)


def test_what_cannot_be_reached_is_said_to_be_so():
    chain = ArmChain("left")
    answer = InverseKinematicsSolver(InverseKinematicsConfig(rounds=10)).solve(
        chain, Pose(np.array([2.0, 0.0, 0.0]), np.eye(3)), ready("left")
    )
    assert not answer.reached
    assert answer.position_error > 0.5


def test_ten_coordinates_move_the_tool_as_their_jacobian_says_and_feet_and_balance_stay(standing):
    reach = reach_of(standing)
    humanoid, _ = standing
    middle = np.array([-0.5, -0.3, 0.2, -1.2, 0.1, 0.2, 0.3, 0.3, 0.2, -0.05])
    reach.move(middle)
    pose, jacobian = reach.pose, reach.jacobian.copy()
    for k in range(10):
        step = np.zeros(10)
        step[k] = 1e-3
        reach.move(middle + step)
        np.testing.assert_allclose(pose_error(reach.pose, pose), 1e-3 * jacobian[:, k], atol=5e-6)
    reach.move(middle)
    joints = reach.joints()
    assert np.all((joints >= humanoid.joint_limits[:, 0]) & (joints <= humanoid.joint_limits[:, 1]))


def test_where_the_arm_goes_the_pelvis_makes_room_for_it(standing):
    reach = reach_of(standing)
    ahead = np.array([np.cos(0.7), np.sin(0.7)])
    reach.move(np.append(tucked("right"), np.zeros(3)))
    before = reach.base_pose().position[:2] @ ahead
    reach.move(np.array([-1.4, 0.0, 0.0, -0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]))
    assert reach.base_pose().position[:2] @ ahead < before - 0.02


def test_a_stance_beyond_the_legs_is_refused(standing):
    with pytest.raises(ValueError, match="legs"):
        reach_of(standing).move(np.append(tucked("right"), [0.0, 0.0, 0.3]))
