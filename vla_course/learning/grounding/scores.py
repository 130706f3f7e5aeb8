"""How well each patch of a picture fits a query: three ways to compare them.

`prepare` does once for all queries what depends on the patches (B, P, width) alone; what it returns is compared with
queries (B, attributes, attribute width) to scores (B, P).
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.grounding.config import GrounderConfig


class FactoredScores(nn.Module):
    """Each attribute judges on its own, and its verdicts are multiplied: red, and a cup, and on the left.

    A score is the log of a product of probabilities. No attribute can outvote another: the reddest box is no cup. So a
    pair that no training has named is found where each half of it is.
    """

    def __init__(self, config: GrounderConfig) -> None:
        super().__init__()
        self.look = nn.Linear(config.width, config.attributes * config.attribute_width)
        self.bias = nn.Parameter(torch.full((config.attributes,), 1.0))
        self.attributes = config.attributes

    def prepare(self, patches: Tensor) -> Tensor:
        """Return what each attribute sees, (B, P, attributes * attribute width)."""
        seen: Tensor = self.look(patches)
        return seen

    def forward(self, seen: Tensor, queries: Tensor) -> Tensor:
        """Return scores (B, P), 0 at most."""
        parts = seen.unflatten(-1, (self.attributes, -1))
        each = torch.einsum("bpkw,bkw->bpk", parts, queries) / queries.shape[-1] ** 0.5
        return F.logsigmoid(each.float() + self.bias).sum(-1)


class DotScores(nn.Module):
    """One product of a patch and of the query as a whole: the text-queried softmax in its plain form."""

    def __init__(self, config: GrounderConfig) -> None:
        super().__init__()
        both = config.attributes * config.attribute_width
        self.look, self.whole = nn.Linear(config.width, both), nn.Linear(both, both)

    def prepare(self, patches: Tensor) -> Tensor:
        """Return what is compared, (B, P, attributes * attribute width)."""
        seen: Tensor = self.look(patches)
        return seen

    def forward(self, seen: Tensor, queries: Tensor) -> Tensor:
        """Return scores (B, P)."""
        whole = self.whole(queries.flatten(1))
        return torch.einsum("bpw,bw->bp", seen, whole).float() / whole.shape[-1] ** 0.5


class FilmScores(nn.Module):
    """The query scales and shifts the channels of every patch (FiLM: Perez et al. 2018), a perceptron then judges."""

    def __init__(self, config: GrounderConfig) -> None:
        super().__init__()
        self.film = nn.Linear(config.attributes * config.attribute_width, 2 * config.width)
        self.judge = nn.Sequential(
            nn.GELU(), nn.Linear(config.width, config.width), nn.GELU(), nn.Linear(config.width, 1)
        )

    def prepare(self, patches: Tensor) -> Tensor:
        """Return the patches."""
        return patches

    def forward(self, seen: Tensor, queries: Tensor) -> Tensor:
        """Return scores (B, P)."""
        scale, shift = self.film(queries.flatten(1)).unsqueeze(1).chunk(2, -1)
        scores: Tensor = self.judge((1.0 + scale) * seen + shift).squeeze(-1)
        return scores.float()


SCORES: Final[dict[str, type[FactoredScores | DotScores | FilmScores]]] = {
    "factored": FactoredScores,
    "dot": DotScores,
    "film": FilmScores,
}
