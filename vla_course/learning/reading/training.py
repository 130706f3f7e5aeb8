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
from vla_course.learning.reading.command_reader import Answers, CommandReader, Reading
from vla_course.learning.reading.ears import Ears
from vla_course.learning.reading.fields import FIELDS, NOT_ASKED
from vla_course.learning.reading.lessons import Lesson, lesson
from vla_course.learning.reading.near_misses.near_misses import near_miss

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
        near_misses: share of them that are no commands.
        hide: share of sentences in which words are hidden behind what their neighbours lend them (`lexicon`).
        rate: greatest learning rate of AdamW; it rises over the first 5 % of the steps and falls as a cosine.
        decay: weight decay.
        begun: the fingerprint of the weights that it begins with; none: fresh ones.
    """

    seed: int = 0
    steps: int = 2000
    sentences: int = 128
    near_misses: float = 0.35
    hide: float = 0.3
    rate: float = 1.5e-3
    decay: float = 0.05
    begun: str = ""


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
    return [
        near_miss(rng) if rng.random() < recipe.near_misses else lesson(rng) for _ in range(recipe.sentences)
    ]


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
    best = [one.best for one in readings]
    whole = Reading(
        fields=torch.cat([one.fields for one in readings]).float(),
        second=torch.cat([one.second for one in readings]).float(),
        belongs=torch.cat([one.belongs for one in readings]).float(),
        right=torch.cat([one.right for one in readings]).float(),
        best=Answers(
            numbers=torch.cat([one.numbers for one in best]),
            logs=torch.cat([one.logs for one in best]),
            counts=torch.cat([one.counts for one in best]),
            two=torch.cat([one.two for one in best]),
        ),
    )
    return whole, torch.cat(hidden)


def reading_loss(reading: Reading, lessons: Sequence[Lesson], hidden: Tensor | None = None) -> Tensor:
    """Return the cross-entropy of all questions: the sum over fields of means over those sentences that answer them.

    Whether there is a second command, whether it is a sentence of the language and, at a second look, whether all that
    would be answered is right, are questions of their own. The second is not asked where a word is `hidden` (B,), and
    neither that nor the third where a word is one that nobody has heard.
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
    second = torch.tensor([one.second for one in lessons])
    best = reading.best
    same = ((best.numbers == right) | (right == NOT_ASKED)).flatten(1).all(dim=1)
    all_right = commands & same & (best.two == second)
    loss = of_fields.sum() + _whether(reading.second, second, commands)
    loss = loss + _whether(reading.belongs, commands, told if hidden is None else told & ~hidden)
    return loss + _whether(reading.right, all_right, told)


def _whether(odds: Tensor, truth: Tensor, asked: Tensor) -> Tensor:
    """Return the cross-entropy of a question with two answers, the mean over those sentences where it is asked."""
    each = F.binary_cross_entropy_with_logits(odds, truth.float(), reduction="none")
    return (each * asked).sum() / asked.sum().clamp_min(1)
