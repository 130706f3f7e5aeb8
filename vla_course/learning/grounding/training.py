"""Training of a grounder on the features of frozen encoders: where it is, whether it shows, then how sure that is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from vla_course.learning.encoders.frozen import FrozenEncoders, Reads
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Batch, Lessons, batch, by_what_shows
from vla_course.learning.model.going_on import GoingOn, warm_cosine

NEAR: Final = 0.45
"""patches, how far the patches that ought to answer lie about the middle of the thing (standard deviation)"""
DENIED: Final = 0.35
"""how many of the pictures in which it does not show are learnt from"""
MARGIN: Final = 1.0
"""pixels beyond a thing's box within which a pixel is still on it: its edge is not sharper than that"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn.

    Attributes:
        seed: of weights, questions and dropout.
        steps: of training; in the last `trusting` only confidence learns, on moments kept for it.
        moments, questions: of a step, and about each of its moments.
        rate: greatest learning rate of AdamW; it rises over the first 5 % of the steps and falls as a cosine.
        decay: weight decay.
        kept: share of the moments on which nothing but confidence is trained.
    """

    seed: int = 0
    steps: int = 1200
    trusting: int = 150
    moments: int = 24
    questions: int = 4
    rate: float = 2e-3
    decay: float = 0.05
    kept: float = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training stands: steps done of all, mean losses of the last ones, processor seconds so far."""

    step: int
    steps: int
    where: float
    shows: float
    seconds: float


