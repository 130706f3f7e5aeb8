"""The pieces of the safety layer that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.deployment.safety.limits import Separation

Array = NDArray[np.float64]
ClipRates = Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike, ArrayLike, float, float, float], Array]
"""rates, positions, lower, upper, fastest, deceleration, gain, period -> rates (5.1)"""
AllowedSpeed = Callable[[float, float | None, Separation], float]
"""distance, speed of the person, separation -> speed (5.2)"""


@dataclass(frozen=True)
class SafetyParts:
    """Who clips the rates of joints, and who says how fast one may go near a person."""

    clip_rates: ClipRates
    allowed_speed: AllowedSpeed

    @classmethod
    def reference(cls) -> SafetyParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day5_deployment import barrier, separation

        return cls(barrier.clip_rates, separation.allowed_speed)
