"""How the joints must move so that the body moves as asked while both soles keep still.

Stack the three things we insist on, all linear in the generalised velocity
v = [base linear (3), base angular (3), legs (12), arms and head (16)]:

    J_soles v = s      both soles move as told (normally: not at all)      12 rows
    J_com   v = c'     the centre of mass moves as told                     3 rows
    base angular = w   the trunk turns as told                              3 rows

Arms and head follow their own posture and w is given, so 15 unknowns remain for 15 equations:
the base's linear velocity and the twelve leg joints. This is resolved momentum control
(Kajita et al. 2003, "Resolved momentum control", IROS) with the trunk's rotation in the place
of the angular momentum.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_UNKNOWN = np.r_[0:3, 6:18]
_TRUNK = slice(3, 6)
_UPPER = slice(18, 34)


def solve_motion(
    left_sole_jacobian: Array,
    right_sole_jacobian: Array,
    com_jacobian: Array,
    upper_velocity: Array,
    sole_velocity: Array,
) -> tuple[Array, Array]:
    """Return `motion_map` (28, 6) and `posture_velocity` (28,) as `BalanceState` describes them.

    The sole Jacobians are (6, 34), linear rows first; the CoM Jacobian is (3, 34); `upper_velocity`
    (16,) rad/s is what arms and head do; `sole_velocity` (12,) is what the soles do, m/s and rad/s,
    left before right. Raises `numpy.linalg.LinAlgError` where a leg is singular (a straight knee).
    """
    stacked = np.concatenate((left_sole_jacobian, right_sole_jacobian, com_jacobian))
    wanted = np.zeros((15, 7))
    wanted[12:, 0:3] = np.eye(3)
    wanted[:, 3:6] = -stacked[:, _TRUNK]
    wanted[:12, 6] = sole_velocity
    wanted[:, 6] -= stacked[:, _UPPER] @ upper_velocity
    legs = np.linalg.solve(stacked[:, _UNKNOWN], wanted)[3:]
    joints = np.zeros((28, 7))
    joints[:12] = legs
    joints[12:, 6] = upper_velocity
    return joints[:, :6], joints[:, 6]
