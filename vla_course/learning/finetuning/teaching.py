"""A grounder is taught a new name from demonstrations, a step at a time, so that whoever calls may look in between."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from vla_course.learning.finetuning.pupil import Pupil, Way
from vla_course.learning.finetuning.showing import Lesson
from vla_course.learning.grounding.lessons import Lessons, batch
from vla_course.learning.grounding.training import losses, of_batch
from vla_course.learning.model.going_on import warm_cosine
from vla_course.simulation.scene.things import TRAINED

RATES: Final[dict[Way, float]] = {"word": 0.03, "last layers": 1e-3, "lora": 3e-3, "everything": 3e-4}
"""learning rates: the best of a few on another kind of thing than those that are reported (no file has that search)"""


@dataclass(frozen=True, slots=True)
class TeachingRecipe:
    """How long and how fast to fine-tune.

    Attributes:
        seed: of chance.
        steps: of training, each on `batch` demonstrations drawn again and again.
        batch: demonstrations of a step.
        rehearsed: old questions of a step, where old examples are at hand (rehearsal, Robins 1995).
        rate: greatest learning rate of Adam; None: that of the pupil's way in `RATES`. It rises over the first 5 % of
            the steps and falls as a cosine.

    Raises:
        ValueError: a number is out of its range; the message names it.
    """

    seed: int = 0
    steps: int = 80
    batch: int = 8
    rehearsed: int = 8
    rate: float | None = None

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "rehearsed"):
            if getattr(self, name) < 1:
                raise ValueError(f"TeachingRecipe.{name} is {getattr(self, name)}, expected 1 or more")
        if self.rate is not None and not self.rate > 0.0:
            raise ValueError(f"TeachingRecipe.rate is {self.rate}, expected more than 0")


@dataclass(frozen=True, slots=True)
class Taught:
    """Where fine-tuning stands: steps done of all, the loss of the last one, processor seconds of all so far."""

    step: int
    steps: int
    loss: float
    seconds: float


def teach(
    pupil: Pupil, lesson: Lesson, recipe: TeachingRecipe, old: Lessons | None = None
) -> Iterator[Taught]:
    """Fine-tune a pupil in place; yields before the first step and after each one. A grounder has no dropout.

    Args:
        pupil: whom.
        lesson: what is shown.
        recipe: how long and how fast.
        old: old examples, rehearsed beside; default: none.
    """
    rng = np.random.default_rng([recipe.seed, 5])
    free = pupil.learns
    rate = RATES[pupil.way] if recipe.rate is None else recipe.rate
    optimizer = torch.optim.Adam(free, rate, betas=(0.9, 0.98))
    seconds = 0.0
    yield Taught(0, recipe.steps, float("nan"), 0.0)
    for step in range(recipe.steps):
        begin = time.process_time()
        for group in optimizer.param_groups:
            group["lr"] = rate * warm_cosine(step, recipe.steps)
        loss = of_demonstrations(pupil, lesson, rng.integers(len(lesson), size=recipe.batch))
        if old is not None:
            loss = loss + of_old(pupil, old, rng, recipe.rehearsed)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        seconds += time.process_time() - begin
        yield Taught(step + 1, recipe.steps, float(loss.detach()), seconds)


def of_demonstrations(pupil: Pupil, lesson: Lesson, rows: np.ndarray) -> Tensor:
    """Return how wrong a pupil is about these demonstrations (B,): a scalar."""
    picked = torch.from_numpy(rows)
    grounder = pupil.grounder
    patches = grounder.patches(lesson.coarse[picked], lesson.finer[picked])
    words, mask = pupil.words.read([lesson.sentences[row] for row in rows])
    queries = grounder.queries(words, mask)[:, 0]
    shows = lesson.shows[picked]
    question, camera = (~shows.isnan()).nonzero().T
    where, doubt = losses(
        grounder,
        patches.flatten(0, 1),
        picture=question * shows.shape[1] + camera,
        queries=queries[question],
        shows=shows[question, camera],
        middle=lesson.middle[picked][question, camera],
        weight=torch.ones(len(question)),
    )
    return where + doubt


def of_old(pupil: Pupil, old: Lessons, rng: np.random.Generator, count: int) -> Tensor:
    """Return how wrong a pupil is about `count` moments of what it has learnt long ago: a scalar."""
    drawn = batch(rng, old.sights, count, 1, TRAINED)
    where, doubt = of_batch(pupil.grounder, old, pupil.words, drawn, rng)
    return where + doubt
