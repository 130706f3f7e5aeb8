"""The pieces of monitoring that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MonitorParts:
    """Who says from where on a CUSUM raises an alarm (5.3), and how far features are from those known (5.4)."""

    threshold: Callable[[Sequence[ArrayLike], float, float], float]
    distance: Callable[[ArrayLike, ArrayLike, float], Array]

    @classmethod
    def reference(cls) -> MonitorParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day5_deployment import monitors

        return cls(monitors.cusum_threshold, monitors.mahalanobis)