def train(
    grounder: Grounder,
    known: Lessons,
    encoders: FrozenEncoders,
    named: Sequence[str],
    recipe: Recipe,
    progress: Callable[[Progress], None] = lambda at: None,
    checkpoint: Path | None = None,
) -> float:
    """Train `grounder` in place and return the seconds of processor time that it took.

    Args:
        grounder: untrained, or as it is.
        known: the moments to learn from.
        encoders: those that saw them; they read the sentences.
        named: the things that sentences may name and places may be learnt of.
        recipe: how long and how fast.
        progress: told every 50 steps.
        checkpoint: a file that is written as often; where it is there already, training goes on from it.

    Raises:
        ValueError: the checkpoint is that of another recipe, or of more or fewer moments.
    """
    rng, optimizer = np.random.default_rng(recipe.seed), _optimizer(grounder, recipe)
    what = f"{recipe} of {grounder.config} on {len(known)} moments that name {len(named)} things"
    lesson = _Lesson(grounder, known, encoders, named, recipe, rng)
    torch.manual_seed(recipe.seed)
    run = GoingOn(what, (grounder, optimizer), rng, checkpoint)
    run.resume()
    begin, lost = time.process_time() - run.seconds, []
    for step in range(run.step, recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * _rate(step, recipe)
        trusting = step >= recipe.steps - recipe.trusting
        grounder.train(not trusting)
        where, shows = lesson.confidence() if trusting else lesson.places()
        optimizer.zero_grad(set_to_none=True)
        (where + shows).backward()
        torch.nn.utils.clip_grad_norm_(grounder.parameters(), 1.0)
        optimizer.step()
        lost.append((float(where.detach()), float(shows.detach())))
        if (step + 1) % 50 == 0 or step + 1 == recipe.steps:
            run.step, run.seconds = step + 1, time.process_time() - begin
            off, doubt = np.mean(lost, axis=0).tolist()
            progress(Progress(run.step, recipe.steps, off, doubt, run.seconds))
            lost.clear()
            run.keep()
    grounder.eval()
    return run.seconds


def _optimizer(grounder: Grounder, recipe: Recipe) -> torch.optim.Optimizer:
    return torch.optim.AdamW(grounder.parameters(), recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay)


def _rate(step: int, recipe: Recipe) -> float:
    """Return the share of the learning rate: up, down as a cosine; and half of it for what comes last."""
    steps = recipe.steps - recipe.trusting
    return 0.5 if step >= steps else warm_cosine(step, steps)


class _Lesson:
    """Draws batches and says how wrong the grounder is about them."""

    def __init__(
        self,
        grounder: Grounder,
        known: Lessons,
        encoders: FrozenEncoders,
        named: Sequence[str],
        recipe: Recipe,
        rng: np.random.Generator,
    ) -> None:
        self.grounder, self.known, self.encoders = grounder, known, encoders
        self.named, self.recipe, self.rng = named, recipe, rng
        self.first = len(known) - round(recipe.kept * len(known))
        self.chances = by_what_shows(known.sights.part(slice(0, self.first)), named)

    def places(self) -> tuple[Tensor, Tensor]:
        """Return how wrong places, and whether things show, are."""
        drawn = self._draw(slice(0, self.first), self.chances)
        with torch.autocast("cpu", torch.bfloat16):
            return of_batch(self.grounder, self.known, self.encoders, drawn, self.rng)

    def confidence(self) -> tuple[Tensor, Tensor]:
        """Return how wrong confidence is, on moments that nothing else has learnt from; second comes 0."""
        drawn = self._draw(slice(self.first, len(self.known)), None)
        with torch.no_grad():
            patches, queries = _read(self.grounder, self.known, self.encoders, drawn, self.first)
        found = self.grounder.find(patches[drawn.moment], queries)
        told = ~drawn.shows.isnan()
        right = (drawn.shows == 1.0) & on_it(found.pixels, drawn.box)
        loss = F.binary_cross_entropy(found.confidence[told].clamp(1e-6, 1 - 1e-6), right[told].float())
        return loss, torch.zeros(())

    def _draw(self, part: slice, chances: NDArray[np.float64] | None) -> Batch:
        recipe = self.recipe
        return batch(
            self.rng, self.known.sights.part(part), recipe.moments, recipe.questions, self.named, chances
        )


def of_batch(
    grounder: Grounder, known: Lessons, encoders: Reads, drawn: Batch, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Return how wrong a grounder is about questions that were drawn, as `losses` has it.

    Args:
        grounder: whom.
        known: moments.
        encoders: whoever reads the sentences.
        drawn: questions about some of them.
        rng: of chance: what does not show is seen on most pictures, and a part of them, `DENIED`, tells as much.
    """
    chance = torch.from_numpy(rng.random(tuple(drawn.shows.shape)))
    question, camera = ((drawn.shows == 1.0) | ((drawn.shows == 0.0) & (chance < DENIED))).nonzero().T
    patches, queries = _read(grounder, known, encoders, drawn)
    return losses(
        grounder,
        patches.flatten(0, 1),
        picture=drawn.moment[question] * drawn.shows.shape[1] + camera,
        queries=queries[question],
        shows=drawn.shows[question, camera],
        middle=drawn.middle[question, camera],
        weight=drawn.weight[question],
    )


def _read(
    grounder: Grounder, known: Lessons, encoders: Reads, drawn: Batch, first: int = 0
) -> tuple[Tensor, Tensor]:
    """Return the patches (M, cameras, P, width) of the moments, and a query for each question."""
    rows = torch.from_numpy(drawn.moments + first)
    patches = grounder.patches(known.coarse[rows].float(), known.finer[rows].float())
    words, mask = encoders.read(drawn.sentences)
    queries: Tensor = grounder.queries(words, mask)[drawn.sentence, drawn.role]
    return patches, queries


def losses(
    grounder: Grounder,
    patches: Tensor,
    *,
    picture: Tensor,
    queries: Tensor,
    shows: Tensor,
    middle: Tensor,
    weight: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return how wrong places, and whether things show, are: two scalars, to be added.

    Places: the cross-entropy of the patches with those about the thing's middle, and the negative log density of the
    middle in the patches' two-sided exponentials. Whether it shows: binary cross-entropy, those that do not count for
    as many as were left out (`DENIED`).

    Args:
        grounder: whom.
        patches: (M, P, width) of M pictures, as `grounder.patches` says them.
        picture: (N,) in which of them each of N questions is asked.
        queries: (N, attributes, attribute width).
        shows: (N,) 1 or 0.
        middle: (N, 2) pixels, of what shows.
        weight: (N,) of its place.
    """
    config = grounder.config
    flat = patches.index_select(0, picture)
    seen = grounder.scores.prepare(patches).index_select(0, picture)
    match = grounder.match(flat, seen, queries)
    there = shows == 1.0
    doubt = F.binary_cross_entropy_with_logits(
        match.shows.float(), shows, torch.where(there, 1.0, 1.0 / DENIED)
    )
    middle, side = middle[there], config.image_size / config.grid
    gap = (grounder.middles[None] - middle[:, None]) / (NEAR * side)
    wanted = (-0.5 * gap.square().sum(-1)).softmax(-1)
    which = F.cross_entropy(match.logits.float()[there], wanted, reduction="none")
    share, index = wanted.topk(4, dim=-1)
    few = flat[there].gather(1, index[..., None].expand(-1, -1, flat.shape[-1]))
    centres, spread = grounder.places(few, match.whole[there], grounder.middles[index])
    off = (centres - middle[:, None]).abs().sum(-1) / spread + 2.0 * (2.0 * spread).log()
    where = which + 0.5 * (share * off).sum(-1)
    return (where * weight[there]).sum() / weight[there].sum().clamp_min(1.0), doubt


def on_it(pixels: Tensor, box: Tensor) -> Tensor:
    """Tell which pixels (..., 2) lie in their box (..., 4) of visible pixels, or `MARGIN` beside it."""
    least, most = box[..., :2] - MARGIN, box[..., 2:] + 1.0 + MARGIN
    return ((pixels >= least) & (pixels <= most)).all(-1)
