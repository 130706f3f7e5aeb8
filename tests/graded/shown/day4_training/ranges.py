"""Frames of several episodes, where each of their numbers lies, and where others take it to lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case
from vla_course.course.checking.judging import Mismatch
from vla_course.learning.training.action_statistics import ActionStatistics

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Frames:
    """Rows (N, A), the episode (N,) of each, and the episodes that are kept for validation."""

    values: NDArray[np.float32]
    episodes: NDArray[np.int64]
    held_out: tuple[int, ...]
    lower: float
    upper: float

    def asked(self, student: Any) -> ActionStatistics:
        """What the student makes of them."""
        further = {"episodes": self.episodes, "held_out": self.held_out}
        got = student.fit_statistics(self.values, self.lower, self.upper, **further)
        if not isinstance(got, ActionStatistics):
            raise Mismatch("fit_statistics should return ActionStatistics", got=type(got).__name__)
        return got

    def counted(self) -> Array:
        """The rows that count, one by one."""
        pairs = zip(self.values.tolist(), self.episodes.tolist(), strict=True)
        return np.array([row for row, episode in pairs if episode not in self.held_out])

    def ends(self, rows: Array) -> Array:
        """Lower and upper quantile (2, A) of each number over these rows."""
        return np.array(
            [[between(column, share) for column in rows.T.tolist()] for share in (self.lower, self.upper)]
        )

    def case(self, student: Any, what: str) -> Case:
        """Both ends (2, A), and those of known mistakes."""
        got, rows, every = self.asked(student), self.counted(), self.values.astype(np.float64)
        kept = [row for row in np.unique(self.episodes).tolist() if row not in self.held_out]
        each = [self.ends(every[self.episodes == episode]) for episode in kept]
        middle, spread = rows.mean(axis=0), rows.std(axis=0)
        count = rows.shape[1]
        mistakes = {
            "validation-counted": self.ends(every),
            "only-the-held-out": self.ends(every[np.isin(self.episodes, self.held_out)]),
            "smallest-and-largest": np.stack([rows.min(axis=0), rows.max(axis=0)]),
            "one-range-for-all": np.repeat(self.ends(rows.reshape(-1, 1)), count, axis=1),
            "mean-and-deviation": np.stack([middle - spread, middle + spread]),
            "mean-of-episodes": np.mean(each, axis=0),
        }
        return Case(what, np.stack([got.low, got.high]), self.ends(rows), mistakes)

    def with_still(self, number: int, value: float, odd: float | None = None) -> Frames:
        """The same, one number of which does not move, but for one frame that counts (`odd`)."""
        values = self.values.copy()
        values[:, number] = value
        if odd is not None:
            values[int(np.flatnonzero(~np.isin(self.episodes, self.held_out))[0]), number] = odd
        return replace(self, values=values)


def between(numbers: list[float], share: float) -> float:
    """The value below which that share of the numbers lies, linear between the two beside it."""
    ordered = sorted(numbers)
    place = share * (len(ordered) - 1)
    before = min(int(place), len(ordered) - 2)
    return ordered[before] + (place - before) * (ordered[before + 1] - ordered[before])


def some_frames(rng: np.random.Generator, lower: float = 0.01, upper: float = 0.99) -> Frames:
    """Six episodes of different lengths in no order; numbers of different units, and rare kicks."""
    lengths = rng.integers(30, 90, 6)
    names = rng.permutation(40)[:6]
    held = tuple(int(name) for name in names[:2])
    scale, offset = np.array([1.5, 0.02, 0.4, 12.0]), np.array([0.3, -0.01, 2.0, -5.0])
    rows = []
    for name, length in zip(names, lengths, strict=True):
        shift = rng.normal(0.0, 0.5, 4) + (2.0 if name in held else 0.0)
        rows.append(offset + scale * (shift + rng.normal(size=(length, 4))))
    values, episodes = np.concatenate(rows), np.repeat(names, lengths)
    kicks = rng.choice(len(values), 2, replace=False)
    values[kicks] += 20.0 * scale * rng.choice([-1.0, 1.0], (2, 4))
    order = rng.permutation(len(values))
    return Frames(values[order].astype(np.float32), episodes[order], held, lower, upper)
