"""How fast the joints turn, by encoders that only say where they are."""

from math import exp

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class JointRates:
    """Tracks angles, and has their rates of that: the loop inside a motor drive.

    A difference over 2 ms makes 0.04 rad/s of an encoder's 0.05 mrad; this alpha-beta filter (Brookner 1998, chapter 1,
    with the gains of `PushObserver`) makes a third of it, and is `memory` late.

    Args:
        angles: (n,) rad, to begin with; at rest.
        memory: s, in which an error shrinks to 1/e.
    """

    def __init__(self, angles: Array, memory: float = 0.002) -> None:
        self._angles, self.rates = np.array(angles), np.zeros(len(angles))
        self._memory = memory

    def observe(self, angles: Array, dt: float) -> Array:
        """Take in angles (n,) rad, `dt` s after the last ones; return the rates (n,) rad/s."""
        p = exp(-dt / self._memory)
        expected = self._angles + dt * self.rates
        missed = angles - expected
        self._angles = expected + (1.0 - p * p) * missed
        self.rates = self.rates + (1.0 - p) ** 2 / dt * missed
        return self.rates
