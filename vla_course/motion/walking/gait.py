"""Gait: how long each phase of a step lasts, and where the zero moment point is wanted meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep

Array = NDArray[np.float64]

_LEVEL = 0.02
"""m, a step that rises, falls or is lifted by no more than that is a step on level ground"""


@dataclass(frozen=True)
class GaitConfig:
    """Timing and shape of steps; the defaults walk on the course's humanoid."""

    single_support: float = 0.45
    """s, one foot in the air"""
    double_support: float = 0.07
    """s, weight goes from one foot to the other"""
    climbing_support: float = 0.7
    """s, one foot in the air on a step up, down, or over something"""
    upright: float = 0.2
    """-, the fraction of such a swing, at its start and at its end, in which the foot goes only up or only down"""
    first_shift: float = 0.8
    """s, the double support in which a standing robot shifts its weight to make the first step"""
    step_width: float = 0.18
    """m, between the middles of the feet, side by side"""
    swing_height: float = 0.05
    """m"""
    preview_horizon: float = 1.6
    """s, how far ahead the zero moment point is planned"""
    reach_ahead: float = 0.45
    """m, the longest step forward or backward, from stance foot to landing foot"""
    reach_inward: float = 0.14
    """m, the least distance sideways between the feet: less and they would collide"""
    reach_outward: float = 0.5
    """m, the greatest distance sideways between the feet"""
    quickest_swing: float = 0.2
    """s, the least time from lifting a foot to landing it"""
    swing_acceleration: float = 40.0
    """m/s^2, the greatest acceleration of a swing foot: the stance foot has to hold against it"""
    landing_jolt: float = 10.0
    """m/s^2, by how much one tick's change of the landing may change the swing foot's acceleration"""
    committed: float = 0.08
    """s, in the last part of a swing the landing stays where it is: a foot that moves when it lands slips"""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 < value < float("inf"):
                raise ValueError(f"GaitConfig.{field.name} = {value}: expected a finite number > 0")
        if self.upright >= 0.5:
            raise ValueError(f"GaitConfig.upright = {self.upright}: expected less than 0.5, both ends have it")

    def climbs(self, start: Footstep, landing: Footstep) -> bool:
        """Return whether a foot that goes from `start` to `landing` may meet an edge on its way."""
        lifted = landing.swing_height - self.swing_height
        return max(abs(landing.z - start.z), lifted) > _LEVEL

    def swing_time(self, start: Footstep, landing: Footstep) -> float:
        """Return how long, s, a foot is in the air from `start` to `landing`."""
        return self.climbing_support if self.climbs(start, landing) else self.single_support


@dataclass(frozen=True)
class ZmpKnots:
    """A zero moment point that moves in straight lines: `times` (n,) s from now, `points` (n, 2) m."""

    times: Array
    points: Array

    def sample(self, times: Array) -> Array:
        """Return the points (k, 2) m at `times` (k,) s from now; beyond the ends the first and last."""
        return np.column_stack([np.interp(times, self.times, self.points[:, axis]) for axis in (0, 1)])

    def dcm(self, omega: float) -> Array:
        """Return where the DCM (2,) m must be now for the point to be followed for good.

        Backwards from rest at the last point: along a line of slope m, xi = z + m/omega is where it keeps pace
        with the line, and what deviates from it shrinks by exp(-omega t) on the way back (Englsberger et al. 2015).
        """
        goal = self.points[-1]
        for k in range(len(self.times) - 1, 0, -1):
            lasts = self.times[k] - max(self.times[k - 1], 0.0)
            if lasts <= 0.0:
                break
            pace = (self.points[k] - self.points[k - 1]) / (self.times[k] - self.times[k - 1])
            begin = self.points[k] - pace * lasts
            goal = begin + pace / omega + (goal - self.points[k] - pace / omega) * np.exp(-omega * lasts)
        rests = max(self.times[0], 0.0)
        now: Array = self.points[0] + (goal - self.points[0]) * np.exp(-omega * rests)
        return now


def zmp_knots(
    config: GaitConfig,
    leaving: Array,
    shift: tuple[float, float],
    stance: Array,
    stays: Sequence[float],
    landings: Sequence[Array],
) -> ZmpKnots:
    """Plan the zero moment point from now to the end of the steps that are planned.

    It left `leaving` (2,) m and reaches the stance foot at `stance` (2,) m, both `shift` s from now, and goes on
    to each of the `landings` (2,) m, `double_support` for every way. Before each way it stays as long as the
    swing takes, which is one of the `stays` s. After the last step it comes to rest between the last two feet.
    """
    times, points = [*shift], [leaving, stance]
    before = stance
    for landing, stay in zip(landings, stays, strict=True):
        times += [times[-1] + stay, times[-1] + stay + config.double_support]
        points += [points[-1], landing]
        before = points[-2]
    if landings:
        # The last step has no successor: between both feet it is.
        points[-1] = (before + landings[-1]) / 2.0
    return ZmpKnots(np.array(times), np.array(points))
