"""The pieces of playing chunks that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class ChunkParts:
    """Who says how long to wait, how much each prediction counts, how to fade over, and what to keep of a prefix."""

    wait: Callable[[ArrayLike, float, float], int]
    weights: Callable[[ArrayLike, float], NDArray[np.float64]]
    fade: Callable[[Array, Array, ArrayLike, float, float], Array]
    merge: Callable[[Array, Array, int], Array]

    @classmethod
    def reference(cls) -> ChunkParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day2_streaming_pipeline import chunks

        return cls(chunks.steps_to_wait, chunks.ensemble_weights, chunks.cross_fade, chunks.merge_prefix)
