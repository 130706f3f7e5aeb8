"""How high a foot must be lifted so that it kicks nothing on its way."""

from math import ceil, hypot
from typing import Final

import numpy as np

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.ground.footing import Footing
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.swing_foot import lifted, min_jerk

LEAST_LIFT: Final = 0.05
"""m, on flat ground"""
SPARE_LIFT: Final = 0.03
"""m, between the sole and the highest ground on its way"""


def swing_height(footing: Footing, start: Footstep, landing: Footstep) -> float:
    """Return how far (m) the sole must rise above the higher end of its way from `start` to `landing`.

    So high that on its way (`SwingFoot`) all of the sole passes over the ground below it, by `SPARE_LIFT` where the
    foot is at its highest and by less near both ends; `LEAST_LIFT` at least. Ground that has not been seen is
    taken to be no higher than its surroundings.
    """
    way = hypot(landing.x - start.x, landing.y - start.y)
    count = ceil(way / 0.02) + 2
    progress = np.linspace(GaitConfig.upright, 1.0 - GaitConfig.upright, count)
    parts = np.array([min_jerk(part)[0] for part in np.linspace(0.0, 1.0, count).tolist()])
    turn = (landing.yaw - start.yaw + np.pi) % (2.0 * np.pi) - np.pi
    poses = np.column_stack(
        (
            start.x + parts * (landing.x - start.x),
            start.y + parts * (landing.y - start.y),
            start.yaw + parts * turn,
        )
    )
    heights = footing.under(poses).heights
    highest = np.max(heights, axis=1, where=np.isfinite(heights), initial=-np.inf)
    end = np.where(progress < 0.5, start.z, landing.z)
    share = np.array([lifted(s, 0.0, 1.0, 0.0)[0] for s in progress.tolist()])
    top = float(np.max(end + (highest - end) / share + SPARE_LIFT))
    return max(LEAST_LIFT, top - max(start.z, landing.z))
