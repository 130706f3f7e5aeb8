"""What can be got better at by trying: episodes of decisions, each a few numbers added to what would have been done."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class View:
    """What is known before a decision."""

    features: Floats
    """(F,), what the policy is given"""
    privileged: Floats
    """(P,), what only the critic is given, and only in training: it may be known to a simulator alone"""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a decision."""

    view: View
    """before the next one; after the last, of the state that the episode ended in"""
    reward: float
    terminated: bool
    """done, or lost"""
    truncated: bool
    """time is up"""
    success: bool


class Decisions(Protocol):
    """Episodes of a skill, one after the other."""

    @property
    def sizes(self) -> tuple[int, int, int]:
        """F features, P privileged numbers, and A numbers of a decision."""

    @property
    def attempts(self) -> int:
        """How many episodes begin alike, those of seeds with the same `seed // attempts`: in a row they are quick."""

    def begin(self, seed: int) -> View:
        """Begin an episode; the same seed begins the same one, whatever came before."""

    def decide(self, offset: Floats) -> Outcome:
        """Carry out what would have been done, changed by `offset` (A,); 0 changes nothing."""


Make = Callable[[], AbstractContextManager[Decisions]]
"""makes a world to try things in; it is called in the process that tries them, so it must be picklable"""
