"""The pieces of a training that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.training.action_statistics import ActionStatistics

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.float32]
Windows = Callable[[Floats, NDArray[np.int64], int], tuple[Floats, NDArray[np.bool_]]]
Fit = Callable[..., ActionStatistics]
Loss = Callable[["Tensor", "Tensor", "Tensor", "Tensor"], "Tensor"]
Step = Callable[..., float]


@dataclass(frozen=True)
class TrainingParts:
    """Who cuts chunks (4.1), fits ranges (4.2), says how wrong a chunk is (4.3) and takes a step (4.4)."""

    windows: Windows
    fit: Fit
    loss: Loss
    step: Step

    @classmethod
    def reference(cls) -> TrainingParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day4_training.losses import chunk_loss
        from vla_course.reference.day4_training.statistics import fit_statistics
        from vla_course.reference.day4_training.training_step import training_step
        from vla_course.reference.day4_training.windows import chunk_windows

        return cls(chunk_windows, fit_statistics, chunk_loss, training_step)
