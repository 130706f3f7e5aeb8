"""Quaternions against Pinocchio's."""

import numpy as np
import pinocchio as pin
import pytest

from vla_course.simulation.rotation import about_z, inverse, multiply, rotate, rotation_matrix


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
