"""Poses: where a frame is and how it is turned, how far it is from another, and the straight way between them."""

from dataclasses import dataclass
from math import acos, atan2, cos, isfinite, sin, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where a frame is: `position` (3,) m and `rotation` (3, 3), whose columns are the frame's axes.

    Raises:
        ValueError: wrong shapes, or a number that is not finite.
    """

    position: Array
    rotation: Array

    def __post_init__(self) -> None:
        if np.shape(self.position) != (3,) or np.shape(self.rotation) != (3, 3):
            shapes = np.shape(self.position), np.shape(self.rotation)
            raise ValueError(f"Pose has shapes {shapes}, expected (3,) and (3, 3)")
        if not all(map(isfinite, (*np.ravel(self.position).tolist(), *np.ravel(self.rotation).tolist()))):
            raise ValueError("Pose holds a number that is not finite")

    def __matmul__(self, inner: "Pose") -> "Pose":
        """Return a pose given in this frame, `inner`, in the frame in which this one is given."""
        return Pose(self.position + self.rotation @ inner.position, self.rotation @ inner.rotation)

    def inverse(self) -> "Pose":
        """Return the outer frame as this one sees it."""
        back = self.rotation.T
        return Pose(-back @ self.position, back)


def pose_error(target: Pose, actual: Pose) -> Array:
    """Return what leads from `actual` to `target` (6,): a way in m, then a rotation vector in rad."""
    error = np.empty(6)
    np.subtract(target.position, actual.position, out=error[:3])
    error[3:] = rotation_vector(target.rotation @ actual.rotation.T)
    return error


def on_line(start: Pose, goal: Pose, share: float) -> Pose:
    """Return the pose at `share` (0 to 1) of the straight way from `start` to `goal`, turning evenly about one axis."""
    turn = rotation_about(share * rotation_vector(goal.rotation @ start.rotation.T))
    return Pose(start.position + share * (goal.position - start.position), turn @ start.rotation)


def rotation_vector(rotation: Array) -> Array:
    """Return axis times angle (3,) rad, the angle in [0, pi], of a rotation matrix (3, 3)."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = rotation.tolist()
    x, y, z = (zy - yz) / 2.0, (xz - zx) / 2.0, (yx - xy) / 2.0
    sine, cosine = sqrt(x * x + y * y + z * z), (xx + yy + zz - 1.0) / 2.0
    if sine > 1e-6:
        scale = atan2(sine, cosine) / sine
        return np.array((scale * x, scale * y, scale * z))
    if cosine > 0.0:
        return np.array((x, y, z))
    # Half a turn: R = 2 a a^T - I, and the largest column of R + I points along the axis a.
    doubled = rotation + np.eye(3)
    column: Array = doubled[:, int(np.argmax(np.diag(doubled)))]
    return acos(max(-1.0, cosine)) * column / sqrt(column @ column)


def rotation_about(vector: Array) -> Array:
    """Return the rotation matrix (3, 3) about `vector` (3,) by its length in rad (Rodrigues)."""
    x, y, z = vector.tolist()
    angle = sqrt(x * x + y * y + z * z)
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = x / angle, y / angle, z / angle
    c, s = cos(angle), sin(angle)
    d = 1.0 - c
    return np.array(
        (
            (c + d * x * x, d * x * y - s * z, d * x * z + s * y),
            (d * x * y + s * z, c + d * y * y, d * y * z - s * x),
            (d * x * z - s * y, d * y * z + s * x, c + d * z * z),
        )
    )
