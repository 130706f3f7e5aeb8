"""A training whose every number is known beforehand: to try a training step on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

Note = Callable[[str], None]


class ScriptedTraining:
    """A policy of one layer, gradient descent, and an accelerator as that of the `accelerate` library behaves.

    The policy's loss on a batch of `inputs` (B, n) and `wanted` (B,) is the root mean square of
    `inputs @ weights - wanted`: where it fits perfectly the loss is 0, and its gradient nan. A batch may also hold a
    `penalty`, a scalar that is added to the loss and does not depend on the weights. The accelerator scales the loss
    before gradients are computed, as one does for half precision, and undoes that before they are clipped or used.

    Args:
        weights: n, to begin with.
        rate: of learning.
        scale: by which the accelerator multiplies the loss.
    """

    def __init__(self, weights: Sequence[float], rate: float, scale: float = 8.0) -> None:
        self.history: list[str] = []
        """what was called, in order: "forward", "backward", "clip" and "step", each perhaps "under autocast" """
        self.policy = _Layer(weights, self._note)
        self.accelerator = ScriptedAccelerator(self.policy, scale, self._note)
        self.optimiser = _Descent(self.policy, rate, self.accelerator, self._note)

    def _note(self, what: str) -> None:
        self.history.append(f"{what} under autocast" if torch.is_autocast_enabled("cpu") else what)

    def weights(self) -> Tensor:
        """Return a copy (n,) of the policy's weights."""
        return self.policy.weights.detach().clone()

    def leftover(self) -> float:
        """Return the norm of the gradients that lie about."""
        gradient = self.policy.weights.grad
        return 0.0 if gradient is None else float(gradient.norm())


class _Layer(nn.Module):
    def __init__(self, weights: Sequence[float], note: Note) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.tensor(weights, dtype=torch.float64))
        self.register_forward_pre_hook(lambda *_: note("forward"))  # `forward` by itself passes hooks by

    def forward(self, batch: Mapping[str, Tensor]) -> Tensor:
        errors = (batch["inputs"] * self.weights).sum(dim=1) - batch[
            "wanted"
        ]  # no product for autocast to round
        return errors.square().mean().sqrt() + batch.get("penalty", torch.zeros(()))


class ScriptedAccelerator:
    """As much of an `accelerate.Accelerator` as one step of training needs."""

    sync_gradients = True

    def __init__(self, policy: nn.Module, scale: float, note: Note) -> None:
        self._policy, self._scale, self._note = policy, scale, note
        self._is_scaled = False

    @contextmanager
    def autocast(self) -> Iterator[None]:
        """Compute in bfloat16 meanwhile."""
        with torch.autocast("cpu", torch.bfloat16):
            yield

    def backward(self, loss: Tensor, **further: Any) -> None:
        """Compute the gradients of the scaled loss."""
        self._note("backward")
        (self._scale * loss).backward(**further)
        self._is_scaled = True

    def unscale_gradients(self) -> None:
        """Undo the scaling, once."""
        if self._is_scaled:
            for parameter in self._policy.parameters():
                if parameter.grad is not None:
                    parameter.grad /= self._scale
        self._is_scaled = False

    def clip_grad_norm_(
        self, parameters: Iterable[Tensor], max_norm: float, norm_type: float = 2.0
    ) -> Tensor:
        """Shorten the gradients to that norm at most, and return the norm that they had."""
        self._note("clip")
        self.unscale_gradients()
        return nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)


class _Descent:
    """Plain gradient descent. (The first step of an optimiser of torch loads a compiler, which takes seconds.)"""

    def __init__(self, policy: nn.Module, rate: float, accelerator: ScriptedAccelerator, note: Note) -> None:
        self._weights, self._rate = [*policy.parameters()], rate
        self._accelerator, self._note = accelerator, note

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        self._note("step")
        self._accelerator.unscale_gradients()
        for weight in self._weights:
            if weight.grad is not None:
                weight.sub_(self._rate * weight.grad)

    def zero_grad(self, set_to_none: bool = True) -> None:
        for weight in self._weights:
            if set_to_none:
                weight.grad = None
            elif weight.grad is not None:
                weight.grad.zero_()
