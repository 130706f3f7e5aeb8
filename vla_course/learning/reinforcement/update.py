"""A round of proximal policy optimisation: from what was tried to a policy that makes the better of it likelier."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.reinforcement.options import ImproveOptions, ImproveParts
from vla_course.learning.reinforcement.policy_loss import PolicyLoss
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.reinforcement.rollout import Tried


def learn_from(
    residual: Residual,
    optimiser: torch.optim.Optimizer,
    tried: Tried,
    options: ImproveOptions,
    parts: ImproveParts,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Take the steps of a round; return what they say of themselves, by the names of `Progress`.

    Args:
        residual: learns, in place.
        optimiser: of its weights.
        tried: with the residual as it is now.
        options: how.
        parts: says how good what was tried is, and what to go downhill on.
        rng: draws the order of what was tried.

    Raises:
        FloatingPointError: the loss is not finite; the weights are those of before.
    """
    features, privileged = torch.from_numpy(tried.features), torch.from_numpy(tried.privileged)
    final = torch.from_numpy(tried.final_features), torch.from_numpy(tried.final_privileged)
    with torch.no_grad():
        values, final_values = residual.value(features, privileged).numpy(), residual.value(*final).numpy()
    gains, returns = parts.advantages(
        *(tried.rewards, values, tried.terminated, tried.truncated, final_values, options.gamma, options.lam)
    )
    explained = 1.0 - float(np.var(returns - values[:-1]) / max(float(np.var(returns)), 1e-9))
    seen, known, offsets = (
        rows_of(part) for part in (tried.features[:-1], tried.privileged[:-1], tried.offsets)
    )
    gain, goal = (torch.from_numpy(part.reshape(-1)) for part in (gains, returns))
    gain = (gain - gain.mean()) / gain.std().clamp_min(1e-6)
    with torch.no_grad():
        before = residual.log_prob(seen, offsets)
    kl, clipped = 0.0, 0.0
    for _ in range(options.epochs):
        order, told = torch.from_numpy(rng.permutation(len(seen))), list[PolicyLoss]()
        for rows in order.split(options.batch):
            now = residual.log_prob(seen[rows], offsets[rows])
            policy = parts.objective(now, before[rows], gain[rows], options.clip)
            error = (residual.value(seen[rows], known[rows]) - goal[rows]).square().mean()
            loss = policy.loss + options.worth * error
            if options.penalty:
                loss = loss + options.penalty * residual(seen[rows]).square().mean()
            if not bool(loss.isfinite()):
                raise FloatingPointError(f"the loss is {loss.item()}, expected a finite number")
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(residual.parameters(), options.max_norm)
            optimiser.step()
            told.append(policy)
        kl, clipped = (float(np.mean([getattr(one, name) for one in told])) for name in ("kl", "clipped"))
        if kl > options.farthest:
            break
    with torch.no_grad():
        correction = float(residual(seen).square().mean().sqrt())
        spread = float(residual.log_spread.exp().mean())
    return {"kl": kl, "clipped": clipped, "explained": explained, "correction": correction, "spread": spread}


def rows_of(part: NDArray[Any]) -> Tensor:
    """Return a table (T, N, k) as rows (T N, k)."""
    steps, columns, numbers = part.shape
    return torch.from_numpy(part.reshape(steps * columns, numbers))
