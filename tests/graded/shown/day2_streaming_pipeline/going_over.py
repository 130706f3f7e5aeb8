"""Two chunks asked for the same moments, blended number by number, and as others blend them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fade:
    """What both chunks say (n, A) for the moments due (n,) s, and when one goes over to the other, s."""

    old: Array
    new: Array
    due: Array
    begins: float
    lasts: float

    def fraction(self, moment: float) -> float:
        """How much of the new chunk counts at a moment."""
        if moment < self.begins:
            return 0.0
        if self.lasts == 0.0 or moment >= self.begins + self.lasts:
            return 1.0
        return (moment - self.begins) / self.lasts

    def blended(self, fraction: Callable[[int], float]) -> Array:
        """Both chunks, the new one with a fraction that goes by the row."""
        return np.array(
            [[a + fraction(row) * (b - a) for a, b in zip(*both, strict=True)] for row, both in self._rows()]
        )

    def _rows(self) -> list[tuple[int, tuple[list[float], list[float]]]]:
        return list(enumerate(zip(self.old.tolist(), self.new.tolist(), strict=True)))

    def case(self, student: Any, what: str) -> Case:
        """The blend, and what known mistakes give."""
        n, ends = len(self.due), self.begins + self.lasts
        early = replace(self, begins=self.begins - self.lasts)
        slips = {
            "by-row": self.blended(lambda row: row / max(n - 1, 1)),
            "jumps": self.blended(lambda row: float(self.due[row] >= self.begins)),
            "turned-round": self.blended(lambda row: 1.0 - self.fraction(self.due[row])),
            "ends-at-begins": self.blended(lambda row: early.fraction(self.due[row])),
        }
        if self.lasts:
            slips["not-cut"] = self.blended(lambda row: (self.due[row] - self.begins) / (ends - self.begins))
        got = student.cross_fade(self.old, self.new, self.due, self.begins, self.lasts)
        return Case(what, got, self.blended(lambda row: self.fraction(self.due[row])), slips)


def some_fade(rng: np.random.Generator, n: int = 12, size: int = 5) -> Fade:
    """Moments before, within and behind a fade, in the order of time but not evenly apart."""
    begins, lasts = float(rng.uniform(2.0, 9.0)), float(rng.uniform(0.2, 0.5))
    inside = rng.uniform(begins + 0.1 * lasts, begins + 0.9 * lasts, n - 6)
    outside = [begins - 0.3, begins - 0.1, begins - 0.02, *(begins + lasts + rng.uniform(0.05, 0.4, 3))]
    due = np.sort(np.concatenate((inside, outside)))
    return Fade(rng.normal(size=(n, size)), rng.normal(size=(n, size)), due, begins, lasts)
