"""The policy that is learnt by trying: a small correction of what a frozen one does, nothing at first.

Residual policy learning (Silver et al. 2018; Johannink et al. 2019): what works already is kept, and only what is
missing has to be found. It begins as zero, so that step 0 does what the clone does, to the bit. It is linear, and 0
where its features are: a thousand decisions are enough to find a handful of numbers, and one can read them afterwards.
"""

from __future__ import annotations

from math import log

import torch
from torch import Tensor, nn


class Residual(nn.Module):
    """A Gaussian over corrections (A,), and a critic that says how much is still to be gained.

    Args:
        sizes: F features, P privileged numbers, A numbers of a correction.
        width: of the critic's hidden layers.
        spread: standard deviation of every number in the beginning; it is learnt.

    Attributes:
        feature_scale: (F,), what features are divided by; `settle` sets it.
        privileged_middle, privileged_scale: (P,), what privileged numbers are centred on and divided by; likewise.
    """

    def __init__(self, sizes: tuple[int, int, int], width: int = 64, spread: float = 0.35) -> None:
        super().__init__()
        self.sizes, self.width = sizes, width
        features, privileged, numbers = sizes
        self.actor = nn.Linear(features, numbers, bias=False)
        self.critic = nn.Sequential(
            *(nn.Linear(features + privileged, width), nn.Tanh()),
            *(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1)),
        )
        self.log_spread = nn.Parameter(torch.full((numbers,), log(spread)))
        nn.init.zeros_(self.actor.weight)
        self.feature_scale: Tensor
        self.privileged_middle: Tensor
        self.privileged_scale: Tensor
        self.register_buffer("feature_scale", torch.ones(features))
        self.register_buffer("privileged_middle", torch.zeros(privileged))
        self.register_buffer("privileged_scale", torch.ones(privileged))

    def settle(self, features: Tensor, privileged: Tensor) -> None:
        """Measure what comes in by what came in first: features (n, F) and privileged numbers (n, P)."""
        self.feature_scale.copy_(features.square().mean(dim=0).sqrt().clamp_min(1e-3))
        self.privileged_middle.copy_(privileged.mean(dim=0))
        self.privileged_scale.copy_(privileged.std(dim=0).clamp_min(1e-3))

    def forward(self, features: Tensor) -> Tensor:
        """Return the mean correction (B, A) for features (B, F): what it does when it is not trying anything."""
        mean: Tensor = self.actor((features / self.feature_scale).clamp(-5.0, 5.0))
        return mean

    def log_prob(self, features: Tensor, tried: Tensor) -> Tensor:
        """Return the logarithm (B,) of the probability density of corrections (B, A) that were tried."""
        return self.chances(features).log_prob(tried).sum(dim=-1)

    def chances(self, features: Tensor) -> torch.distributions.Normal:
        """Return the distribution of corrections for features (B, F)."""
        return torch.distributions.Normal(self(features), self.log_spread.exp())

    def value(self, features: Tensor, privileged: Tensor) -> Tensor:
        """Return what is still to be gained (B,), as the critic sees it."""
        seen = torch.cat(
            (
                features / self.feature_scale,
                (privileged - self.privileged_middle) / self.privileged_scale,
            ),
            dim=-1,
        )
        worth: Tensor = self.critic(seen.clamp(-5.0, 5.0)).squeeze(-1)
        return worth
