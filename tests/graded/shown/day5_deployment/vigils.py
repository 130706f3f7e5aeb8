"""Episodes in which nothing happens, where an alarm may ring by right, and where others have it ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case, either

Array = NDArray[np.float64]


def highest(scores: Array, slack: float) -> float:
    """How high the sums rise: the greatest sum of any stretch of the scores, less slack, or 0."""
    stretches = [
        float((scores[begins:ends] - slack).sum())
        for begins in range(len(scores))
        for ends in range(begins + 1, len(scores) + 1)
    ]
    return max(0.0, *stretches)


@dataclass(frozen=True)
class Vigil:
    """Held-out episodes, and what is asked of them."""

    episodes: list[Array]
    slack: float
    rate: float

    def asked(self, student: Any) -> Any:
        """What the student makes of them."""
        return student.cusum_threshold(self.episodes, self.slack, self.rate)

    def maxima(self) -> list[float]:
        """The maximum of each episode."""
        return [highest(scores, self.slack) for scores in self.episodes]

    def right(self) -> float:
        """The lowest maximum that a new episode exceeds seldom enough: places above it, the new one's counted."""
        return self.lowest(self.maxima())

    def lowest(self, maxima: list[float]) -> float:
        n = len(maxima)
        allowed = [
            one for one in maxima if 1 + sum(other > one for other in maxima) <= self.rate * (n + 1) + 1e-9
        ]
        return min(allowed)

    def case(self, student: Any, what: str) -> Case:
        """The answer, and those of known mistakes."""
        maxima, n, slack = self.maxima(), len(self.episodes), self.slack
        got, ranked = self.asked(student), sorted(maxima)
        sums = [self._sums(scores) for scores in self.episodes]
        late = [max(self._late(scores)) for scores in self.episodes]
        row = np.concatenate(self.episodes)
        ends = np.cumsum([len(scores) for scores in self.episodes])
        through = np.split(self._sums(row), ends[:-1])
        free = [np.cumsum(scores - slack) for scores in self.episodes]
        every = np.sort(np.concatenate(sums))
        j = int(self.rate * (n + 1) + 1e-9)
        mistakes = {
            "never-reset": either(
                got,
                self.lowest([max(0.0, float(one.max())) for one in free]),
                self.lowest([float(one.max()) for one in free]),
            ),
            "slack-forgotten": self.lowest([highest(scores, 0.0) for scores in self.episodes]),
            "slack-taken-late": self.lowest(late),
            "two-sided": self.lowest([highest(np.abs(scores), slack) for scores in self.episodes]),
            "decisions-counted": either(
                got,
                float(np.quantile(every, 1.0 - self.rate)),
                float(every[-int(self.rate * (len(every) + 1) + 1e-9)]),
                float(np.quantile(every, 1.0 - self.rate, method="higher")),
            ),
            "end-counted": self.lowest([float(one[-1]) for one in sums]),
            "carried-over": self.lowest([float(part.max()) for part in through]),
            "scores-not-sums": either(
                got,
                self.lowest([float(scores.max()) for scores in self.episodes]),
                self.lowest([float(scores.max()) - slack for scores in self.episodes]),
            ),
            "new-one-forgotten": ranked[-max(1, int(self.rate * n + 1e-9))],
            "between-two": float(np.quantile(maxima, 1.0 - self.rate)),
            "one-too-low": ranked[-j - 1],
        }
        return Case(what, got, self.right(), mistakes)

    def _sums(self, scores: Array) -> Array:
        walk = np.concatenate(([0.0], np.cumsum(scores - self.slack)))
        return (walk - np.minimum.accumulate(walk))[1:]

    def _late(self, scores: Array) -> list[float]:
        total, found = 0.0, [0.0]
        for score in scores.tolist():
            total = max(0.0, total + score) - self.slack
            found.append(total)
        return found


def some_vigil(rng: np.random.Generator, n: int = 19, rate: float = 0.1, slack: float = 0.5) -> Vigil:
    """Episodes of 12 to 30 decisions, each a little off in its own way, with scores that resemble those before them.

    The first and the last are a little low, each in its own way: a sum that may fall below 0 begins too low, at the end
    no sum is at its highest, and the two mistakes differ.
    """
    episodes = []
    for _ in range(n):
        length = int(rng.integers(12, 30))
        noise, scores, now = rng.normal(size=length), [], 0.0
        for one in noise.tolist():
            now = 0.7 * now + 0.7 * one
            scores.append(now)
        episodes.append(np.array([-0.1, *(np.array(scores) + rng.normal(0.0, 0.4)), -0.3]))
    return Vigil(episodes, slack, rate)
