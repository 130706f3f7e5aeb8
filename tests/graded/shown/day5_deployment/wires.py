"""Packets that go there and back between two clocks; whoever draws them knows how long each way took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Wire:
    """n exchanges, as somebody knows them who sees both ends; s."""

    offset: Array
    """(n,) the server's clock minus the robot's, at each of them"""
    sent: Array
    """(n,) the robot's clock"""
    there: Array
    """(n,) on the wire, to the server"""
    kept: Array
    """(n,) at the server"""
    back: Array
    """(n,) on the wire, to the robot"""

    @property
    def stamps(self) -> Array:
        """What the two clocks showed (n, 4)."""
        received = self.sent + self.there + self.offset
        answered = received + self.kept
        return np.stack([self.sent, received, answered, answered - self.offset + self.back], axis=1)

    def told(self, k: int) -> Array:
        """Offset and error (2,) as exchange k tells them."""
        return np.array(
            [self.offset[k] + (self.there[k] - self.back[k]) / 2, (self.there[k] + self.back[k]) / 2]
        )

    def shortest(self, first: int) -> Array:
        """What the shortest round trip from exchange `first` on tells (2,)."""
        trips = list(self.there + self.back)
        return self.told(trips.index(min(trips[first:]), first))

    def case(self, student: Any, window: int, what: str) -> Case:
        """Offset and error, and what known mistakes give."""
        n = len(self.sent)
        first = max(0, n - window)
        offset, error = right = self.shortest(first)
        each = np.array([self.told(k) for k in range(first, n)])
        best = int(np.argmin(self.there[first:] + self.back[first:])) + first
        longer = self.there + self.kept + self.back
        by_all_time = int(np.argmin(longer[first:])) + first
        last_of_first = list(self.there + self.back)[:window]
        mistakes = {
            "sign-swapped": np.array([-offset, error]),
            "half-forgotten": np.array([2 * offset, error]),
            "one-way": np.array([self.offset[best] + self.there[best], error]),
            "whole-trip": np.array([offset, 2 * error]),
            "server-counted": np.array([self.told(by_all_time)[0], longer[by_all_time] / 2]),
            "mean": each.mean(axis=0),
            "mean-offset": np.array([each[:, 0].mean(), error]),
            "median": np.median(each, axis=0),
            "newest-believed": self.told(n - 1),
            "window-ignored": self.shortest(0),
            "oldest-window": self.told(last_of_first.index(min(last_of_first))),
        }
        return Case(what, answer(student.clock_offset(self.stamps, window)), right, mistakes)


def answer(told: Any) -> Array:
    """Offset and error (2,) as they were told."""
    return np.array([told.offset, told.error])


def some_wire(rng: np.random.Generator, n: int, drift: float = 0.0, even: bool = False) -> Wire:
    """Exchanges ten a second; each way has its queue, and now and then both are empty."""
    ways = 0.002 + rng.exponential(0.02, (2, n))
    if even:
        ways[1] = ways[0]
    sent = rng.uniform(5.0, 500.0) + 0.1 * np.arange(n) + rng.uniform(0.0, 0.02, n)
    begins = rng.choice((-1.0, 1.0)) * rng.uniform(20.0, 3000.0)
    return Wire(begins + drift * np.arange(n), sent, ways[0], rng.uniform(0.005, 0.08, n), ways[1])
