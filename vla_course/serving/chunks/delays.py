"""How long an answer takes: delays that are measured, and delays that are injected to see what they do."""

from __future__ import annotations

from collections import deque
from math import exp, isfinite
from typing import Final

import numpy as np

from vla_course.serving.chunks.parts import ChunkParts

LAST: Final = 50
"""delays that are remembered"""
IN_TIME: Final = 95.0
"""percent of answers that are to come before the robot has done what it committed itself to"""


class DelayEstimate:
    """For how many actions to expect to wait, from a percentile of the last delays: one slow answer moves it little.

    Args:
        period: s, of an action.
        guess: s, until the first delay is measured.
        last: how many delays count.
        percentile: 0 to 100, of them.
        parts: who computes it, by default the reference.
    """

    def __init__(
        self,
        period: float,
        guess: float = 0.0,
        last: int = LAST,
        percentile: float = IN_TIME,
        parts: ChunkParts | None = None,
    ) -> None:
        self._period, self._guess, self._percentile = period, guess, percentile
        self._delays: deque[float] = deque(maxlen=last)
        self._parts = parts or ChunkParts.reference()

    def add(self, seconds: float) -> None:
        """Take in how long an answer took.

        Raises:
            ValueError: it is negative or not finite: two clocks were mixed.
        """
        if not (seconds >= 0.0 and isfinite(seconds)):
            raise ValueError(f"delay is {seconds}, expected finite seconds, not negative, on one clock")
        self._delays.append(seconds)

    @property
    def steps(self) -> int:
        """Actions that will be over when the next answer comes, by all that is known."""
        return self._parts.wait(list(self._delays) or [self._guess], self._period, self._percentile)


class InjectedDelay:
    """Draws how long each decision takes: log-normal about `mean`, for real delays have a long tail.

    Args:
        mean: s; 0: no delay at all.
        jitter: -, standard deviation of the logarithm.
        rng: draws them; the same seed, the same delays, whatever is done with them.

    Raises:
        ValueError: `mean` or `jitter` is negative.
    """

    def __init__(self, mean: float, jitter: float, rng: np.random.Generator) -> None:
        for name, value in (("mean", mean), ("jitter", jitter)):
            if not (value >= 0.0 and isfinite(value)):
                raise ValueError(f"{name} is {value}, expected 0 or more")
        self._mean, self._jitter, self._rng = mean, jitter, rng

    def draw(self) -> float:
        """Return how long the next decision takes, s."""
        # The mean of a log-normal number is exp(sigma^2 / 2) times its median.
        normal = float(self._rng.normal())
        return self._mean * exp(self._jitter * normal - self._jitter**2 / 2.0)
