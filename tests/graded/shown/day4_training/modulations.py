"""What a modulation by words should do to features: patch by patch, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]
WIDTH, WORDS = 4, 3


@dataclass(frozen=True)
class Modulation:
    """The student's layer in float64, and its weights (2 W, C) and bias (2 W,)."""

    layer: Any
    weight: Array
    bias: Array

    def factors(self, words: Array) -> tuple[Array, Array]:
        """By how much more each channel counts, and by how much it is shifted, each (B, W)."""
        told = np.array(
            [
                [row @ line + offset for line, offset in zip(self.weight, self.bias, strict=True)]
                for row in words
            ]
        )
        return told[:, :WIDTH], told[:, WIDTH:]

    def modulated(self, features: Array, more: Array, shift: Array, one: float = 1.0) -> Array:
        """Every patch of a sample, channel by channel."""
        out = np.empty_like(features)
        for sample, patch, channel in np.ndindex(*features.shape):
            value = features[sample, patch, channel]
            out[sample, patch, channel] = value * (one + more[sample, channel]) + shift[sample, channel]
        return out

    def case(self, features: Array, words: Array, what: str) -> Case:
        """What the layer gives, and what known mistakes give where there are as many patches as samples."""
        more, shift = self.factors(words)
        across = np.swapaxes(self.modulated(np.swapaxes(features, 0, 1), more, shift), 0, 1)
        interleaved = np.concatenate([more, shift], axis=1)
        mistakes = {
            "one-forgotten": self.modulated(features, more, shift, one=0.0),
            "scale-and-shift-swapped": self.modulated(features, shift, more),
            "interleaved": self.modulated(features, interleaved[:, ::2], interleaved[:, 1::2]),
            "words-of-another": across,
            "words-shuffled": self.modulated(features, np.roll(more, 1, axis=0), np.roll(shift, 1, axis=0)),
            "scaled-only": self.modulated(features, more, 0.0 * shift),
            "shifted-only": self.modulated(features, 0.0 * more, shift),
            "shifted-first": self.modulated(features, more, shift * (1.0 + more)),
            "squashed": self.modulated(features, np.tanh(more), shift),
            "gated": self.modulated(features, 1.0 / (1.0 + np.exp(-more)), shift, one=0.0),
        }
        got = self.layer(torch.tensor(features), torch.tensor(words))
        return Case(what, got, self.modulated(features, more, shift), mistakes)


def some_modulation(student: Any, rng: np.random.Generator) -> Modulation:
    """A layer whose weights say something."""
    layer = student.FiLM(WIDTH, WORDS).double()
    weight, bias = rng.normal(0.0, 0.7, (2 * WIDTH, WORDS)), rng.normal(0.0, 0.7, 2 * WIDTH)
    layer.load_state_dict({"modulation.weight": torch.tensor(weight), "modulation.bias": torch.tensor(bias)})
    return Modulation(layer, weight, bias)
