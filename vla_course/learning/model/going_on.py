"""A training that can be cut off at any step and goes on from its last checkpoint to the same bits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch


class Stateful(Protocol):
    """A model, an optimiser, a schedule: whatever gives its state and takes it back."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any: ...


def warm_cosine(step: int, steps: int, warm: float = 0.05) -> float:
    """Return a learning rate as a fraction of the greatest.

    It rises evenly over the first `warm` of the steps and falls as a cosine (Loshchilov & Hutter 2017).
    """
    return min((step + 1) / max(1, int(warm * steps)), 0.5 * (1.0 + math.cos(math.pi * step / steps)))


@dataclass
class GoingOn:
    """All that a training needs to go on from where it was.

    Attributes:
        what: recipe and data in words; a checkpoint of anything else is refused.
        parts: model, optimiser and what else has a state, always in this order.
        rng: draws batches; torch's own generator is kept beside it.
        path: of the checkpoint; None: none is kept.
        step: that were done.
        seconds: of processor time that they took.
    """

    what: str
    parts: Sequence[Stateful]
    rng: np.random.Generator
    path: Path | None
    step: int = 0
    seconds: float = 0.0

    def keep(self) -> None:
        """Write the checkpoint, whole or not at all."""
        if self.path is None:
            return
        states = [part.state_dict() for part in self.parts]
        chance = self.rng.bit_generator.state, torch.get_rng_state()
        part = self.path.with_suffix(".part")
        torch.save((self.what, states, chance, self.step, self.seconds), part)
        part.replace(self.path)

    def resume(self) -> None:
        """Go on from the checkpoint, where there is one.

        Raises:
            ValueError: it is of another training.
        """
        if self.path is None or not self.path.exists():
            return
        what, states, chance, step, seconds = torch.load(self.path)
        if what != self.what:
            raise ValueError(f"{self.path} is of {what}, expected {self.what}: delete it to begin anew")
        self.step, self.seconds = step, seconds
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)
        self.rng.bit_generator.state = chance[0]
        torch.set_rng_state(chance[1])
