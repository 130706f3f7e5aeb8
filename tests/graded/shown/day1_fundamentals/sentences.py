"""Rows of tokens of which some are padding, and the mean of those that are there: added up one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from shown.slips import Case, in_float32
from vla_course.course.checking.judging import expect_close

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sentences:
    """Tokens (batch, t, width), and where one is (batch, t)."""

    tokens: Array
    there: NDArray[np.bool_]

    def tensors(self, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
        """Copies, to be handed to the student."""
        return torch.tensor(self.tokens, dtype=dtype), torch.tensor(self.there)

    def means(self) -> Array:
        rows = []
        for tokens, there in zip(self.tokens, self.there, strict=True):
            present = [token for token, is_there in zip(tokens, there, strict=True) if is_there]
            sums = [math.fsum(numbers) for numbers in zip(*present, strict=True)]
            rows.append([number / len(present) for number in sums] or [0.0] * len(tokens[0]))
        return np.array(rows)

    def slips(self) -> dict[str, Array]:
        """What known mistakes give where every row has both words and padding."""
        counts, length = self.there.sum(axis=1)[:, None], self.there.shape[1]
        means, every = self.means(), self.tokens.mean(axis=1)
        return {
            "padding-counts": every,
            "divided-by-the-length": means * counts / length,
            "not-divided": means * counts,
            "mask-inverted": (every * length - means * counts) / (length - counts),
            "one-mean-for-all": np.tile(self.tokens[self.there].mean(axis=0), (len(means), 1)),
            "divided-by-the-batch": means * counts / counts.sum(),
            "first-token": self.tokens[:, 0],
            "padding-at-the-end": replace(self, there=np.arange(length) < counts).means(),
        }

    def with_zeros(self) -> Sentences:
        """The same, the first token that is there being zeros."""
        tokens = self.tokens.copy()
        tokens[np.arange(len(tokens)), self.there.argmax(axis=1)] = 0.0
        return replace(self, tokens=tokens)

    def times(self, factor: float) -> Sentences:
        return replace(self, tokens=factor * self.tokens)

    def case(self, student: Any, what: str) -> Case:
        got = student.masked_mean(*self.tensors())
        slips = {**self.slips(), "float32-inside": in_float32(got, self.means())}
        return Case(what, got, self.means(), slips)

    def expect_means(self, student: Any, what: str) -> None:
        """Expect the means where some rows are empty."""
        empty = ~self.there.any(axis=1)
        divided = np.where(empty[:, None], np.nan, self.means())
        got = student.masked_mean(*self.tensors())
        expect_close(got, self.means(), what=what, mistakes={"empty-row-divided": divided})


def some_sentences(rng: np.random.Generator, batch: int, length: int, width: int = 5) -> Sentences:
    """Every row has a word, and something else where it is filled up."""
    there = rng.random((batch, length)) < 0.6
    there[:, 0], there[:, 1] = True, False
    there = rng.permuted(there, axis=1)
    return Sentences(rng.normal(rng.normal(size=(batch, 1, width)), 1.0, (batch, length, width)), there)
