"""Quaternions x y z w, as plain tuples for speed, and rotation matrices.

Why not `pybullet.multiplyTransforms` and `invertTransform`: they work in single precision, and so do
the frame poses [4] and [5] of `getLinkState`. At 50 m from the origin that is 4 micrometres, which a
finite difference over a 2 ms step turns into 2 mm/s of noise.
"""

from collections.abc import Sequence
from math import atan2, pi

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


def multiply(a: Sequence[float], b: Sequence[float]) -> Quaternion:
    """Return the rotation b followed by the rotation a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def inverse(q: Sequence[float]) -> Quaternion:
    """Return the inverse of a unit quaternion."""
    x, y, z, w = q
    return -x, -y, -z, w


def rotate(q: Sequence[float], v: Sequence[float]) -> Vector:
    """Return the vector v turned by the unit quaternion q."""
    x, y, z, w = q
    vx, vy, vz = v
    tx, ty, tz = 2 * (y * vz - z * vy), 2 * (z * vx - x * vz), 2 * (x * vy - y * vx)
    return (
        vx + w * tx + y * tz - z * ty,
        vy + w * ty + z * tx - x * tz,
        vz + w * tz + x * ty - y * tx,
    )


def heading_of(q: Sequence[float] | FloatArray) -> float:
    """Return the heading rad of a body turned by the unit quaternion q: where its x axis points, seen from above."""
    x, y, z, w = (float(part) for part in q)
    return atan2(2.0 * (x * y + w * z), 1.0 - 2.0 * (y * y + z * z))


def wrapped(angle: float) -> float:
    """Return `angle` rad as a turn from -pi to pi."""
    return (angle + pi) % (2.0 * pi) - pi


def about_z(angle: float) -> Quaternion:
    """Return the rotation by `angle` rad about the z axis."""
    return 0.0, 0.0, float(np.sin(angle / 2)), float(np.cos(angle / 2))


def from_rpy(rpy: Sequence[float]) -> Quaternion:
    """Return the rotation by fixed-axis roll, pitch and yaw, rad, as URDF means it."""
    (sx, sy, sz), (cx, cy, cz) = np.sin(np.divide(rpy, 2)).tolist(), np.cos(np.divide(rpy, 2)).tolist()
    return multiply((0.0, 0.0, sz, cz), multiply((0.0, sy, 0.0, cy), (sx, 0.0, 0.0, cx)))


def rotation_matrix(quaternion: FloatArray) -> FloatArray:
    """Return the rotation (3, 3) of a unit quaternion (4,)."""
    x, y, z, w = quaternion.tolist()
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
