"""Layers from weights that are given."""

from collections.abc import Mapping

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


def with_weights(model: nn.Module, weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """Return `model(x)` as if those of its weights were these; the gradient goes to them."""
    answer: Tensor = torch.func.functional_call(model, dict(weights), (x,))
    return answer
