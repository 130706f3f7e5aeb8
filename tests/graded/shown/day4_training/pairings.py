"""Rows that belong together, and how surely each finds its partner: worked out choice by choice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Rows (B, W) of both sides, a temperature, and which mean the same (B, B)."""

    one: Array
    other: Array
    temperature: float
    same: Bools | None = None

    def tensors(self) -> list[Any]:
        """As `info_nce` takes them."""
        same = None if self.same is None else torch.tensor(self.same)
        return [torch.tensor(self.one), torch.tensor(self.other), self.temperature, same]

    def scores(self, normalised: bool = True) -> Array:
        """How well each row of `one` (B) fits each of `other` (B), over the temperature."""
        table = np.empty((len(self.one), len(self.other)))
        for i, row in enumerate(self.one):
            for j, column in enumerate(self.other):
                lengths = math.dist(row, 0 * row) * math.dist(column, 0 * column) if normalised else 1.0
                table[i, j] = math.fsum(row * column) / lengths / self.temperature
        return table

    def competing(self) -> Bools:
        """Which rows of `other` row i of `one` chooses from."""
        everyone = np.ones((len(self.one), len(self.other)), dtype=bool)
        return everyone if self.same is None else ~self.same | np.eye(len(self.one), dtype=bool)

    def loss(self) -> float:
        """The mean over both directions."""
        return both_ways(self.scores(), self.competing())

    def loss_with(self, score: float) -> float:
        """The loss if what takes no part were given this score instead."""
        return both_ways(np.where(self.competing(), self.scores(), score), np.ones_like(self.competing()))

    def case(self, student: Any, what: str) -> Case:
        """The loss, and what known mistakes give."""
        scores, competing = self.scores(), self.competing()
        everyone, alone = np.ones_like(competing), np.eye(len(scores), dtype=bool)
        transposed = competing if self.same is None else ~self.same.T | alone
        again = 0.5 * (choosing(scores, competing) + choosing(scores.T, competing))
        alike = alone if self.same is None else self.same | alone
        zeros = np.where(competing, scores, 0.0)
        mistakes = {
            "one-way": choosing(scores, competing),
            "one-way-back": choosing(scores.T, competing.T),
            "summed": 2.0 * self.loss(),
            "not-normalised": both_ways(self.scores(normalised=False), competing),
            "temperature-multiplied": both_ways(scores * self.temperature**2, competing),
            "temperature-forgotten": both_ways(scores * self.temperature, competing),
            "same-kept": both_ways(scores, everyone),
            "same-zeroed": both_ways(zeros, everyone),
            "same-one-way": 0.5 * (choosing(scores, competing) + choosing(scores.T, everyone)),
            "same-not-turned": again,
            "same-turned-round": both_ways(scores, transposed),
            "same-inverted": both_ways(scores, alike),
            "same-as-partners": both_ways(scores, everyone, alike),
            "partner-left-out": both_ways(scores, competing & ~alone),
        }
        return Case(what, student.info_nce(*self.tensors()), self.loss(), mistakes)


def both_ways(scores: Array, competing: Bools, right: Bools | None = None) -> float:
    turned = None if right is None else right.T
    return 0.5 * (choosing(scores, competing, right) + choosing(scores.T, competing.T, turned))


def choosing(scores: Array, competing: Bools, right: Bools | None = None) -> float:
    """The mean negative log probability with which each row chooses its partner (or one of those that are right)."""
    partners = np.eye(len(scores), dtype=bool) if right is None else right
    losses = []
    for row, some, chosen in zip(scores, competing, partners, strict=True):
        top = max(row[some], default=0.0)
        whole = math.log(math.fsum(math.exp(score - top) for score in row[some]) or 1e-300) + top
        losses.append(math.fsum(whole - score for score in row[chosen]) / int(chosen.sum()))
    return math.fsum(losses) / len(losses)


def some_pairs(
    rng: np.random.Generator, count: int, width: int = 6, same: bool = True, size: float = 1.0
) -> Pairs:
    """Partners that are near each other, of different lengths; some others mean the same, one way or both."""
    one = rng.normal(size=(count, width))
    other = one + 0.7 * rng.normal(size=(count, width))
    lengths = size * rng.uniform(0.4, 3.0, (2, count, 1))
    table = None
    if same:
        table = rng.random((count, count)) < 0.25
        table[0, 1], table[1, 0] = True, False
        table[np.arange(count), np.arange(count)] = rng.random(count) < 0.5
    return Pairs(lengths[0] * one, lengths[1] * other, float(rng.uniform(0.2, 0.5)), table)
