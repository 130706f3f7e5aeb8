"""The pieces of an evaluation that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vla_course.learning.evaluation.paired_result import PairedResult

Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class EvaluationParts:
    """What an evaluation is judged with.

    Attributes:
        success_interval: 4.11, the success rates that so many successes of so many episodes leave possible.
        paired_test: 4.12, how two policies differ over the same episodes.
    """

    success_interval: Callable[[int, int], tuple[float, float]]
    paired_test: Callable[[Truths, Truths], PairedResult]

    @classmethod
    def reference(cls) -> EvaluationParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day4_training.intervals import success_interval
        from vla_course.reference.day4_training.paired import paired_test

        return cls(success_interval, paired_test)
