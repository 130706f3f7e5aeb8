"""Two policies in the same episodes, and how unevenly coins would fall: every fall of them counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.learning.evaluation.paired_result import PairedResult

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Duel:
    """Whether each episode (n,) succeeded, before and after."""

    before: Bools
    after: Bools

    def asked(self, student: Any) -> PairedResult:
        """The student's answer."""
        answer = student.paired_test(self.before, self.after)
        if not isinstance(answer, PairedResult):
            raise Mismatch("paired_test should return a PairedResult", got=type(answer).__name__)
        return answer

    def counts(self) -> tuple[int, int]:
        """Episodes in which only the second, only the first succeeded."""
        pairs = list(zip(self.before.tolist(), self.after.tolist(), strict=True))
        return pairs.count((False, True)), pairs.count((True, False))

    def counts_case(self, student: Any, what: str) -> Case:
        """Gained, lost and difference (3,), and what known mistakes give."""
        (gained, lost), n = self.counts(), len(self.before)
        together = int((self.before & self.after).sum())
        difference = (gained - lost) / n
        mistakes = {
            "gained-and-lost-swapped": [lost, gained, -difference],
            "difference-turned-round": [gained, lost, -difference],
            "difference-of-those-that-speak": [gained, lost, (gained - lost) / max(gained + lost, 1)],
            "difference-counted": [gained, lost, float(gained - lost)],
            "all-successes": [gained + together, lost + together, difference],
            "in-percent": [gained, lost, 100.0 * difference],
        }
        got = self.asked(student)
        return Case(what, [got.gained, got.lost, got.difference], [gained, lost, difference], mistakes)

    def p_case(self, student: Any, what: str) -> Case:
        """The p-value, and those of other tests."""
        (gained, lost), n = self.counts(), len(self.before)
        speak, fewer = gained + lost, min(gained, lost)
        tail = coins(speak, fewer)
        one, other = float(self.before.mean()), float(self.after.mean())
        rate = (one + other) / 2.0
        apart = abs(one - other) / math.sqrt(max(2.0 * rate * (1.0 - rate) / n, 1e-12))
        squared = (gained - lost) ** 2 / max(speak, 1)
        corrected = max(abs(gained - lost) - 1, 0) ** 2 / max(speak, 1)
        mistakes = {
            "one-sided": tail,
            "not-paired": float(2.0 * norm.sf(apart)),
            "chi-squared": float(chi2.sf(squared, 1)),
            "chi-squared-corrected": float(chi2.sf(corrected, 1)),
            "all-episodes-are-coins": min(1.0, 2.0 * coins(n, fewer)),
            "middle-p": 2.0 * tail - math.comb(speak, fewer) / 2.0**speak,
            "just-so-many": math.comb(speak, fewer) / 2.0**speak,
            "other-tail": min(1.0, 2.0 * coins(speak, max(gained, lost))),
            "turned-round": 1.0 - 2.0 * tail,
        }
        return Case(what, self.asked(student).p_value, two_sided(speak, gained), mistakes)


def coins(count: int, at_most: int) -> float:
    """How probably at most so many of the coins fall heads."""
    return sum(math.comb(count, heads) for heads in range(at_most + 1)) / 2**count


def two_sided(count: int, heads: int) -> float:
    """How probably the coins fall at least as far from even, by going through every number of heads."""
    off = abs(2 * heads - count)
    ways = sum(math.comb(count, some) for some in range(count + 1) if abs(2 * some - count) >= off)
    return ways / 2**count


def some_duel(rng: np.random.Generator, n: int, gained: int, lost: int) -> Duel:
    """So many episodes speak; of the rest more succeed than fail."""
    both = round(0.6 * (n - gained - lost))
    neither = n - gained - lost - both
    before = np.repeat([False, True, True, False], [gained, lost, both, neither])
    after = np.repeat([True, False, True, False], [gained, lost, both, neither])
    order = rng.permutation(n)
    return Duel(before[order], after[order])
