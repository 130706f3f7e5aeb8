"""Quaternions x y z w and rotation matrices."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def rotation_matrix(quaternion: FloatArray) -> FloatArray:
    """Return the rotation (3, 3) of a unit quaternion (4,) x y z w."""
    x, y, z, w = quaternion.tolist()
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
