"""What is to be told from what, without labels: pictures and words, moments close in time, one moment seen twice.

All three draw pairs that belong together and leave the rest to InfoNCE (exercise 4.7); `same` says which other pairs
of the batch mean the same and must not be pushed apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vla_course.learning.selfsupervised.models import WIDTH, Inputs, picked
from vla_course.learning.selfsupervised.rollouts import Rollouts

Objective = Literal["image-text", "time", "views"]
OBJECTIVES: Final[tuple[Objective, ...]] = get_args(Objective)
"""picture and sentence (Radford et al. 2021); neighbours in time of one camera, and both cameras at one moment (the
single-view and the multi-view time-contrastive networks of Sermanet et al. 2018)"""
NEXT: Final = 0.25
"""s, so near are two moments that belong together"""
ALIKE: Final = 1.0
"""s: moments of an episode that are so near are no negatives"""
TEMPERATURE: Final = 0.1
InfoNCE = Callable[[Tensor, Tensor, float, Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Pairs:
    """B pairs of moments.

    Attributes:
        one, other: (B,) which moments.
        same: (B, B) bool, whose pairs are no negatives.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    same: NDArray[np.bool_]


def draw_pairs(objective: Objective, rollouts: Rollouts, rng: np.random.Generator, count: int) -> Pairs:
    """Draw moments that belong together.

    Args:
        objective: one of `OBJECTIVES`.
        rollouts: whose.
        rng: of chance.
        count: of pairs, from 2 to the number of moments.

    Raises:
        ValueError: no such objective, fewer than two pairs, or more than there are moments.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective is {objective!r}, expected one of: {', '.join(OBJECTIVES)}")
    if not 2 <= count <= len(rollouts):
        raise ValueError(f"count is {count}, expected 2 to {len(rollouts)}, the moments that there are")
    one = rng.choice(len(rollouts), size=count, replace=False)
    if objective == "image-text":
        return Pairs(one, one, rollouts.sentence[one][:, None] == rollouts.sentence[one][None])
    other = one
    if objective == "time":
        other = np.array([_next(rollouts, moment, rng) for moment in one.tolist()])
    near = np.abs(rollouts.time[one][:, None] - rollouts.time[other][None]) < ALIKE
    return Pairs(one, other, near & (rollouts.episode[one][:, None] == rollouts.episode[other][None]))


def _next(rollouts: Rollouts, moment: int, rng: np.random.Generator) -> int:
    """Return another moment of the same episode, at most `NEXT` s away; where there is none the moment itself."""
    around = np.arange(max(0, moment - 3), min(len(rollouts), moment + 4))
    near = np.abs(rollouts.time[around] - rollouts.time[moment]) <= NEXT
    near &= (rollouts.episode[around] == rollouts.episode[moment]) & (around != moment)
    return int(rng.choice(around[near])) if near.any() else moment


@dataclass(frozen=True, slots=True)
class Step:
    """Where training stands: steps done of all, and the loss of the last one."""

    step: int
    steps: int
    loss: float


def learn(
    model: nn.Module,
    objective: Objective,
    rollouts: Rollouts,
    views: tuple[Inputs, Inputs],
    *,
    seed: int = 0,
    steps: int = 200,
    count: int = 32,
    rate: float = 1e-3,
    info_nce: InfoNCE | None = None,
) -> Iterator[Step]:
    """Train a model in place without labels; yields after every step.

    Pictures are compared by the mean of their patches, through a linear layer that is thrown away afterwards
    (Chen et al. 2020).

    Args:
        model: says patches (N, P, WIDTH) of its inputs.
        objective: one of `OBJECTIVES`.
        rollouts: moments.
        views: what the model is given of the pictures of both cameras.
        seed: of chance.
        steps: of training.
        count: pairs of a step.
        rate: learning rate of Adam.
        info_nce: exercise 4.7; default: the reference's.

    Raises:
        ValueError: as `draw_pairs` has it.
    """
    loss_of = info_nce or reference_info_nce()
    rng = np.random.default_rng([seed, 11])
    project, read = nn.Linear(WIDTH, WIDTH), nn.Linear(rollouts.said.shape[1], WIDTH)
    free = [*model.parameters(), *project.parameters(), *read.parameters()]
    optimizer = torch.optim.Adam(free, rate)
    for step in range(steps):
        pairs = draw_pairs(objective, rollouts, rng, count)
        view = int(rng.integers(2))
        one = project(model(*picked(views[view], pairs.one)).mean(1))
        if objective == "image-text":
            other = read(rollouts.said[torch.from_numpy(pairs.other)])
        else:
            shown = views[1 - view] if objective == "views" else views[view]
            other = project(model(*picked(shown, pairs.other)).mean(1))
        loss = loss_of(one, other, TEMPERATURE, torch.from_numpy(pairs.same))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        yield Step(step + 1, steps, float(loss.detach()))


def reference_info_nce() -> InfoNCE:
    """Return the reference's answer to exercise 4.7, loaded where it is used."""
    from vla_course.reference.day4_training.contrastive import info_nce

    return info_nce
