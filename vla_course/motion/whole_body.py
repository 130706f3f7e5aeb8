"""The whole body as one machine: how joints must move for the body to move, and the torques for it.

**Motion.** Everything we insist on is linear in the generalised velocity
v = [base linear (3), base angular (3), legs (12), arms and head (16)]:

    J_soles v = s      both soles move as told (normally: not at all)      12 rows
    J_com   v = c'     the centre of mass moves as told                     3 rows
    base angular = w   the trunk turns as told                              3 rows

Arms and head follow their own posture and w is given, so 15 unknowns remain for 15 equations: the
base's linear velocity and the twelve leg joints. This is resolved momentum control (Kajita et al.
2003, "Resolved momentum control", IROS) with the trunk's rotation in place of the angular momentum.

**Torque.** Targets one tick ahead imply accelerations; with the equations of motion

    M v' + h = S^T tau + J_L^T f_L + J_R^T f_R

the six rows without motors say what the ground must give in sum, and that sum is shared between the
soles by how near the zero moment point is to each; the other rows are the motor torques (computed
torque control, e.g. Siciliano et al. 2009, section 8.5.2). A servo that knows the robot's weight
needs no stiffness to carry it: pushed, it yields.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgesv

Array = NDArray[np.float64]

_BASE = slice(0, 6)
_TRUNK = slice(3, 6)
_UPPER = slice(18, 34)
_UNKNOWN = np.r_[0:3, 6:18]
_UNIT = np.eye(3)


def solve_motion(
    jacobian: Array, sole_velocity: Array, upper_velocity: Array, com_drift: Array | None = None
) -> tuple[Array, Array]:
    """Return `motion_map` (28, 6) and `posture_velocity` (28,) as `BalanceState` describes them.

    `jacobian` (15, 34) holds left sole, right sole (linear rows first) and centre of mass;
    `sole_velocity` (12,) m/s and rad/s is what the soles do, `upper_velocity` (16,) rad/s what arms
    and head do. Raises ValueError where a leg is singular (a straight knee).
    """
    wanted = np.zeros((15, 7))
    wanted[12:, 0:3] = _UNIT
    wanted[:, 3:6] = -jacobian[:, _TRUNK]
    wanted[:12, 6] = sole_velocity
    wanted[:, 6] -= jacobian[:, _UPPER] @ upper_velocity
    if com_drift is not None:
        wanted[12:, 6] -= com_drift
    _, _, solution, singular = dgesv(jacobian.take(_UNKNOWN, axis=1), wanted)
    if singular:
        raise ValueError("a leg is stretched out: expected bent knees, no joint motion moves the body now")
    joints = np.zeros((28, 7))
    joints[:12] = solution[3:]
    joints[12:, 6] = upper_velocity
    return joints[:, :6], joints[:, 6]


def base_velocity(sole_jacobians: Array, sole_velocity: Array, joint_velocity: Array) -> Array:
    """Return the base velocity (6,) with which joints at `joint_velocity` (28,) move the soles as told.

    Least squares where the two legs disagree. Shapes and units as in `solve_motion`.
    """
    wanted = sole_velocity - sole_jacobians[:, 6:] @ joint_velocity
    base = sole_jacobians[:, _BASE]
    velocity: Array = dgesv(base.T @ base, base.T @ wanted)[2]
    return velocity


def ground_zmp(force: Array, base: Array, height: float) -> tuple[float, float]:
    """Return the zero moment point x, y m at `height` m of the generalised `force` M v' + h (34,).

    `base` (3,) m is where the base rows of `force` act (the pelvis frame). Only for force[2] > 0.
    """
    fx, fy, fz, nx, ny, _ = force[:6].tolist()
    bx, by, bz = base.tolist()
    bz -= height
    return bx + (fx * -bz - ny) / fz, by + (fy * -bz + nx) / fz


def ground_spin(force: Array, base: Array, height: float) -> float:
    """Return the moment N m about the vertical that `force` asks of the ground at its zero moment point.

    Arguments as in `ground_zmp`.
    """
    fx, fy, _, _, _, nz = force[:6].tolist()
    bx, by, _ = base.tolist()
    zx, zy = ground_zmp(force, base, height)
    spin: float = nz + (bx - zx) * fy - (by - zy) * fx
    return spin


def joint_torques(
    force: Array,
    base: Array,
    soles: Array,
    sole_jacobians: Array,
    right_share: float | None = None,
    loads: Array | None = None,
) -> Array:
    """Return the motor torques (28,) N m for the generalised `force` M v' + h.

    Where the ground would have to pull, it gives nothing.

    Args:
        force: (34,) N and N m.
        base: (3,) m, where the base rows of `force` act (the pelvis frame).
        soles: (2, 3) m, the soles' origins, left before right.
        sole_jacobians: (12, 34), left before right, linear rows first.
        right_share: how much of the load goes to the right sole, 0 to 1; by default what the zero moment point says.
        loads: (2, 2) m, where from its origin each sole gets its part; by default both get it equally far from
            their origins, where the zero moment point asks for it.
    """
    fx, fy, fz = force[:3].tolist()
    if fz <= 0.0:
        return force[6:]
    (ax, ay, az), (cx, cy, cz) = soles.tolist()
    dx, dy, dz = cx - ax, cy - ay, cz - az
    share = 0.5 if right_share is None else right_share
    for _ in range(2):
        # The ZMP at the height of the point of load, which lies between the soles.
        zx, zy = ground_zmp(force, base, az + share * dz)
        if right_share is None:
            share = min(1.0, max(0.0, ((zx - ax) * dx + (zy - ay) * dy) / (dx * dx + dy * dy)))
    # The rest of the moment turns about the vertical through the ZMP.
    spin = ground_spin(force, base, az + share * dz)
    if loads is None:
        loads = np.tile((zx - ax - share * dx, zy - ay - share * dy), (2, 1))
    wrenches = [
        part * np.array([fx, fy, fz, ly * fz, -lx * fz, lx * fy - ly * fx + spin])
        for part, (lx, ly) in zip((1.0 - share, share), loads.tolist(), strict=True)
    ]
    return force[6:] - np.concatenate(wrenches) @ sole_jacobians[:, 6:]
