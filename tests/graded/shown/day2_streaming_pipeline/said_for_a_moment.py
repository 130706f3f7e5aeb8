"""Several predictions of one moment, decided at different times: weighed one by one, and as others weigh them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Predictions:
    """When each was decided (n,) s, and how fast the new comes in."""

    decided: Array
    m: float

    def older(self, one: int) -> int:
        """How many are older than this one; of the same age those that stand before it."""
        mine = self.decided[one]
        return sum(
            bool(other < mine or (other == mine and place < one)) for place, other in enumerate(self.decided)
        )

    def weighed(self, i_of: Callable[[int], float], whole: bool = True) -> Array:
        """Weights exp(-m i), as fractions of their sum."""
        weights = np.array([exp(-self.m * i_of(one)) for one in range(len(self.decided))])
        return weights / weights.sum() if whole else weights

    def case(self, student: Any, what: str) -> Case:
        """Weights, and what known mistakes give."""
        n, order = len(self.decided), np.argsort(self.decided, kind="stable").tolist()
        first, anyhow = float(self.decided.min()), np.argsort(self.decided).tolist()
        ranks = {float(time): rank for rank, time in enumerate(sorted(set(self.decided.tolist())))}
        slips = {
            "newest-first": self.weighed(lambda one: n - 1 - self.older(one)),
            "by-place": self.weighed(lambda one: one),
            "by-seconds": self.weighed(lambda one: float(self.decided[one]) - first),
            "not-normalised": self.weighed(self.older, whole=False),
            "scattered-by-argsort": self.weighed(lambda one: order[one]),
            "ties-anyhow": self.weighed(lambda one: anyhow.index(one)),
            "ties-as-one": self.weighed(lambda one: ranks[float(self.decided[one])]),
        }
        return Case(what, student.ensemble_weights(self.decided, self.m), self.weighed(self.older), slips)


def some_predictions(rng: np.random.Generator, n: int, m: float | None = None) -> Predictions:
    """So many, in an order that `argsort` of itself does not undo: no order that two slips share."""
    while True:
        decided = np.sort(rng.uniform(0.0, 1.2, n))[rng.permutation(n)]
        order = np.argsort(decided)
        if n < 4 or (order[order] != np.arange(n)).any():
            return Predictions(decided, float(rng.uniform(0.2, 0.8)) if m is None else m)
