"""What one step of policy optimisation says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class PolicyLoss:
    """The loss to go downhill on, and how far the policy has come from the one that gathered the data."""

    loss: Tensor
    """a scalar with its gradient"""
    clipped: float
    """fraction of the samples, 0 to 1, whose ratio of probabilities lies outside of the clip"""
    kl: float
    """approximate divergence of the new policy from the old one, nat; not negative"""
