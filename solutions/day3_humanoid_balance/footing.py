"""Where a sole may stand: all of it on firm, even ground, and nothing in its way."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.ground.footing import FootingLimits, SoleGround

Array = NDArray[np.float64]


@exercise("3.20")
def rate_footing(ground: SoleGround, limits: FootingLimits) -> Array:
    """Return what standing costs (n,) at each of the n places of `ground`, inf where a sole must not stand.

    Through the heights h (m,) under a sole goes the plane a + b x + c y that is nearest to them in the sense
    of least squares; x, y are the sole's `ground.points` (m, 2). Its slope is arctan(hypot(b, c)), and the gap
    is the greatest |h - (a + b x + c y)|. A sole may stand where, under all of it,

    - height and roughness are known (not nan), and there is no edge
    - slope <= max_slope, gap <= max_gap, clearance >= min_clearance

    and that costs slope_cost slope / max_slope + gap_cost gap / max_gap + roughness_cost mean(roughness).
    """
    # BEGIN SOLUTION
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.solve(plane.T @ plane, plane.T @ ground.heights.T)
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(ground.heights.T - plane @ fit).max(axis=0)
    cost = (
        limits.slope_cost * slope / limits.max_slope
        + limits.gap_cost * gap / limits.max_gap
        + limits.roughness_cost * ground.roughness.mean(axis=1)
    )
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= ground.clearance.min(axis=1) >= limits.min_clearance
    return np.where(safe & np.isfinite(cost), cost, np.inf)
    # END SOLUTION
