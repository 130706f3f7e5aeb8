"""Training of a reader: sentences drawn anew at every step, through the frozen encoder, into its heads."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.encoders.encoders import LanguageEncoder
from vla_course.learning.model.going_on import GoingOn, warm_cosine
from vla_course.learning.reading.command_reader import CommandReader, Reading
from vla_course.learning.reading.ears import Ears
from vla_course.learning.reading.fields import FIELDS, NOT_ASKED
from vla_course.learning.reading.lessons import Lesson, lesson, nonsense

TOGETHER: Final = 64
"""sentences that are padded to one length"""
KEEP_EVERY: Final = 50
"""steps between two checkpoints"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn.

    Attributes:
        seed: of sentences and weights.
        steps: of training.
        sentences: a step.
        nonsense: share of them that are no commands.
        hide: share of sentences in which words are hidden behind what their neighbours lend them (`lexicon`).
        rate: greatest learning rate of AdamW; it rises over the first 5 % of the steps and falls as a cosine.
        decay: weight decay.
    """

    seed: int = 0
    steps: int = 2400
    sentences: int = 128
    nonsense: float = 0.15
    hide: float = 0.3
    rate: float = 1.5e-3
    decay: float = 0.05


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training stands: steps done of all, the mean loss of the last ones, processor seconds so far."""

    step: int
    steps: int
    loss: float
    seconds: float


def train_reader(
    reader: CommandReader,
    language: LanguageEncoder,
    recipe: Recipe,
    progress: Callable[[Progress], None] = lambda at: None,
    checkpoint: Path | None = None,
    stop: int | None = None,
) -> tuple[int, float]:
    """Train `reader` in place and return the steps done, and the seconds of processor time that they took.

    Args:
        reader: with fresh weights.
        language: the encoder of words, frozen; its tokens are what the reader reads.
        recipe: how long and how fast; the same recipe gives the same bits.
        progress: told every `KEEP_EVERY` steps.
        checkpoint: a file that is written as often; where it is there already, training goes on from it.
        stop: the step after which to stop early, default: the recipe's last; what was done already stays done.

    Raises:
        ValueError: the checkpoint is that of another recipe.
    """
    rng = np.random.default_rng(recipe.seed)
    torch.manual_seed(recipe.seed)  # of noise and dropout
    optimizer = torch.optim.AdamW(
        reader.parameters(), recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_cosine(step, recipe.steps))
    ears = Ears.of(language)
    run = GoingOn(f"{recipe} of {reader.config}", (reader, optimizer, schedule), rng, checkpoint)
    run.resume()
    reader.train()
    begin, losses = time.process_time() - run.seconds, []
    last = min(recipe.steps, stop or recipe.steps)
    for step in range(run.step, last):
        lessons = sorted(draw(rng, recipe), key=lambda one: len(one.sentence.split()))
        reading, hidden = _read(reader, ears, lessons, recipe)
        loss = reading_loss(reading, lessons, hidden)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if (step + 1) % KEEP_EVERY == 0 or step + 1 == last:
            run.step, run.seconds = step + 1, time.process_time() - begin
            progress(Progress(run.step, recipe.steps, float(np.mean(losses)), run.seconds))
            losses.clear()
            run.keep()
    reader.eval()
    return run.step, run.seconds


def draw(rng: np.random.Generator, recipe: Recipe) -> list[Lesson]:
    """Draw the sentences of one step."""
    return [nonsense(rng) if rng.random() < recipe.nonsense else lesson(rng) for _ in range(recipe.sentences)]


def _read(
    reader: CommandReader, ears: Ears, lessons: Sequence[Lesson], recipe: Recipe
) -> tuple[Reading, Tensor]:
    """Read sentences that are sorted by their length, a few at a time: little of a batch is padding.

    Second comes in which of them (B,) a word was hidden.
    """
    readings, hidden = [], []
    for first in range(0, len(lessons), TOGETHER):
        sentences = [one.sentence for one in lessons[first : first + TOGETHER]]
        seen = ears.practise(sentences, recipe.hide)
        with torch.autocast("cpu", torch.bfloat16):
            readings.append(reader(seen.tokens, seen.mask))
        hidden.append(seen.hidden)
    whole = Reading(
        torch.cat([one.fields for one in readings]).float(),
        torch.cat([one.second for one in readings]).float(),
        torch.cat([one.belongs for one in readings]).float(),
    )
    return whole, torch.cat(hidden)


def reading_loss(reading: Reading, lessons: Sequence[Lesson], hidden: Tensor | None = None) -> Tensor:
    """Return the cross-entropy of all questions: the sum over fields of means over those sentences that answer them.

    Whether there is a second command, and whether it is a sentence of the language, are questions of their own; the
    latter is not asked where a word was never heard, or is `hidden` (B,).
    """
    right = torch.tensor([one.labels() for one in lessons])
    each = F.cross_entropy(
        reading.fields.flatten(0, 2), right.flatten(), reduction="none", ignore_index=NOT_ASKED
    )
    of_fields = each.view(-1, len(FIELDS)).sum(dim=0) / (right != NOT_ASKED).flatten(0, 1).sum(
        dim=0
    ).clamp_min(1)
    commands = torch.tensor([one.meaning is not None for one in lessons])
    told = torch.tensor([one.belongs is not None for one in lessons])
    if hidden is not None:
        told &= ~hidden
    second = torch.tensor([one.second for one in lessons]).float()
    of_count = F.binary_cross_entropy_with_logits(reading.second, second, reduction="none")
    of_language = F.binary_cross_entropy_with_logits(reading.belongs, commands.float(), reduction="none")
    loss = of_fields.sum() + (of_count * commands).sum() / commands.sum().clamp_min(1)
    return loss + (of_language * told).sum() / told.sum().clamp_min(1)
