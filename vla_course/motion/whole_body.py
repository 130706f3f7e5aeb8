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

Array = NDArray[np.float64]

_BASE = slice(0, 6)
_TRUNK = slice(3, 6)
_UPPER = slice(18, 34)
_UNKNOWN = np.r_[0:3, 6:18]


def solve_motion(
    sole_jacobians: Array, com_jacobian: Array, sole_velocity: Array, upper_velocity: Array
) -> tuple[Array, Array]:
    """Return `motion_map` (28, 6) and `posture_velocity` (28,) as `BalanceState` describes them.

    `sole_jacobians` (12, 34), left above right, linear rows first; `com_jacobian` (3, 34);
    `sole_velocity` (12,) m/s and rad/s is what the soles do, `upper_velocity` (16,) rad/s what arms
    and head do. Raises `numpy.linalg.LinAlgError` where a leg is singular (a straight knee).
    """
    stacked = np.concatenate((sole_jacobians, com_jacobian))
    wanted = np.zeros((15, 7))
    wanted[12:, 0:3] = np.eye(3)
    wanted[:, 3:6] = -stacked[:, _TRUNK]
    wanted[:12, 6] = sole_velocity
    wanted[:, 6] -= stacked[:, _UPPER] @ upper_velocity
    joints = np.zeros((28, 7))
    joints[:12] = np.linalg.solve(stacked[:, _UNKNOWN], wanted)[3:]
    joints[12:, 6] = upper_velocity
    return joints[:, :6], joints[:, 6]


def base_velocity(sole_jacobians: Array, sole_velocity: Array, joint_velocity: Array) -> Array:
    """Return the base velocity (6,) with which joints at `joint_velocity` (28,) move the soles as told.

    Least squares where the two legs disagree. Shapes and units as in `solve_motion`.
    """
    wanted = sole_velocity - sole_jacobians[:, 6:] @ joint_velocity
    base = sole_jacobians[:, _BASE]
    return np.linalg.solve(base.T @ base, base.T @ wanted)


def joint_torques(force: Array, base: Array, soles: Array, sole_jacobians: Array) -> Array:
    """Return the motor torques (28,) N m for the generalised `force` M v' + h (34,).

    `base` (3,) m is where the base rows of `force` act (the pelvis frame), `soles` (2, 3) m are the
    soles' origins, left before right. Where the ground would have to pull, it gives nothing.
    """
    push, moment = force[:3], force[3:6] + np.cross(base, force[:3])
    if push[2] <= 0.0:
        return force[6:]
    level = soles[:, 2].mean()
    # Moments about the point (0, 0, level) of the plane of the soles.
    moment = moment - np.cross([0.0, 0.0, level], push)
    zmp = np.array([-moment[1], moment[0]]) / push[2]
    spin = moment[2] - (zmp[0] * push[1] - zmp[1] * push[0])
    across = soles[1, :2] - soles[0, :2]
    share = float(np.clip((zmp - soles[0, :2]) @ across / (across @ across), 0.0, 1.0))
    lever = np.append(zmp - soles[0, :2] - share * across, 0.0)
    wrench = np.concatenate((push, np.cross(lever, push) + [0.0, 0.0, spin]))
    shared = np.concatenate(((1.0 - share) * wrench, share * wrench))
    return force[6:] - sole_jacobians[:, 6:].T @ shared
