"""A prefix and the chunk that was decided with it, joined row by row, and as others join them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Promise:
    """What was committed (d, A), the chunk (H, A) that was answered, and how many rows have passed."""

    committed: Array
    chunk: Array
    passed: int

    def row(self, i: int) -> Array:
        """What is due i actions after the chunk was asked for."""
        return self.committed[i] if i < len(self.committed) else self.chunk[i]

    def rows(self, wanted: Iterable[Array]) -> Array:
        """Rows as an array, of the right width where there is none."""
        return np.array(list(wanted)).reshape(-1, self.chunk.shape[1])

    def left(self, passed: int) -> Array:
        """What is left once so many have passed."""
        return self.rows(self.row(i) for i in range(passed, len(self.chunk)))

    def case(self, student: Any, what: str) -> Case:
        """What is left, and what known mistakes leave."""
        d, chunk = len(self.committed), list(self.chunk)
        rest = chunk[self.passed :]
        slips = {
            "prefix-ignored": self.rows(rest),
            "prefix-before-the-chunk": self.rows([*self.committed, *rest]),
            "nothing-dropped": self.left(0),
            "prefix-dropped": self.left(d),
            "dropped-from-the-chunk-alone": self.rows([*self.committed[: len(rest)], *rest[d:]]),
            "late-answer-forgotten": self.left(min(self.passed, d)),
        }
        got = student.merge_prefix(self.committed, self.chunk, self.passed)
        return Case(what, got, self.left(self.passed), slips)


def some_promise(rng: np.random.Generator, d: int, horizon: int, passed: int) -> Promise:
    """A chunk whose first rows are nearly what was committed, as a network gives them back."""
    chunk = rng.normal(size=(horizon, 4))
    return Promise(chunk[:d] + rng.normal(scale=0.05, size=(d, 4)), chunk, passed)
