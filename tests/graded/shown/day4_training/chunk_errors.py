"""Predicted chunks and their loss, added up number by number; and what other ways of adding up give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Batch:
    """Chunks (B, H, A), which of their steps (B, H) the episode has, how many (B,) are given, weights (A,)."""

    predicted: Array
    target: Array
    mask: NDArray[np.bool_]
    committed: NDArray[np.int64]
    weights: Array | None

    def tensors(self, dtype: torch.dtype = torch.float64) -> list[Any]:
        """Copies, as `chunk_loss` takes them."""
        weights = None if self.weights is None else torch.tensor(self.weights, dtype=dtype)
        predicted, target = (torch.tensor(part, dtype=dtype) for part in (self.predicted, self.target))
        return [predicted, target, torch.tensor(self.mask), torch.tensor(self.committed), weights]

    def counted(self) -> Iterator[tuple[int, float, float]]:
        """Row, error and weight of each number that counts."""
        rows, steps, numbers = self.predicted.shape
        for row in range(rows):
            for step in range(steps):
                if not self.mask[row, step] or step < self.committed[row]:
                    continue
                for number in range(numbers):
                    weight = 1.0 if self.weights is None else float(self.weights[number])
                    gap = float(self.predicted[row, step, number] - self.target[row, step, number])
                    yield row, abs(gap), weight

    def loss(self) -> float:
        """The weighted mean of all that counts."""
        return _mean([(error, weight) for _, error, weight in self.counted()])

    def by_rows(self) -> float:
        """The mean of the rows' means."""
        found: dict[int, list[tuple[float, float]]] = {}
        for row, error, weight in self.counted():
            found.setdefault(row, []).append((error, weight))
        return float(np.mean([_mean(found.get(row, [])) for row in range(len(self.mask))]))

    def case(self, student: Any, what: str) -> Case:
        """The loss, and what known mistakes give where there is padding, a prefix, and weights that differ."""
        right, everything = self.loss(), np.ones_like(self.mask)
        pairs = [(error, weight) for _, error, weight in self.counted()]
        weight_each = 1.0 if self.weights is None else float(np.mean(self.weights))
        total = sum(error * weight for error, weight in pairs)
        mistakes = {
            "padding-counts": replace(self, mask=everything).loss(),
            "prefix-counts": replace(self, committed=0 * self.committed).loss(),
            "mask-inverted": replace(self, mask=~self.mask).loss(),
            "prefix-one-longer": replace(self, committed=self.committed + 1).loss(),
            "only-the-prefix": self._only_the_prefix(),
            "mean-of-means": self.by_rows(),
            "divided-by-all": total / (self.predicted.size * weight_each),
            "summed": total,
            "held-at-one": total / max(sum(weight for _, weight in pairs), 1.0),
            "squared": _mean([(error**2, weight) for error, weight in pairs]),
            "weights-forgotten": replace(self, weights=None).loss(),
            "weights-not-divided": total / max(len(pairs), 1),
        }
        return Case(what, student.chunk_loss(*self.tensors()), right, mistakes)

    def _only_the_prefix(self) -> float:
        steps = np.arange(self.mask.shape[1])
        given = self.mask & (steps < self.committed[:, None])
        return replace(self, mask=given, committed=0 * self.committed).loss()


def _mean(pairs: list[tuple[float, float]]) -> float:
    whole = math.fsum(weight for _, weight in pairs)
    return math.fsum(error * weight for error, weight in pairs) / whole if whole else 0.0


def some_batch(rng: np.random.Generator, weighed: bool = True) -> Batch:
    """Chunks of which every one has another length and prefix: one is whole, one almost over."""
    rows, steps, numbers = 5, 8, 4
    lengths = rng.permutation([8, 6, 5, 3, 7])
    committed = np.where(lengths > 4, rng.integers(1, 4, rows), rng.integers(0, 2, rows))
    committed[int(np.argmax(lengths == 8))] = 0
    target = rng.normal(size=(rows, steps, numbers))
    predicted = target + rng.uniform(0.2, 1.5, target.shape) * rng.choice([-1.0, 1.0], target.shape)
    weights = rng.uniform(0.5, 3.0, numbers) if weighed else None
    return Batch(predicted, target, np.arange(steps) < lengths[:, None], committed, weights)
