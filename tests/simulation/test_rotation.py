"""Quaternions against Pinocchio's."""

import numpy as np
import pinocchio as pin
import pytest

from vla_course.simulation.world.rotation import (
    about_z,
    from_rpy,
    heading_of,
    inverse,
    multiply,
    rotate,
    rotation_matrix,
    wrapped,
)


def _random_quaternion(rng):
    quaternion = rng.normal(size=4)
    return quaternion / np.linalg.norm(quaternion)


@pytest.mark.parametrize("seed", range(10))
def test_agrees_with_pinocchio(seed):
    rng = np.random.default_rng(seed)
    a, b, v = _random_quaternion(rng), _random_quaternion(rng), rng.normal(size=3)
    turn_a, turn_b = (pin.Quaternion(q).toRotationMatrix() for q in (a, b))
    np.testing.assert_allclose(rotation_matrix(a), turn_a, atol=1e-12)
    np.testing.assert_allclose(rotate(a, v), turn_a @ v, atol=1e-12)
    np.testing.assert_allclose(rotation_matrix(np.array(multiply(a, b))), turn_a @ turn_b, atol=1e-12)
    np.testing.assert_allclose(multiply(a, inverse(a)), [0, 0, 0, 1], atol=1e-12)


def test_a_quarter_turn_left_takes_forward_to_left():
    np.testing.assert_allclose(rotate(about_z(np.pi / 2), (1.0, 0.0, 0.0)), [0.0, 1.0, 0.0], atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_roll_pitch_and_yaw_mean_what_urdf_means(seed):
    rpy = np.random.default_rng(seed).uniform(-3.0, 3.0, 3)
    np.testing.assert_allclose(rotation_matrix(np.array(from_rpy(rpy))), pin.rpy.rpyToMatrix(rpy), atol=1e-12)


def test_a_heading_is_where_the_nose_points_however_the_body_leans():
    lean = multiply(about_z(2.1), from_rpy((0.0, 0.4, 0.0)))
    assert heading_of(lean) == pytest.approx(2.1)


def test_turns_go_the_short_way_round():
    assert wrapped(3.5) == pytest.approx(3.5 - 2 * np.pi)
    assert wrapped(-3.5) == pytest.approx(2 * np.pi - 3.5)
    assert wrapped(1.0) == pytest.approx(1.0)
