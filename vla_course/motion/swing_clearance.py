"""How high a foot must be lifted so that it kicks nothing on its way."""

from math import ceil, hypot
from typing import Final

import numpy as np

from vla_course.motion.footing import Footing
from vla_course.motion.footsteps import Footstep

LEAST_LIFT: Final = 0.05
"""m, on flat ground"""
SPARE_LIFT: Final = 0.03
"""m, between the sole and the highest ground on its way"""


def swing_height(footing: Footing, start: Footstep, landing: Footstep) -> float:
    """Return how far (m) the sole must rise above the higher end of its way from `start` to `landing`.

    So high that all of the sole passes `SPARE_LIFT` over the highest ground below its way, `LEAST_LIFT` at
    least. Ground that has not been seen is taken to be no higher than its surroundings.
    """
    way = hypot(landing.x - start.x, landing.y - start.y)
    parts = np.linspace(0.0, 1.0, ceil(way / 0.04) + 2)
    turn = (landing.yaw - start.yaw + np.pi) % (2.0 * np.pi) - np.pi
    poses = np.column_stack(
        (
            start.x + parts * (landing.x - start.x),
            start.y + parts * (landing.y - start.y),
            start.yaw + parts * turn,
        )
    )
    heights = footing.under(poses).heights
    highest = float(np.max(heights, where=np.isfinite(heights), initial=-np.inf))
    return max(LEAST_LIFT, highest - max(start.z, landing.z) + SPARE_LIFT)
