"""Nothing is trained: a new thing is what looks like those that were shown (Snell et al. 2017, with one class)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.encoders.frozen import Reads
from vla_course.learning.finetuning.showing import Lesson
from vla_course.learning.grounding.grounder import Grounder

SHARPNESS = 10.0
"""how much a difference of 1 between two cosines weighs, in units of log odds"""


class ReadsAsThing:
    """Reads a new word as "thing": what is asked of a grounder with a prototype.

    Args:
        encoders: the frozen ones.
        word: the new one.
    """

    def __init__(self, encoders: Reads, word: str) -> None:
        self._encoders, self._pattern = encoders, re.compile(rf"\b{word}\b", re.IGNORECASE)

    def read(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return the tokens (B, L, width) of sentences and their mask (B, L)."""
        return self._encoders.read([self._pattern.sub("thing", sentence) for sentence in sentences])


class PrototypeScores(nn.Module):
    """How well a patch fits a query, and how much rather it looks like the prototype than like anything else.

    Args:
        scores: of the trained grounder.
        prototype: (width,) mean direction of the patches to which hands went.
        rest: (width,) the same of all other patches of those pictures.
    """

    def __init__(self, scores: nn.Module, prototype: Tensor, rest: Tensor) -> None:
        super().__init__()
        self.scores, self.prototype, self.rest = scores, prototype, rest

    def prepare(self, patches: Tensor) -> Tensor:
        """Return what the scores see, and behind it the difference of both cosines."""
        unit = F.normalize(patches, dim=-1)
        rather = unit @ self.prototype - unit @ self.rest
        return torch.cat([self.scores.prepare(patches), rather[..., None]], -1)  # type: ignore[operator]

    def forward(self, seen: Tensor, queries: Tensor) -> Tensor:
        """Return scores (B, P)."""
        alike = F.logsigmoid(SHARPNESS * seen[..., -1])
        known: Tensor = self.scores(seen[..., :-1], queries)
        return known + alike


def with_prototype(grounder: Grounder, lesson: Lesson) -> Grounder:
    """Return a grounder that looks for what was shown: ask it for "the red thing", and it finds the red one of those.

    Args:
        grounder: trained; it is copied.
        lesson: demonstrations.
    """
    with torch.no_grad():
        patches = F.normalize(grounder.patches(lesson.coarse, lesson.finer), dim=-1)
    shown = lesson.shows == 1.0
    side = grounder.config.image_size / grounder.config.grid
    column, row = (lesson.middle[shown] / side).long().clamp(0, grounder.config.grid - 1).unbind(-1)
    seen = patches[shown]
    at = row * grounder.config.grid + column
    own = seen[torch.arange(len(seen)), at]
    prototype = F.normalize(own.mean(0), dim=0)
    rest = F.normalize(seen.sum((0, 1)) - own.sum(0), dim=0)
    taught = deepcopy(grounder)
    taught.scores = PrototypeScores(grounder.scores, prototype, rest)  # type: ignore[assignment]
    return taught
