"""The grounder: words of a sentence to places in pictures, learned on the features of frozen encoders."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.grounding.config import ROLES, GrounderConfig, Role
from vla_course.learning.grounding.found import Grounding
from vla_course.learning.grounding.scores import SCORES, DotScores, FactoredScores, FilmScores
from vla_course.learning.grounding.words import RoleQueries
from vla_course.learning.model.answers import Encoded

OFFSET: float = 12.0
"""pixels, how far from its own middle a patch may hold the thing to be"""
SPREAD: tuple[float, float] = (0.3, 8.0)
"""pixels, least and most mean deviation"""


class Patches(nn.Module):
    """Two stages of the vision encoder become one map: what is known from the coarse one, where from the finer one."""

    def __init__(self, config: GrounderConfig) -> None:
        super().__init__()
        width, self.grid = config.width, config.grid
        self.coarse = nn.Conv2d(config.patch_width, width, 1)
        self.finer = nn.Conv2d(config.finer_width, width, 1)
        self.mix = nn.Sequential(
            nn.GroupNorm(1, width),
            nn.Conv2d(width, width, 3, padding=1),
            nn.GELU(),
            nn.Conv2d(width, width, 1),
        )
        self.place = nn.Parameter(0.1 * torch.randn(config.cameras, width, config.grid, config.grid))
        self.norm = nn.LayerNorm(width)

    def forward(self, coarse: Tensor, finer: Tensor) -> Tensor:
        """Return (B, C, P, width) from (B, C, P / 4, patch width) and (B, C, P, finer width), row by row."""
        batch, cameras = coarse.shape[:2]
        half = (self.grid // 2, self.grid // 2)
        few = coarse.flatten(0, 1).transpose(1, 2).unflatten(-1, half)
        many = finer.flatten(0, 1).transpose(1, 2).unflatten(-1, (self.grid, self.grid))
        large = F.interpolate(self.coarse(few), scale_factor=2, mode="bilinear", align_corners=False)
        map_ = large + self.finer(many)
        map_ = map_ + self.mix(map_)
        map_ = map_.unflatten(0, (batch, cameras)) + self.place
        return self.norm(map_.flatten(3).transpose(2, 3))


class Match(NamedTuple):
    """How B pictures fit their queries."""

    logits: Tensor
    """(B, P)"""
    share: Tensor
    """(B, P), their softmax"""
    features: Tensor
    """(B, width), of patches by their share"""
    whole: Tensor
    """(B, width), the query in one"""
    known: Tensor
    """(B, 2 width + 2), what is judged by"""
    shows: Tensor
    """(B,) log odds that it shows"""


class Grounder(nn.Module):
    """Finds what a sentence names in the pictures of several cameras.

    Args:
        config: default: that of the grounder that the course ships.
    """

    def __init__(self, config: GrounderConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or GrounderConfig()
        width, attributes = config.width, config.attributes
        self.queries = RoleQueries(config)
        self.patches = Patches(config)
        self.scores: FactoredScores | DotScores | FilmScores = SCORES[config.scores](config)
        self.whole = nn.Linear(attributes * config.attribute_width, width)
        self.where = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 3))
        self.judge = nn.Sequential(nn.Linear(2 * width + 2, width), nn.GELU(), nn.Linear(width, 1))
        self.trust = nn.Sequential(nn.Linear(2 * width + 5, width), nn.GELU(), nn.Linear(width, 1))
        side = config.image_size / config.grid
        middles = side * (torch.arange(config.grid) + 0.5)
        down, across = torch.meshgrid(middles, middles, indexing="ij")
        self.middles: Tensor
        self.register_buffer("middles", torch.stack([across.flatten(), down.flatten()], -1), persistent=False)

    @torch.no_grad()
    def ground(self, encoded: Encoded, role: Role) -> Grounding:
        """Return where what has that role in each sentence is, as far as it shows.

        Args:
            encoded: what the shipped encoders say of pictures and sentences, with the `finer` stage.
            role: one of `ROLES`; of a bare noun phrase "thing".

        Raises:
            ValueError: another role; tokens of other encoders, another number of cameras, or no finer stage.
        """
        if role not in ROLES:
            raise ValueError(f"role is {role!r}, expected one of: {', '.join(ROLES)}")
        self.check(encoded)
        patches = self.patches(torch.stack(encoded.cameras, 1), torch.stack(encoded.finer, 1))
        queries = self.queries(encoded.words, encoded.word_mask)
        return self.find(patches, queries[:, ROLES.index(role)])

    def check(self, encoded: Encoded) -> None:
        """Refuse what this grounder was not made for; raises ValueError."""
        config, count = self.config, self.config.grid**2
        if len(encoded.finer) != len(encoded.cameras):
            raise ValueError(
                f"encoded has finer features of {len(encoded.finer)} of {len(encoded.cameras)} cameras, expected all: "
                "the vision encoder has no stage with four patches in place of one"
            )
        if len(encoded.cameras) != config.cameras:
            raise ValueError(f"encoded has {len(encoded.cameras)} cameras, expected {config.cameras}")
        for name, tokens, expected in (
            ("cameras[0]", encoded.cameras[0], (count // 4, config.patch_width)),
            ("finer[0]", encoded.finer[0], (count, config.finer_width)),
        ):
            if tuple(tokens.shape[1:]) != expected:
                raise ValueError(f"encoded.{name} is {tuple(tokens.shape)}, expected (batch, *{expected})")
        if encoded.words.shape[-1] != config.word_width:
            raise ValueError(
                f"encoded.words is {tuple(encoded.words.shape)}, expected width {config.word_width}"
            )

    def find(self, patches: Tensor, queries: Tensor) -> Grounding:
        """Compare patches (B, C, P, width) with a query each, (B, attributes, attribute width)."""
        split = patches.shape[:2]
        flat, query = patches.flatten(0, 1), queries.repeat_interleave(split[1], 0)
        match = self.match(flat, self.scores.prepare(flat), query)
        centres, spread = self.places(flat, match.whole, self.middles)
        share, best = match.share, match.logits.argmax(-1)
        near = share * self._near(best)
        around = near.sum(-1, keepdim=True)
        pixels = torch.einsum("bp,bpx->bx", near / around, centres)
        doubt = [match.known, match.shows[:, None], around, spread.gather(-1, best[:, None])]
        trust = self.trust(torch.cat(doubt, -1).detach()).squeeze(-1)
        found = (
            match.logits,
            pixels,
            match.shows.sigmoid(),
            trust.sigmoid(),
            match.features,
            centres,
            spread,
        )
        return Grounding(*(part.unflatten(0, split) for part in found))

    def match(self, patches: Tensor, seen: Tensor, queries: Tensor) -> Match:
        """Compare each of B pictures with its query.

        Args:
            patches: (B, P, width).
            seen: what `scores.prepare` says of them.
            queries: (B, attributes, attribute width).
        """
        logits, whole = self.scores(seen, queries), self.whole(queries.flatten(1))
        share = logits.softmax(-1)
        features = torch.einsum("bp,bpw->bw", share.to(patches.dtype), patches)
        signs = torch.stack([logits.amax(-1), logits.logsumexp(-1)], -1)
        known = torch.cat([features, whole, signs.to(features.dtype)], -1)
        return Match(logits, share, features, whole, known, self.judge(known).squeeze(-1))

    def places(self, patches: Tensor, whole: Tensor, middles: Tensor) -> tuple[Tensor, Tensor]:
        """Return where each patch (B, P, width) holds the thing to be, (B, P, 2) pixels, and how exactly, (B, P)."""
        told = self.where(patches * (1.0 + whole.unsqueeze(1))).float()
        least, most = SPREAD
        centres = middles + OFFSET * torch.tanh(told[..., :2])
        return centres, least + (most - least) * torch.sigmoid(told[..., 2] - 1.0)

    def _near(self, best: Tensor) -> Tensor:
        """Return (B, P): which patches are the best one and those beside it."""
        grid = self.config.grid
        index = torch.arange(grid * grid, device=best.device)
        rows = (index // grid)[None] - (best // grid)[:, None]
        columns = (index % grid)[None] - (best % grid)[:, None]
        return (rows.abs().clamp_min(columns.abs()) <= 1).float()
