"""Contrastive training of both encoders: first on glimpses of single things, then on whole pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vla_course.learning.encoders.contrastive import sigmoid_loss
from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.model.going_on import GoingOn, warm_cosine
from vla_course.learning.pretraining.album import Album
from vla_course.learning.pretraining.batches import glimpses, scene_truths, whole_pictures
from vla_course.learning.pretraining.picture_phrases import Truths, phrases


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn.

    Attributes:
        seed: of batches and words.
        glimpse_steps, glimpses: steps on glimpses of single things, and how many a step. Here most is learnt, for
            a quarter of the price of a whole picture.
        steps, pictures: steps on whole pictures, and how many a step.
        captions: how many of the pictures are told in full as well; long texts cost as much as pictures.
        rate: greatest learning rate of AdamW; it rises over the first 5 % of the steps and falls as a cosine.
        decay: weight decay.
    """

    seed: int = 0
    glimpse_steps: int = 4000
    glimpses: int = 64
    steps: int = 600
    pictures: int = 32
    captions: int = 8
    rate: float = 1.5e-3
    decay: float = 0.05


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training stands: steps done of all, the mean loss of the last ones, processor seconds so far."""

    step: int
    steps: int
    loss: float
    seconds: float


def pretrain(
    model: DualEncoder,
    album: Album,
    recipe: Recipe,
    progress: Callable[[Progress], None] = lambda at: None,
    checkpoint: Path | None = None,
) -> float:
    """Train `model` in place and return the seconds of processor time that it took, all threads together.

    Args:
        progress: told every 50 steps.
        checkpoint: a file that is written as often; where it is there already, training goes on from it.

    Raises:
        ValueError: the checkpoint is that of another recipe, or of more or fewer pictures.
    """
    lesson = _Lesson(model, album, recipe, np.random.default_rng(recipe.seed))
    steps = recipe.glimpse_steps + recipe.steps
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_cosine(step, steps))
    what = f"{recipe} on {len(album)} pictures"
    run = GoingOn(what, (model, optimizer, schedule), lesson.rng, checkpoint)
    run.resume()
    model.train()
    begin, losses = time.process_time() - run.seconds, []
    for step in range(run.step, steps):
        loss = lesson.on_glimpses() if step < recipe.glimpse_steps else lesson.on_pictures()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 50 == 0 or step + 1 == steps:
            run.step, run.seconds = step + 1, time.process_time() - begin
            progress(Progress(run.step, steps, float(np.mean(losses)), run.seconds))
            losses.clear()
            run.keep()
    model.eval()
    return run.seconds


class _Lesson:
    """Draws batches and says how wrong the model is about them."""

    def __init__(self, model: DualEncoder, album: Album, recipe: Recipe, rng: np.random.Generator) -> None:
        self.model, self.album, self.recipe, self.rng = model, album, recipe, rng
        self._asked = phrases()
        self._truths = Truths(self._asked)

    def on_glimpses(self) -> Tensor:
        batch, which = glimpses(self.album, self.rng, self.recipe.glimpses)
        with torch.autocast("cpu", torch.bfloat16):
            return self._on_phrases(batch, *self.model.glimpses(batch.rgb, which))

    def on_pictures(self) -> Tensor:
        space, batch = self.model.space, whole_pictures(self.album, self.rng, self.recipe.pictures)
        captions, true, told = scene_truths(batch)
        few = slice(0, self.recipe.captions)
        with torch.autocast("cpu", torch.bfloat16):
            whole, near = self.model.pictures(batch.rgb)
            logits = space.whole_logits(whole, self.model.words(captions[few]))
            of_captions = sigmoid_loss(logits, torch.as_tensor(true[:, few]), torch.as_tensor(told[:, few]))
            return of_captions + self._on_phrases(batch, whole, near)

    def _on_phrases(self, batch: Album, whole: Tensor, near: Tensor) -> Tensor:
        """Compare pictures with every phrase, as wholes and by their best patches."""
        text = self.model.words([phrase.say(self.rng) for phrase in self._asked])
        true, told = (torch.as_tensor(part) for part in self._truths.of(batch))
        space = self.model.space
        return sigmoid_loss(space.whole_logits(whole, text), true, told) + sigmoid_loss(
            space.patch_logits(near, text), true, told
        )
