"""One step of learning, the same on two cores, with bfloat16, and on many devices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise

if TYPE_CHECKING:
    from accelerate import Accelerator


@exercise("4.4")
def training_step(
    policy: nn.Module,
    batch: Mapping[str, Tensor],
    optimiser: torch.optim.Optimizer,
    accelerator: Accelerator,
    *,
    max_norm: float,
) -> float:
    """Change the policy's weights by one step downhill on this batch, and return its loss before the step.

    Calling `policy(batch)` gives the loss, a scalar tensor. (The policy computes it in its own forward: that call is
    where several devices agree on their gradients.) In this order:

    1. the loss, under `accelerator.autocast()`, which computes in bfloat16 where that was asked for; nothing else
       belongs under it
    2. the gradients, by `accelerator.backward(loss)`: it knows by what the loss has to be scaled
    3. clipping, by `accelerator.clip_grad_norm_`: it undoes the scaling, shortens the gradient of all weights
       together to a norm of `max_norm` at most, and returns the norm that it had; so one bad batch cannot
       throw the policy far away
    4. a step of the optimiser
    5. the gradients cleared: those of this batch must not be added to those of the next

    Args:
        policy: a module; its parameters are those that are clipped.
        batch: what the policy learns from this time.
        optimiser: of the policy's parameters.
        accelerator: of the `accelerate` library, which has prepared policy and optimiser.
        max_norm: above 0.

    Returns:
        The loss as a plain number. (A tensor would keep the whole graph of the batch alive: whoever collects the
        losses of an hour then collects the memory of an hour.)

    Raises:
        FloatingPointError: the loss, or the norm of its gradients, is nan or infinite. No weight has moved
            then, the optimiser has seen nothing of it, and no gradients are left: the last good policy still
            stands, instead of one whose every weight is nan.
    """
    # BEGIN SOLUTION
    with accelerator.autocast():
        loss = policy(batch)
    value = float(loss.detach())
    if not math.isfinite(value):
        raise FloatingPointError(f"the loss is {value}, expected a finite number: look at the batch")
    accelerator.backward(loss)
    norm = float(accelerator.clip_grad_norm_(policy.parameters(), max_norm))
    if math.isfinite(norm):
        optimiser.step()
    optimiser.zero_grad()
    if not math.isfinite(norm):
        raise FloatingPointError(f"the norm of the gradients is {norm}, expected a finite number")
    return value
    # END SOLUTION
