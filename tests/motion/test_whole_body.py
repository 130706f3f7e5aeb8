"""The map from body motion to joints, and the torques that go with it, against Pinocchio and statics."""

import numpy as np
import pytest

from vla_course.motion.whole_body import base_velocity, joint_torques, solve_motion
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

SOLES = ("left_sole", "right_sole")


@pytest.fixture(scope="module")
def model() -> RobotModel:
    with World() as world:
        humanoid = Humanoid(world)
        made = RobotModel.of(humanoid)
        made.update(humanoid.state())
    return made


def test_joints_move_body_as_asked_and_leave_soles_still(model):
    rng = np.random.default_rng(1)
    jacobian = model.stacked_jacobian(*SOLES)
    motion_map, posture = solve_motion(jacobian, np.zeros(12), np.zeros(16))
    asked = rng.normal(size=6)
    joints = motion_map @ asked + posture
    base = base_velocity(jacobian[:12], np.zeros(12), joints)
    velocity = np.concatenate((base, joints))

    np.testing.assert_allclose(jacobian[:12] @ velocity, 0.0, atol=1e-9)
    np.testing.assert_allclose(model.com_jacobian @ velocity, asked[:3], atol=1e-9)
    np.testing.assert_allclose(base[3:], asked[3:], atol=1e-9)


def test_posture_velocity_moves_arms_but_neither_com_nor_soles(model):
    rng = np.random.default_rng(2)
    jacobian = model.stacked_jacobian(*SOLES)
    upper = rng.normal(size=16)
    _, posture = solve_motion(jacobian, np.zeros(12), upper)
    velocity = np.concatenate((base_velocity(jacobian[:12], np.zeros(12), posture), posture))

    np.testing.assert_allclose(posture[12:], upper)
    np.testing.assert_allclose(model.com_jacobian @ velocity, 0.0, atol=1e-9)
    np.testing.assert_allclose(jacobian[:12] @ velocity, 0.0, atol=1e-9)


def test_stretched_knees_are_refused_in_words():
    with World() as world:
        humanoid = Humanoid(world)
        state = humanoid.state()
        straight = RobotModel.of(humanoid)
        posture = HOME_POSTURE.copy()
        posture[[2, 3, 4, 8, 9, 10]] = 0.0
        state.joint_positions[:] = posture
        straight.update(state)
    jacobian = straight.stacked_jacobian(*SOLES)
    jacobian[:, 2] = 0.0  # what a leg that cannot push up any more looks like
    with pytest.raises(ValueError, match="expected bent knees"):
        solve_motion(jacobian, np.zeros(12), np.zeros(16))


def test_torques_and_shared_ground_forces_balance_gravity(model):
    """Principle of virtual work: for any motion that keeps the soles still, torques lift what gravity pulls."""
    jacobian = model.stacked_jacobian(*SOLES)
    force = model.generalized_force(np.zeros(34))
    soles = np.array([model.frame_position(sole) for sole in SOLES])
    torques = joint_torques(force, model.frame_position("pelvis"), soles, jacobian[:12])
    motion_map, _ = solve_motion(jacobian, np.zeros(12), np.zeros(16))
    for direction in np.eye(6):
        joints = motion_map @ direction
        velocity = np.concatenate((base_velocity(jacobian[:12], np.zeros(12), joints), joints))
        assert torques @ joints == pytest.approx(force @ velocity, abs=1e-6)


def test_ground_never_pulls(model):
    force = np.ones(34)
    force[2] = -5.0
    torques = joint_torques(
        force, np.zeros(3), np.array([[0.0, 0.1, 0.0], [0.0, -0.1, 0.0]]), np.ones((12, 34))
    )
    np.testing.assert_array_equal(torques, force[6:])
