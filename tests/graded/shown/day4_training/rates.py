"""Success rates that an experiment leaves possible: found by asking each rate what it promises."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import beta, norm

from shown.day4_training.pictures import interval_picture
from shown.slips import Case
from vla_course.course.checking.judging import Mismatch


@dataclass(frozen=True)
class Experiment:
    """So many successes of n, and how sure one wants to be."""

    successes: int
    n: int
    confidence: float = 0.95

    @property
    def seen(self) -> float:
        return self.successes / self.n

    def asked(self, student: Any) -> tuple[float, float]:
        """The student's two ends."""
        answer = student.success_interval(self.successes, self.n, self.confidence)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Mismatch("success_interval should return two numbers", got=repr(answer)[:80])
        return float(answer[0]), float(answer[1])

    def ends(self, sigmas: float) -> tuple[float, float]:
        """The rates from which what was seen lies just so many of their standard deviations away."""

        def too_far(rate: float) -> float:
            return (self.seen - rate) ** 2 * self.n - sigmas**2 * rate * (1.0 - rate)

        tight = {"xtol": 1e-15, "rtol": 1e-14}
        inside = min(
            max(self.seen, 1e-9), 1.0 - 1e-9
        )  # where nothing or all succeeded, that end is itself a root
        low = 0.0 if self.successes == 0 else brentq(too_far, 0.0, inside, **tight)
        high = 1.0 if self.successes == self.n else brentq(too_far, inside, 1.0, **tight)
        return float(low), float(high)

    def sigmas(self) -> float:
        """What leaves half of the rest on either side."""
        return float(norm.isf((1.0 - self.confidence) / 2.0))

    def case(self, student: Any, what: str) -> Case:
        """Both ends, and those of other intervals."""
        z, k, n, seen = self.sigmas(), self.successes, self.n, self.seen
        wald = z * math.sqrt(seen * (1.0 - seen) / n)
        low, high = self.ends(z)
        half = (high - low) / 2.0
        pulled = (k + z**2 / 2.0) / (n + z**2)
        coull = z * math.sqrt(pulled * (1.0 - pulled) / (n + z**2))
        rest = (1.0 - self.confidence) / 2.0
        exact = [beta.ppf(rest, k, n - k + 1) if k else 0.0, beta.isf(rest, k + 1, n - k) if k < n else 1.0]
        mistakes = {
            "deviation-of-what-was-seen": [max(0.0, seen - wald), min(1.0, seen + wald)],
            "deviation-of-what-was-seen-uncut": [seen - wald, seen + wald],
            "one-sided": list(self.ends(float(norm.isf(1.0 - self.confidence)))),
            "always-95": list(self.ends(float(norm.isf(0.025)))),
            "about-two": list(self.ends(2.0)),
            "not-moved-inward": [seen - half, seen + half],
            "agresti-coull": [pulled - coull, pulled + coull],
            "exact-instead": exact,
            "in-percent": [100.0 * low, 100.0 * high],
            "middle-and-half": [(low + high) / 2.0, half],
            "high-first": [high, low],
        }
        got = self.asked(student)
        return Case(
            what, got, [low, high], mistakes, interval_picture(seen, (low, high), got, f"{k} of {n} episodes")
        )


def some_experiment(rng: np.random.Generator, n: int, confidence: float | None = None) -> Experiment:
    """Neither all nor nothing succeeded."""
    sure = float(rng.uniform(0.6, 0.9)) if confidence is None else confidence
    return Experiment(int(rng.integers(max(1, int(0.55 * n)), max(2, int(0.85 * n)))), n, sure)
