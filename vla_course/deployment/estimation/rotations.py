"""Small rotations: what a filter needs of the rotation group SO(3)."""

from math import atan2, cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SMALL = 1e-4
"""rad, below which the series are exact to rounding"""


def cross_matrix(v: Array) -> Array:
    """Return the matrix (3, 3) with which a vector is multiplied to get v x vector."""
    x, y, z = v.tolist()
    return np.array(((0.0, -z, y), (z, 0.0, -x), (-y, x, 0.0)))


def exponential(turn: Array) -> Array:
    """Return the rotation (3, 3) by the rotation vector `turn` (3,) rad (Rodrigues)."""
    angle, k = _size(turn), cross_matrix(turn)
    if angle < _SMALL:
        return np.eye(3) + k + k @ k / 2.0
    return np.eye(3) + sin(angle) / angle * k + (1.0 - cos(angle)) / angle**2 * (k @ k)


def logarithm(rotation: Array) -> Array:
    """Return the rotation vector (3,) rad of a rotation (3, 3) by less than half a turn."""
    (_, a, b), (c, _, d), (e, f, _) = rotation.tolist()
    twice_sine = np.array((f - d, b - e, c - a))
    size, trace = _size(twice_sine), float(np.trace(rotation))
    if size < _SMALL:
        return twice_sine / 2.0
    turn: Array = twice_sine * (atan2(size, trace - 1.0) / size)
    return turn


def left_jacobian(turn: Array) -> Array:
    """Return the matrix (3, 3) by which a translation grows while the frame turns by `turn` (3,) rad."""
    angle, k = _size(turn), cross_matrix(turn)
    if angle < _SMALL:
        return np.eye(3) + k / 2.0 + k @ k / 6.0
    return np.eye(3) + (1.0 - cos(angle)) / angle**2 * k + (angle - sin(angle)) / angle**3 * (k @ k)


def quaternion_of(rotation: Array) -> Array:
    """Return the unit quaternion (4,) x y z w of a rotation (3, 3), the one with w >= 0 (Shepperd 1978)."""
    r = rotation
    squares = np.array((r[0, 0], r[1, 1], r[2, 2], r[0, 0] + r[1, 1] + r[2, 2]))
    most = int(squares.argmax())
    if most == 3:
        q = np.array((r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], 1.0 + squares[3]))
    else:
        i, j, k = most, (most + 1) % 3, (most + 2) % 3
        q = np.empty(4)
        q[i], q[j], q[k] = 1.0 + r[i, i] - r[j, j] - r[k, k], r[j, i] + r[i, j], r[k, i] + r[i, k]
        q[3] = r[k, j] - r[j, k]
    unit: Array = q / np.sqrt(q @ q)
    return -unit if unit[3] < 0.0 else unit


def level(up: Array, heading: float) -> Array:
    """Return the rotation (3, 3) to the world from a frame in which `up` (3,) points upwards.

    Its x axis looks along `heading` rad. Of `up` only the direction counts.
    """
    upward = up / _size(up)
    ahead = np.array((1.0, 0.0, 0.0)) - upward[0] * upward
    ahead /= _size(ahead)
    flat = np.array((ahead, np.cross(upward, ahead), upward))
    c, s = cos(heading), sin(heading)
    turned: Array = np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))) @ flat
    return turned


def _size(v: Array) -> float:
    return sqrt(float(v @ v))
