"""How a policy gets better by trying: every number of a training in one place, and the parts that are exercises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.reinforcement.policy_loss import PolicyLoss

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.float32]
Advantages = Callable[..., tuple[Floats, Floats]]
Objective = Callable[["Tensor", "Tensor", "Tensor", float], PolicyLoss]


@dataclass(frozen=True)
class ImproveParts:
    """Who says how much better an action was than expected (4.9), and what to go downhill on (4.10)."""

    advantages: Advantages
    objective: Objective

    @classmethod
    def reference(cls) -> ImproveParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day4_training.advantages import advantages
        from vla_course.reference.day4_training.ppo import clipped_objective

        return cls(advantages, clipped_objective)

    def ask(self) -> None:
        """Ask both about a single decision: whoever has not written one is told so before a robot moves."""
        import torch

        no, row = np.zeros((1, 1), dtype=bool), np.zeros((2, 1), dtype=np.float32)
        self.advantages(row[1:], row, no, no, row[1:], 0.9, 0.9)
        self.objective(torch.zeros(1, requires_grad=True), torch.zeros(1), torch.zeros(1), 0.2)


@dataclass(frozen=True)
class ImproveOptions:
    """Every number of a training in one place.

    Raises:
        ValueError: a number is out of its range; names it.
    """

    rounds: int = 12
    """of trying and learning"""
    columns: int = 4
    """N, tried side by side; more than workers is fine"""
    length: int = 50
    """T, decisions of a column in a round: with as many columns, four scenes at least"""
    gamma: float = 0.95
    """discount of a decision"""
    lam: float = 0.3
    """how far surprises are looked ahead for: what a turn of the hand is worth shows at once, and all that comes later
    is noise"""
    clip: float = 0.3
    epochs: int = 12
    """times, at most, that what was tried is gone through"""
    batch: int = 50
    rate: float = 2e-2
    """learning rate of Adam"""
    worth: float = 0.5
    """of the critic's error in the loss"""
    penalty: float = 0.01
    """of the mean squared correction in the loss: what is not needed stays away"""
    farthest: float = 0.3
    """nat: when the policy has come so far from the one that tried, the round is over"""
    max_norm: float = 0.5
    """of a batch's gradients"""
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("rounds", "columns", "length", "epochs", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"ImproveOptions.{name} is {getattr(self, name)!r}, expected at least 1")
        for name in ("gamma", "lam", "clip"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise ValueError(
                    f"ImproveOptions.{name} is {getattr(self, name)!r}, expected above 0, up to 1"
                )
        for name in ("rate", "farthest", "max_norm"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"ImproveOptions.{name} is {getattr(self, name)!r}, expected more than 0")
        for name in ("worth", "penalty", "seed"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"ImproveOptions.{name} is {getattr(self, name)!r}, expected 0 or more")
