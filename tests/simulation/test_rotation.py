"""Quaternion to matrix."""

import numpy as np
import pinocchio as pin

from vla_course.simulation.rotation import rotation_matrix


def test_agrees_with_pinocchio():
    rng = np.random.default_rng(0)
    for _ in range(20):
        quaternion = rng.normal(size=4)
        quaternion /= np.linalg.norm(quaternion)
        expected = pin.Quaternion(quaternion).toRotationMatrix()
        np.testing.assert_allclose(rotation_matrix(quaternion), expected, atol=1e-12)
