"""From which confidence on a policy may act without asking: chosen on episodes that it has never seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

_Z = 1.645
"""-, of the upper end that is missed once in twenty"""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What was chosen, and what it promises of the episodes it was chosen on."""

    least: float
    """-, the least confidence with which the robot acts on its own"""
    acts: float
    """-, fraction of the episodes in which it never had to ask"""
    failures: float
    """-, fraction of those that failed"""
    at_most: float
    """-, what the failure rate is below with 95 % confidence (Wilson 1927, one-sided)"""


def choose_threshold(
    confidences: Sequence[ArrayLike], successes: Sequence[bool], most_failures: float = 0.1
) -> Threshold:
    """Return the lowest threshold with which the robot fails in at most `most_failures` of what it does unasked.

    An episode counts once, whole, with its least confidence: frames of one episode are not independent, and a robot
    that was unsure once has asked. A threshold is believed when the upper end of the failure rate's interval is low
    enough, not the rate itself: three good episodes prove nothing. Take episodes that neither policy nor confidence
    has learnt from, and others again to report what was chosen: among many thresholds one looks good by luck.

    Args:
        confidences: of each held-out episode, those of its decisions, 0 to 1.
        successes: whether each succeeded.
        most_failures: above 0 and below 1.

    Raises:
        ValueError: the lists do not match, a number is out of its range, or no threshold keeps the promise - then the
            policy may not act unasked at all, or there are too few episodes to know.
    """
    if len(confidences) != len(successes) or not len(successes):
        raise ValueError(
            f"successes is of length {len(successes)}, expected one for each of {len(confidences)} episodes, 1 or more"
        )
    if not 0.0 < most_failures < 1.0:
        raise ValueError(f"most_failures is {most_failures}, expected more than 0 and less than 1")
    least = np.array([_least(number, episode) for number, episode in enumerate(confidences)])
    if unknown := [one for one in successes if not isinstance(one, bool | np.bool_)]:
        raise ValueError(f"successes has {unknown[0]!r}, expected True or False for each episode")
    good = np.asarray(successes, dtype=bool)
    for threshold in np.unique(least).tolist():
        acted = least >= threshold
        count, failed = int(acted.sum()), int((acted & ~good).sum())
        at_most = _upper(failed, count)
        if at_most <= most_failures:
            return Threshold(threshold, count / len(good), failed / count, at_most)
    raise ValueError(
        f"most_failures is {most_failures}, and no threshold is proven to keep it by {len(good)} episodes, "
        f"{int(good.sum())} of which succeeded: expected more episodes, or a confidence that tells them apart"
    )


def _least(number: int, episode: ArrayLike) -> float:
    values = np.asarray(episode, dtype=np.float64).ravel()
    if not values.size or not ((values >= 0.0) & (values <= 1.0)).all():
        raise ValueError(f"confidences[{number}] is {values}, expected numbers from 0 to 1, at least one")
    return float(values.min())


def _upper(failed: int, count: int) -> float:
    """Return the upper end of Wilson's interval of a rate, one-sided."""
    seen, spread = failed / count, _Z**2 / count
    return (seen + spread / 2.0 + _Z * sqrt(seen * (1.0 - seen) / count + spread / (4.0 * count))) / (
        1.0 + spread
    )
