"""Pinocchio's view against the physics engine's."""

from dataclasses import replace

import numpy as np
import pinocchio as pin
import pytest

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World


@pytest.fixture(scope="module")
def simulated():
    with World() as world:
        robot = Humanoid(world, mass_scale={"pelvis": 1.1, "right_shank": 0.8})
        yield robot, RobotModel.of(robot)


def _shake(robot, rng):
    client = robot.client
    angles = rng.uniform(robot.joint_limits[:, 0], robot.joint_limits[:, 1])
    count = pybullet.getNumJoints(robot.body, physicsClientId=client)
    joints = [pybullet.getJointInfo(robot.body, k, physicsClientId=client) for k in range(count)]
    index = {info[1].decode(): info[0] for info in joints}
    for name, angle, speed in zip(JOINT_NAMES, angles, rng.normal(size=28), strict=True):
        pybullet.resetJointState(robot.body, index[name], angle, speed, physicsClientId=client)
    turn = rng.normal(size=4)
    place = rng.normal(size=3) + np.array([0.0, 0.0, 5.0])
    pybullet.resetBasePositionAndOrientation(
        robot.body, place, turn / np.linalg.norm(turn), physicsClientId=client
    )
    pybullet.resetBaseVelocity(robot.body, rng.normal(size=3), rng.normal(size=3), physicsClientId=client)


def _generalised(state):
    return np.concatenate([state.base_linear_velocity, state.base_angular_velocity, state.joint_velocities])


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_the_physics_engine_in_random_poses(simulated, seed):
    robot, model = simulated
    _shake(robot, np.random.default_rng(seed))
    state = robot.state()
    model.update(state)
    assert model.mass == pytest.approx(robot.mass, abs=1e-9)
    np.testing.assert_allclose(model.center_of_mass, robot.center_of_mass(), atol=1e-6)
    velocity = _generalised(state)
    for name in ("pelvis", "left_sole", "right_tool", "head_camera"):
        place, _ = robot.link_pose(name)
        np.testing.assert_allclose(model.frame_position(name), place, atol=1e-6)
    link = pybullet.getLinkState(
        robot.body, robot.link_index("left_tool"), 1, 1, physicsClientId=robot.client
    )
    turning = (model.frame_jacobian("left_tool") @ velocity)[3:]
    np.testing.assert_allclose(turning, link[7], atol=1e-5)


def test_the_stacked_jacobian_is_the_single_ones_one_below_the_other(simulated):
    robot, model = simulated
    _shake(robot, np.random.default_rng(3))
    model.update(robot.state())
    single = [model.frame_jacobian("left_sole"), model.frame_jacobian("head"), model.com_jacobian]
    np.testing.assert_allclose(model.stacked_jacobian("left_sole", "head"), np.vstack(single), atol=1e-12)


def _moved(state: RobotState, dt: float) -> RobotState:
    """The state a moment later: base and joints carried on by their velocities."""
    turn = pin.Quaternion(state.base_orientation).toRotationMatrix()
    turned = pin.exp3(state.base_angular_velocity * dt) @ turn
    return replace(
        state,
        base_position=state.base_position + dt * state.base_linear_velocity,
        base_orientation=pin.Quaternion(turned).coeffs(),
        joint_positions=state.joint_positions + dt * state.joint_velocities,
    )


@pytest.mark.parametrize("seed", range(4))
def test_velocities_and_jacobians_are_the_rates_of_positions(simulated, seed):
    robot, model = simulated
    _shake(robot, np.random.default_rng(100 + seed))
    state, dt = robot.state(), 1e-6
    model.update(_moved(state, -dt))
    com, sole = model.center_of_mass, model.frame_position("right_sole")
    model.update(_moved(state, dt))
    com_rate = (model.center_of_mass - com) / (2 * dt)
    sole_rate = (model.frame_position("right_sole") - sole) / (2 * dt)
    model.update(state)
    velocity = _generalised(state)
    np.testing.assert_allclose(model.com_velocity, com_rate, atol=1e-6)
    np.testing.assert_allclose(model.com_jacobian @ velocity, com_rate, atol=1e-6)
    np.testing.assert_allclose((model.frame_jacobian("right_sole") @ velocity)[:3], sole_rate, atol=1e-6)
    momentum = model.angular_momentum_matrix @ velocity
    np.testing.assert_allclose(momentum, model.angular_momentum, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_drift_is_how_velocities_change_while_the_generalised_ones_stay(simulated, seed):
    robot, model = simulated
    _shake(robot, np.random.default_rng(200 + seed))
    state, dt = robot.state(), 1e-6
    frames, velocity = ("left_sole", "right_tool"), _generalised(state)
    rates = []
    for shift in (-dt, dt):
        model.update(_moved(state, shift))
        rates.append(model.stacked_jacobian(*frames) @ velocity)
    model.update(state)
    jacobian = model.stacked_jacobian(*frames)
    np.testing.assert_allclose(model.stacked_drift(*frames), (rates[1] - rates[0]) / (2 * dt), atol=1e-5)
    np.testing.assert_array_equal(model.stacked_jacobian(*frames), jacobian)


def test_agrees_as_well_fifty_metres_away():
    with World() as world:
        robot = Humanoid(world, position=(50.0, -40.0), heading=0.7)
        model = RobotModel.of(robot)
        world.run(0.2)
        model.update(robot.state())
        np.testing.assert_allclose(model.center_of_mass, robot.center_of_mass(), rtol=0, atol=1e-7)
        place, _ = robot.link_pose("left_tool")
        np.testing.assert_allclose(model.frame_position("left_tool"), place, rtol=0, atol=1e-7)


def test_angular_momentum_is_kept_in_free_flight(simulated):
    with World(gravity=0.0) as world:
        robot = Humanoid(world, ground_height=3.0)
        model = RobotModel.of(robot)
        robot.push((0.0, 6.0, 0.0), point=(0.1, 0.0, 4.2))
        world.run(0.12)
        model.update(robot.state())
        before = model.angular_momentum
        target = robot.state().joint_positions
        target[12:19] += 0.4
        robot.command(target, position_gain=0.05)
        world.run(0.2)
        model.update(robot.state())
        assert np.linalg.norm(before) > 1.0
        np.testing.assert_allclose(model.angular_momentum, before, atol=0.02 * np.linalg.norm(before))


def test_motors_of_arms_held_still_carry_their_weight_to_the_sign():
    with World() as world:
        robot = Humanoid(world)
        target = robot.state().joint_positions
        target[15] = target[22] = -1.4
        robot.command(target, position_gain=0.1)
        world.run(1.5)
        state, model = robot.state(), RobotModel.of(robot)
        model.update(state)
        # gravity torque of a joint = weight times how fast the CoM rises as it turns
        gravity = model.mass * world.gravity * model.com_jacobian[2, 6:]
        arms = slice(12, 26)
        assert np.abs(gravity[arms]).max() > 2.0
        np.testing.assert_allclose(state.joint_torques[arms], gravity[arms], atol=0.03)


def test_unknown_frames_and_links_are_named(simulated):
    _, model = simulated
    with pytest.raises(ValueError, match="tail"):
        model.frame_position("tail")
    with pytest.raises(ValueError, match="tail"):
        RobotModel(link_masses={"tail": 1.0})
