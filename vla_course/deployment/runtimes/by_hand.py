"""The policy's network with layers in whole numbers, made by exercises 5.5 and 5.6: no library between.

No runtime to deploy: numpy's whole numbers are slow. It shows what 8 bits do to actions, layer by layer.
"""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn

from vla_course.deployment.runtimes.parts import RuntimeParts
from vla_course.learning.policy.chunk_policy import ChunkPolicy


class IntegerLinear(nn.Module):
    """A linear layer of 8 bits.

    Args:
        layer: trained.
        parts: 5.5 and 5.6.
    """

    def __init__(self, layer: nn.Linear, parts: RuntimeParts) -> None:
        super().__init__()
        weight = layer.weight.detach().numpy()
        self.weights = parts.quantize(weight)
        self._linear = parts.linear
        self._bias = layer.bias.detach().numpy()

    def forward(self, features: Tensor) -> Tensor:
        """Return (..., out) of (..., in)."""
        rows = features.detach().flatten(0, -2).numpy()
        made = torch.from_numpy(self._linear(rows, self.weights, self._bias))
        return made.unflatten(0, features.shape[:-1])


def in_whole_numbers(policy: ChunkPolicy, parts: RuntimeParts | None = None) -> ChunkPolicy:
    """Return a policy whose linear layers are of 8 bits.

    Args:
        policy: trained.
        parts: by default the reference's.
    """
    parts = parts or RuntimeParts.reference()
    made = deepcopy(policy).eval()
    for module in list(made.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear):
                setattr(module, name, IntegerLinear(child, parts))
    return made
