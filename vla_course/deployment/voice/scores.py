"""What two searches say of utterances: how well a grammar explains them, and how well a loop over all sounds does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SpeechScores:
    """Of N utterances.

    Attributes:
        grammar: (N,) log likelihood of the best sentence of the grammar, nats; -inf where it has no path to any.
        loop: (N,) log likelihood of the best row of sounds, nats; -inf where it was not kept.
        frames: (N,) int, of 10 ms, over which both add up; 0 where nothing was loud enough to be listened to.
    """

    grammar: Array
    loop: Array
    frames: NDArray[np.int64]
