"""Models in memory, and which have to go: let go one by one, and as others let them go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

NAMES = ("direct", "grounder", "reader", "vision", "words", "planner", "small", "spare")


@dataclass(frozen=True)
class Loaded:
    """Models by name, in the order in which they were loaded: bytes, and s when each was used last."""

    sizes: dict[str, int]
    last_used: dict[str, float]

    @property
    def whole(self) -> int:
        """Bytes of all of them."""
        return sum(self.sizes.values())

    def going(
        self, needed: int, limit: int, order: Callable[[str], object], busy: tuple[str, ...] = ()
    ) -> list[str]:
        """Who goes, one by one in an order, until it fits."""
        left, gone = dict(self.sizes), []
        for name in sorted((name for name in self.sizes if name not in busy), key=order):
            if sum(left.values()) + needed <= limit:
                break
            gone.append(name)
            del left[name]
        return gone

    def by_age(self, needed: int, limit: int, busy: tuple[str, ...] = ()) -> list[str]:
        """The least recently used first."""
        return self.going(needed, limit, lambda name: (self.last_used[name], self.sizes[name]), busy)

    def slips(self, needed: int, limit: int) -> dict[str, list[str]]:
        """Who goes by known mistakes."""
        place = {name: number for number, name in enumerate(self.sizes)}
        ages = sorted(self.sizes, key=lambda name: self.last_used[name])
        right = self.by_age(needed, limit)
        return {
            "oldest-loaded": self.going(needed, limit, lambda name: place[name]),
            "most-recently-used": self.going(needed, limit, lambda name: -self.last_used[name]),
            "largest-first": self.going(needed, limit, lambda name: -self.sizes[name]),
            "all-of-them": ages,
            "one-at-most": right[:1],
            "needed-forgotten": self.by_age(0, limit),
        }

    def asked(self, student: Any, needed: int, limit: int, busy: tuple[str, ...] = ()) -> list[str]:
        """The student's answer."""
        return list(student.models_to_evict(self.sizes, self.last_used, needed, limit, list(busy)))


def some_loaded(rng: np.random.Generator, count: int = 6) -> Loaded:
    """So many models; the order in which they were used, loaded and sized is not the same."""
    names = [str(name) for name in rng.permutation(NAMES)[:count]]
    sizes = {name: int(size) for name, size in zip(names, 100 + 10 * rng.permutation(count), strict=True)}
    used = rng.permutation(count) + rng.uniform(0.0, 0.5, count)
    # The last one loaded was used longest ago and is not the largest: by age, place and size another one goes first.
    oldest = int(used.argmin())
    used[[oldest, -1]] = used[[-1, oldest]]
    if sizes[names[-1]] == max(sizes.values()):
        sizes[names[0]], sizes[names[-1]] = sizes[names[-1]], sizes[names[0]]
    return Loaded(sizes, {name: float(time) for name, time in zip(names, used, strict=True)})
