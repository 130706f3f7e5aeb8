"""CUSUM: small signs of trouble add up, and from a threshold on they are an alarm (Page 1954).

A score of one decision is never calibrated on its own: decisions a tenth of a second apart are almost the same one, and
a thousand of them are no thousand experiments. What is counted is episodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, log
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from vla_course.deployment.monitors.parts import MonitorParts

TAIL: Final = 0.1
"""of all episodes, those with the greatest maxima, by which the tail is modelled"""
FEWEST: Final = 3
"""episodes of which a tail is modelled, at least"""


class Cusum:
    """Adds up scores, decision by decision.

    Args:
        slack: k, by which a score has to be beyond the usual to count.

    Attributes:
        value: S, 0 or more.
    """

    def __init__(self, slack: float) -> None:
        self.slack, self.value = slack, 0.0

    def add(self, score: float) -> float:
        """Return S after one more score; a score that is nan was not measured and leaves S as it is."""
        if not isnan(score):
            self.value = max(0.0, self.value + score - self.slack)
        return self.value


def path_of(scores: ArrayLike, slack: float) -> list[float]:
    """Return S after each score of an episode."""
    cusum = Cusum(slack)
    return [cusum.add(float(score)) for score in np.asarray(scores, dtype=np.float64)]


@dataclass(frozen=True)
class Threshold:
    """From where on a CUSUM is an alarm, and what that promises.

    Attributes:
        value: h.
        rate: of undisturbed episodes, the fraction in which S may pass it.
        episodes: n, by which it was calibrated.
        modelled: whether it lies beyond what n episodes can promise, where only a model of their tail says.
    """

    value: float
    rate: float
    episodes: int
    modelled: bool

    @property
    def claim(self) -> str:
        """What can be said of it, in a sentence."""
        least = 1.0 / (self.episodes + 1)
        if not self.modelled:
            return (
                f"of episodes like the {self.episodes} held out, at most {self.rate:.2%} raise a false alarm: "
                "no more is assumed than that a new episode is drawn as they were"
            )
        return (
            f"{self.episodes} held-out episodes can promise {least:.2%} false alarms an episode and no less; "
            f"{self.rate:.3%} is what an exponential tail through their greatest maxima says, a model and no promise"
        )


def threshold_of(
    episodes: Sequence[ArrayLike], slack: float, rate: float, parts: MonitorParts | None = None
) -> Threshold:
    """Return the threshold by which so many episodes, at most, raise a false alarm.

    Down to a rate of 1 / (n + 1) that is a promise (exercise 5.3). Below, the greatest maxima are continued by an
    exponential tail: of m maxima beyond u by b on the average, h = u + b ln(m / (n rate)) (peaks over a threshold,
    Pickands 1975, of shape 0).

    Args:
        episodes: n, of each the standardised scores of all its decisions, nan where there was none.
        slack: k of the CUSUM.
        rate: wanted, above 0 and below 1.
        parts: by default the reference's.

    Raises:
        ValueError: the rate is out of range, or there are too few episodes to model a tail of.
    """
    if not (rate > 0.0 and rate < 1.0):
        raise ValueError(f"rate is {rate}, expected above 0 and below 1")
    measured = [_measured(scores) for scores in episodes]
    measured = [scores for scores in measured if len(scores)]
    n = len(measured)
    if rate * (n + 1) >= 1.0:
        parts = parts or MonitorParts.reference()
        return Threshold(parts.threshold(measured, slack, rate), rate, n, modelled=False)
    most = max(FEWEST, round(TAIL * n))
    if n <= most:
        raise ValueError(f"episodes are {n} that were measured, expected more than {most} to model a tail")
    maxima = sorted(max(path_of(scores, slack)) for scores in measured)
    beyond, usual = maxima[-most:], maxima[-most - 1]
    excess = float(np.mean(beyond)) - usual
    return Threshold(usual + excess * log(most / (n * rate)), rate, n, modelled=True)


def _measured(scores: ArrayLike) -> list[float]:
    every = np.asarray(scores, dtype=np.float64)
    kept: list[float] = every[~np.isnan(every)].tolist()
    return kept
