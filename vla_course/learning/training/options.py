"""How a policy is trained: every number of a training in one place."""

from dataclasses import dataclass, fields
from typing import Literal

Precision = Literal["float32", "bfloat16", "measured"]


@dataclass(frozen=True)
class TrainingOptions:
    """How long, how fast, on what.

    Raises:
        ValueError: a number is out of its range; names it.
    """

    steps: int = 6000
    """of the optimiser"""
    batch: int = 256
    rate: float = 1e-3
    """greatest learning rate of AdamW; it rises over the first `warm` of the steps and falls as a cosine"""
    warm: float = 0.03
    decay: float = 0.02
    """weight decay"""
    max_norm: float = 1.0
    """of a batch's gradients"""
    average: float = 0.998
    """how much of the running mean of the weights is kept at each step; that mean is what is validated and kept"""
    held_out: float = 0.1
    """fraction of the scenes that are kept for validation"""
    every: int = 250
    """steps between two validations, each with a checkpoint"""
    patience: int = 10
    """validations without a better one after which training stops early"""
    seed: int = 0
    precision: Precision = "float32"
    """"measured": bfloat16 where a few steps show that it is quicker on this machine"""

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "every", "patience"):
            if getattr(self, name) < 1:
                self._refuse(name, "at least 1")
        for name in ("warm", "decay", "average", "held_out"):
            if not 0.0 <= getattr(self, name) < 1.0:
                self._refuse(name, "0 up to, not including, 1")
        for name in ("rate", "max_norm"):
            if not getattr(self, name) > 0.0:
                self._refuse(name, "more than 0")
        if self.precision not in ("float32", "bfloat16", "measured"):
            self._refuse("precision", "'float32', 'bfloat16' or 'measured'")

    def _refuse(self, name: str, expected: str) -> None:
        assert name in {field.name for field in fields(self)}
        raise ValueError(f"TrainingOptions.{name} is {getattr(self, name)!r}, expected {expected}")
