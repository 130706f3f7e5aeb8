"""A frozen layer with a thin change beside it: number by number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from shown.slips import Case
from vla_course.course.checking.beside import beside
from vla_course.learning.training.layers import linear_of

Array = NDArray[np.float64]
SIDE = 5


@dataclass(frozen=True)
class Adapted:
    """The student's layer in float64, and all of its weights."""

    layer: Any
    weight: Array
    bias: Array | None
    down: Array
    up: Array
    alpha: float

    @property
    def rank(self) -> int:
        return len(self.down)

    def before(self, x: Array) -> Array:
        """What the frozen layer says."""
        told = _mapped(self.weight, x)
        return told if self.bias is None else told + self.bias

    def change(self, x: Array) -> Array:
        """What is added, before it is weighed."""
        return _mapped(self.up, _mapped(self.down, x))

    def right(self, x: Array) -> Array:
        return self.before(x) + self.alpha * self.change(x) / self.rank

    def case(self, x: Array, what: str) -> Case:
        """What the layer says, and what known mistakes say."""
        before, change = self.before(x), self.change(x)
        share = self.alpha / self.rank
        mistakes = {
            "scale-forgotten": before + change,
            "rank-forgotten": before + self.alpha * change,
            "alpha-forgotten": before + change / self.rank,
            "scale-upside-down": before + change / share,
            "over-the-root": before + self.alpha / math.sqrt(self.rank) * change,
            "all-of-it-scaled": share * (before + change),
            "base-forgotten": share * change,
            "change-forgotten": before,
            "in-series": before + share * self.change(before),
            "order-swapped": before + share * _mapped(self.down.T, _mapped(self.up.T, x)),
            "bias-twice": before + share * change + (0.0 if self.bias is None else self.bias),
        }
        return Case(what, self.layer(torch.tensor(x)), self.right(x), mistakes)


def _mapped(weight: Array, x: Array) -> Array:
    """Every row of x through a matrix (out, in), one output at a time."""
    out = np.zeros((*x.shape[:-1], len(weight)))
    for place in np.ndindex(*out.shape):
        out[place] = math.fsum(weight[place[-1]] * x[place[:-1]])
    return out


def some_adapted(
    student: Any,
    rng: np.random.Generator,
    rank: int,
    inputs: int = SIDE,
    outputs: int = SIDE,
    bias: bool = True,
) -> Adapted:
    """A layer whose change says something already."""
    weight = rng.normal(size=(outputs, inputs))
    offset = rng.normal(size=outputs) if bias else None
    down, up = rng.normal(size=(rank, inputs)), rng.normal(size=(outputs, rank))
    alpha = float(rng.uniform(1.5, 2.5) * rank**1.5)
    base = beside(student, linear_of)(torch.tensor(weight), None if offset is None else torch.tensor(offset))
    layer = student.LoRALinear(base, rank, alpha)
    weights = {"base.weight": weight, "base.bias": offset, "down": down, "up": up}
    layer.load_state_dict({name: torch.tensor(part) for name, part in weights.items() if part is not None})
    return Adapted(layer, weight, offset, down, up, alpha)
