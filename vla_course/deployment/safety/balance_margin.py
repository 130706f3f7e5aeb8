"""How near a robot that stands is to falling: the distance of its DCM from the edge of its soles."""

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.motion.planning.step_safety import OMEGA
from vla_course.motion.standing.balance_state import BalanceState

Array = NDArray[np.float64]


def dcm_margin(balance: BalanceState) -> float:
    """Return how far m the DCM is inside of the support polygon; negative outside.

    The divergent component of motion is c + c' / omega (Takenaka et al. 2009): where a robot would have to put its
    weight to come to rest. While it is inside, standing still is enough.
    """
    dcm = balance.center_of_mass[:2] + balance.com_velocity[:2] / OMEGA
    corners = balance.support_polygon
    sides = np.roll(corners, -1, axis=0) - corners
    inward = np.stack((-sides[:, 1], sides[:, 0]), axis=1) / np.maximum(np.hypot(*sides.T), 1e-9)[:, None]
    return float(((dcm - corners) * inward).sum(axis=1).min())


def pace_for(margin: float, limits: SafetyLimits) -> float:
    """Return the fraction, 0 to 1, of their speed at which arms and trunk may go on with so much `margin` m."""
    room = (margin - limits.margin_to_hold) / max(limits.margin_to_slow - limits.margin_to_hold, 1e-9)
    return min(1.0, max(0.0, room))
