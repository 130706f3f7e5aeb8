"""Two batches that ought not to be there, and what they do to a training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.learner import Learner, batch_of, normalise_by
from vla_course.learning.training.parts import Loss, TrainingParts
from vla_course.panels.training.losses import Trail

Step = Callable[..., float]

STEPS: Final = 160
DEGREES, NOT_A_NUMBER = 60, 110
"""steps with a bad batch"""
BAD: Final[Mapping[int, str]] = {DEGREES: "actions in degrees", NOT_A_NUMBER: "a frame of nan"}


def squared_loss(predicted: Tensor, target: Tensor, mask: Tensor, committed: Tensor) -> Tensor:
    """Return the mean squared error of what counts: what a wild batch hurts most."""
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    return (predicted - target)[counts].square().mean()


def plain_step(learner: Any, batch: Any, optimiser: Any, accelerator: Any, *, max_norm: float) -> float:
    """Take the step that every tutorial begins with: nothing is looked at, nothing clipped."""
    wrong = learner(batch)
    accelerator.backward(wrong)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(wrong.detach())


def trail(step: Step, examples: Examples, loss: Loss = squared_loss, seed: int = 0) -> Trail:
    """Train a small policy for `STEPS` steps, two of them on a bad batch; go on where a step is refused.

    Args:
        step: exercise 4.4, or another one.
        examples: to draw batches from.
        loss: squared errors, or another one.
        seed: of weights and batches.
    """
    from accelerate import Accelerator

    parts, rng = TrainingParts.reference(), np.random.default_rng(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        policy = ChunkPolicy(ChunkPolicyConfig(width=64, layers=2))
    normalise_by(policy, examples, parts.fit)
    accelerator = Accelerator()
    learner = Learner(policy, loss)
    learner, optimiser = accelerator.prepare(learner, torch.optim.SGD(learner.parameters(), 0.05, 0.9))
    losses, refused = list[float](), list[int]()
    for number in range(STEPS):
        batch = batch_of(examples, rng.integers(0, len(examples), size=64), policy, rng)
        if number == DEGREES:
            batch["chunks"] = batch["chunks"].rad2deg()
        if number == NOT_A_NUMBER:
            batch["chunks"][0] = torch.nan
        try:
            losses.append(step(learner, batch, optimiser, accelerator, max_norm=1.0))
        except FloatingPointError:
            losses.append(float("nan"))
            refused.append(number)
    return Trail(losses, refused)
