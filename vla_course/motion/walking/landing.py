"""Where a swing foot lands when a push moves its step: as close to where the robot falls as it gets in time."""

from math import exp

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.swing_foot import SwingFoot

Array = NDArray[np.float64]

_QUINTIC = 5.77
"""-, the greatest acceleration of a quintic from rest to rest, over way / time^2"""


def within_reach(config: GaitConfig, stance: Footstep, landing: Array) -> Array:
    """Return the place (2,) m nearest to `landing` (2,) m that a foot can reach, the other at `stance`."""
    c, s = np.cos(stance.yaw), np.sin(stance.yaw)
    dx, dy = float(landing[0]) - stance.x, float(landing[1]) - stance.y
    outward = 1.0 if stance.side == "right" else -1.0
    ahead, side = c * dx + s * dy, outward * (c * dy - s * dx)
    ahead = min(config.reach_ahead, max(-config.reach_ahead, ahead))
    side = outward * min(config.reach_outward, max(config.reach_inward, side))
    return np.array([stance.x + c * ahead - s * side, stance.y + s * ahead + c * side])


def moved_landing(
    gait: GaitConfig,
    stance: Footstep,
    swing: SwingFoot,
    planned: Array,
    shift: Array,
    time_left: float,
    omega: float,
) -> tuple[Array, float]:
    """Return where (2,) m to land, and in how many s: sooner where the place wanted is out of reach by then.

    Wanted is `planned` (2,) m and beside it `shift` (2,) m, when the foot lands in `time_left` s; a shift grows
    with exp(`omega` t) until then, as the DCM does, so that who lands sooner needs a shorter step. One call moves
    the landing only so far that the foot is not jolted.
    """
    now, foot = shift * exp(-omega * time_left), swing.place
    earliest = min(time_left, gait.quickest_swing * (1.0 - swing.progress))
    best, chosen, landing = np.inf, time_left, planned
    for sooner in np.linspace(time_left, earliest, 8).tolist():
        wanted = planned + now * exp(omega * sooner)
        place = within_reach(gait, stance, wanted)
        needed = _QUINTIC * np.hypot(*(place - foot)) / gait.swing_acceleration
        if sooner < time_left and sooner**2 < needed:
            break
        missed = float(np.hypot(*(place - wanted)))
        if missed < best - 0.005:
            best, chosen, landing = missed, sooner, place
    return _towards(planned, landing, gait.landing_jolt * chosen**2 / _QUINTIC), chosen


def _towards(here: Array, there: Array, far: float) -> Array:
    """Return the point (2,) on the way from `here` to `there`, at most `far` m away."""
    way = there - here
    return here + way * min(1.0, far / max(float(np.hypot(*way)), 1e-9))
