"""Reptile: weights from which a few steps lead to any of many tasks (Nichol, Achiam and Schulman 2018, algorithm 1).

Each round adapts the weights to a task and moves them a part of the way there: w <- w + e (w' - w). To first order that
finds weights from which gradients of one part of a task help with its other parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from vla_course.learning.finetuning.pupil import Pupil
from vla_course.learning.finetuning.showing import Lesson
from vla_course.learning.finetuning.teaching import TeachingRecipe, teach
from vla_course.learning.grounding.lessons import Lessons
from vla_course.learning.grounding.sights import ENTITIES, SHOWN
from vla_course.simulation.scene.things import SHAPES, TRAINED

ROUNDS: Final = 60
INNER: Final = 6
"""steps of a task"""
SHOWN_EACH: Final = 10
"""demonstrations of a task"""


def reptile(model: nn.Module, adapt: Callable[[int], None], rounds: int, pace: float = 0.5) -> Iterator[int]:
    """Meta-train the free weights of a model in place; yields after every round how many are done.

    Args:
        model: its weights that need a gradient are meant.
        adapt: adapts the model in place to a task, given the number of the round.
        rounds: how many, 1 or more.
        pace: e of the first round, above 0 and at most 1; it falls to 0 evenly.

    Raises:
        ValueError: rounds or pace are out of range.
    """
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}, expected 1 or more")
    if not 0.0 < pace <= 1.0:
        raise ValueError(f"pace is {pace}, expected more than 0 and at most 1")
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    for number in range(rounds):
        before = [weight.detach().clone() for weight in weights]
        adapt(number)
        with torch.no_grad():
            for weight, was in zip(weights, before, strict=True):
                weight.copy_(was.lerp(weight, pace * (1.0 - number / rounds)))
        yield number + 1


def learn_to_learn(
    pupil: Pupil, old: Lessons, seed: int, rounds: int = ROUNDS, rate: float | None = None
) -> Iterator[int]:
    """Meta-train a pupil with one new word in place: in each round it is taught that word for another known shape.

    What a cup looks like the grounder knows already; what is practised is to tie a word without meaning to a look.

    Args:
        pupil: of one new word, such as everything is free of.
        old: moments with known things, with true places.
        seed: of chance.
        rounds: how many.
        rate: of learning within a round; default: as `teach` has it.

    Returns:
        Yields after every round how many are done.

    Raises:
        ValueError: the pupil has several new words, or `rounds` is less than 1.
    """
    rng, words, shapes = np.random.default_rng([seed, 7]), pupil.words.words, tuple(SHAPES)
    if len(words) != 1:
        raise ValueError(f"pupil has the words {words}, expected one")

    def adapt(number: int) -> None:
        lesson = known_lesson(old, shapes[rng.integers(len(shapes))], words[0], rng)
        recipe = TeachingRecipe(seed=1000 * seed + number, steps=INNER, rate=rate)
        for _ in teach(pupil, lesson, recipe):
            pass

    yield from reptile(pupil, adapt, rounds)


def known_lesson(
    old: Lessons, shape: str, word: str, rng: np.random.Generator, count: int = SHOWN_EACH
) -> Lesson:
    """Return a lesson that calls things of a known shape by a new word.

    Args:
        old: moments with true places; held-out pairs in them are not named.
        shape: one of `SHAPES`.
        word: what they are called.
        rng: of chance.
        count: demonstrations.

    Raises:
        ValueError: there is no moment that shows such a thing.
    """
    names = [name for name in TRAINED if name.split()[1] == shape]
    columns = [ENTITIES.index(name) for name in names]
    shown = (old.sights.pixels[:, :, columns] >= SHOWN).any(1)
    moments, which = np.nonzero(shown)
    if not len(moments):
        raise ValueError(f"old has no moment that shows a {shape}, expected one at least")
    picked = rng.integers(len(moments), size=count)
    rows, entity = moments[picked], np.array(columns)[which[picked]]
    pixels = old.sights.pixels[rows, :, entity]
    shows = np.where(pixels >= SHOWN, 1.0, np.where(pixels == 0, 0.0, np.nan)).astype(np.float32)
    at: Tensor = torch.from_numpy(rows)
    return Lesson(
        tuple(f"{names[k].split()[0]} {word}" for k in which[picked].tolist()),
        old.coarse[at].float(),
        old.finer[at].float(),
        torch.from_numpy(shows),
        torch.from_numpy(old.sights.middle[rows, :, entity]),
    )
