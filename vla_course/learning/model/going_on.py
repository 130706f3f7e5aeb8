"""A training that can be cut off at any step and goes on from its last checkpoint to the same bits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch


class NoResume(ValueError):
    """A checkpoint is damaged or of another training; says which, or in what it differs."""


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
        what: recipe and data, in words or each by its name; a checkpoint of anything else is refused.
        parts: model, optimiser and what else has a state, always in this order.
        rng: draws batches; torch's own generator is kept beside it.
        path: of the checkpoint; None: none is kept.
        step: that were done.
        seconds: of processor time that they took.
    """

    what: str | Mapping[str, object]
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
            NoResume: it is of another training, or was cut off.
        """
        if self.path is None or not self.path.exists():
            return
        try:
            what, states, chance, step, seconds = torch.load(self.path)
        except Exception as why:  # whatever a damaged file makes of itself
            raise NoResume(
                f"{self.path} cannot be read ({why}), expected a whole checkpoint: delete it to begin anew"
            ) from why
        if what != self.what:
            raise NoResume(f"{self._differs(what)}: delete it to begin anew")
        self.step, self.seconds = step, seconds
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)
        self.rng.bit_generator.state = chance[0]
        torch.set_rng_state(chance[1])

    def _differs(self, what: str | Mapping[str, object]) -> str:
        """Say in what a checkpoint of something else differs."""
        if isinstance(what, str) or isinstance(self.what, str):
            return f"{self.path} is of {what}, expected {self.what}"
        name = next(name for name in (*self.what, *what) if what.get(name) != self.what.get(name))
        return f"{self.path}: {name} is {what.get(name)!r}, expected {self.what.get(name)!r}"
