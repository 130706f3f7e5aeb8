"""Spawning, sensing and moving the robot."""

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

G = 9.81


@pytest.fixture
def world():
    with World() as world:
        yield world


@pytest.mark.parametrize(("position", "heading"), [((0.0, 0.0), 0.0), ((50.0, -30.0), 2.0)])
def test_spawns_with_soles_on_the_ground_and_com_over_their_middle(world, position, heading):
    robot = Humanoid(world, position=position, heading=heading)
    soles = [robot.link_pose(f"{side}_sole") for side in ("left", "right")]
    for place, _ in soles:
        assert abs(place[2]) < 1e-6
    forward = np.array([np.cos(heading), np.sin(heading)])
    ankle = np.mean([place for place, _ in soles], axis=0)
    description = robot.description
    ahead_of_heel = (robot.center_of_mass() - ankle)[:2] @ forward
    ahead_of_heel += description.ankle_from_heel * description.foot_length
    assert 0.47 < ahead_of_heel / description.foot_length < 0.53
    assert 0.70 < robot.center_of_mass()[2] < 0.75


def test_stands_still_and_the_soles_carry_the_weight(world):
    robot = Humanoid(world)
    world.run(1.0)
    assert not robot.has_fallen()
    loads = []
    for _ in range(100):
        world.step()
        loads.append(sum(sole.force for sole in robot.sole_contacts()))
    assert np.mean(loads) == pytest.approx(robot.mass * G, rel=2e-3)
    assert np.linalg.norm(robot.state().base_position[:2]) < 2e-3


def _momentum(robot, model):
    model.update(robot.state())
    return model.com_velocity * model.mass


def test_push_in_free_fall_is_all_the_momentum_there_is(world):
    robot = Humanoid(world, ground_height=2.0)
    model = RobotModel.of(robot)
    before = _momentum(robot, model)
    robot.push((5.0, -7.0, 2.0), duration=0.05)
    world.run(0.1)
    expected = np.array([5.0, -7.0, 2.0 - robot.mass * G * 0.1])
    np.testing.assert_allclose(_momentum(robot, model) - before, expected, atol=1e-3)


def test_base_velocity_is_the_rate_of_the_base_position(world):
    robot = Humanoid(world)
    robot.push((20.0, 10.0, 0.0))
    world.run(0.3)
    before = robot.state()
    world.step()
    after = robot.state()
    # semi-implicit Euler: the position moves with the velocity at the end of the step
    rate = (after.base_position - before.base_position) / world.timestep
    np.testing.assert_allclose(after.base_linear_velocity, rate, atol=2e-3)


def test_joints_follow_a_moving_target(world):
    robot = Humanoid(world)
    errors = []
    for _ in range(500):
        target, speed = HOME_POSTURE.copy(), np.zeros(28)
        target[26] += 0.3 * np.sin(6.0 * world.time)
        speed[26] = 1.8 * np.cos(6.0 * world.time)
        robot.command(target, speed)
        world.step()
        errors.append(robot.state().joint_positions[26] - 0.3 * np.sin(6.0 * world.time))
    assert np.abs(errors[100:]).max() < 1e-3


def test_driven_torques_are_cut_to_the_efforts_reported_and_restored(world):
    robot = Humanoid(world, ground_height=1.0)
    torques = np.zeros(28)
    torques[26], torques[0] = 0.02, 1e6
    robot.drive(torques)
    world.step()
    state = robot.state()
    assert state.joint_torques[0] == robot.joint_efforts[0]
    assert state.joint_torques[26] == 0.02
    assert state.joint_velocities[26] > 0.0
    robot.drive(torques * 1e-3)
    snapshot = world.save()
    world.run(0.1)
    expected = robot.state().joint_positions
    robot.command(HOME_POSTURE)
    world.restore(snapshot)
    world.run(0.1)
    np.testing.assert_array_equal(robot.state().joint_positions, expected)


def test_has_fallen_after_a_shove_and_not_before(world):
    robot = Humanoid(world)
    world.run(0.2)
    assert not robot.has_fallen()
    robot.push((60.0, 0.0, 0.0))
    world.run(2.0)
    assert robot.has_fallen()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda robot: robot.command(np.zeros(27)), r"positions has shape \(27,\)"),
        (lambda robot: robot.command(np.full(28, np.nan)), "left_hip_yaw"),
        (lambda robot: robot.grip(1.2, 0.0), "left opening is 1.2"),
        (lambda robot: robot.push((1.0, 0.0)), "impulse"),
        (lambda robot: robot.push((1.0, 0.0, 0.0), duration=0.0), "duration"),
        (lambda robot: robot.link_pose("tail"), "tail"),
        (lambda robot: Humanoid(robot.world, mass_scale={"tail": 2.0}), "tail"),
    ],
)
def test_mistakes_are_named(world, call, message):
    with pytest.raises(ValueError, match=message):
        call(Humanoid(world))
