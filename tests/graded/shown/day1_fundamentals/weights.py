"""Weights of a test's own for a student's model, and layers that are computed from them, in float64."""

from collections.abc import Mapping
from math import erf
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = Mapping[str, Array]

_erf = np.vectorize(erf)


def draw_weights(model: Any, rng: np.random.Generator, spread: float = 0.3) -> dict[str, Array]:
    """Give the model other weights, those of norms about 1, and return them by name."""
    drawn = {}
    for name, value in model.state_dict().items():
        about = 1.0 if value.ndim == 1 and name.endswith("weight") else 0.0
        numbers = about + spread * rng.normal(size=tuple(value.shape))
        drawn[name] = torch.from_numpy(numbers).to(value.dtype)
    model.load_state_dict(drawn)
    return {name: array(value) for name, value in drawn.items()}


def array(tensor: torch.Tensor) -> Array:
    """Its numbers as float64."""
    numbers: Array = tensor.detach().double().numpy()
    return numbers


def part(weights: Weights, name: str) -> dict[str, Array]:
    """The weights of a part of the model, by their names in it."""
    return {
        key.removeprefix(f"{name}."): value for key, value in weights.items() if key.startswith(f"{name}.")
    }


def linear(weights: Weights, name: str, x: Array) -> Array:
    """A layer: every row of x times the weight, and the bias."""
    made: Array = np.einsum("...i,oi->...o", x, weights[f"{name}.weight"]) + weights[f"{name}.bias"]
    return made


def perceptron(weights: Weights, name: str, x: Array) -> Array:
    """Two layers with a GELU between, x times the share of a normal distribution below x."""
    hidden = linear(weights, f"{name}.0", x)
    return linear(weights, f"{name}.2", hidden * 0.5 * (1.0 + _erf(hidden / np.sqrt(2.0))))
