"""Layers from weights that are given."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn


def linear_of(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    """Return a layer with these weights (out, in) and this bias (out,), or none."""
    outputs, inputs = weight.shape
    layer = nn.Linear(inputs, outputs, bias=bias is not None, device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def with_weights(model: nn.Module, weights: Mapping[str, Tensor], *inputs: Any) -> Any:
    """Return `model(*inputs)` as if those of its weights were these; the gradient goes to them."""
    return torch.func.functional_call(model, dict(weights), inputs)


def method_with_weights(model: nn.Module, method: str, weights: Mapping[str, Tensor], *inputs: Any) -> Any:
    """Return the same of another method than `forward`."""
    return with_weights(
        _Method(model, method), {f"model.{name}": one for name, one in weights.items()}, *inputs
    )


class _Method(nn.Module):
    """A method of a model in place of `forward`, the only one that torch calls with other weights."""

    def __init__(self, model: nn.Module, method: str) -> None:
        super().__init__()
        self.model, self.method = model, method

    def forward(self, *inputs: Any) -> Any:
        return getattr(self.model, self.method)(*inputs)
