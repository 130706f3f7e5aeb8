"""A clone of the swaying expert: a small network that learns from what was observed and what the expert answered."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import torch
from torch import nn

from vla_course.panels.swaying.world import REACH, Floats

WIDTH: Final = 24
STEPS: Final = 300


class Clone(nn.Module):
    """Says where the ZMP ought to be from what is felt.

    Attributes:
        error: mm, mean absolute error on what it was taught, after teaching.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Linear(4, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 1))
        )
        self.error = float("nan")

    def __call__(self, felt: Floats) -> Floats:
        """Return actions (n, 1) or (1,) of what is felt, (n, 4) or (4,)."""
        with torch.no_grad():
            answer: Floats = self.layers(torch.from_numpy(felt)).numpy()
        return answer


def clone(data: Sequence[tuple[Floats, Floats]], seed: int = 0) -> Clone:
    """Teach a new network what the expert answered, and return it.

    Args:
        data: what was felt (4,) and the expert's action (1,), as `dagger_round` gathers them.
        seed: of the weights.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        pupil = Clone()
    teach(pupil, data, STEPS)
    return pupil


def with_adapters(old: Clone, lora: Callable[[nn.Linear, int, float], nn.Module], seed: int = 0) -> Clone:
    """Return a copy of a clone in which every layer has an adapter of rank 1, and nothing else may move.

    Args:
        old: stays as it is.
        lora: exercise 4.8.
        seed: of the adapters' weights.
    """
    new = copy.deepcopy(old)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for number, layer in enumerate(new.layers):
            if isinstance(layer, nn.Linear):
                new.layers[number] = lora(layer, 1, 2.0)
    return new


def without_adapters(new: Clone) -> Clone:
    """Return a copy of a clone without its adapters: of each, only the frozen layer."""
    old = copy.deepcopy(new)
    for number, layer in enumerate(old.layers):
        old.layers[number] = getattr(layer, "base", layer)
    return old


def teach(pupil: Clone, data: Sequence[tuple[Floats, Floats]], steps: int, rate: float = 0.01) -> None:
    """Teach a network, in place, whatever of its weights may move (Adam, L1, the rate falls as a cosine).

    Args:
        pupil: to teach.
        data: as `clone` takes it.
        steps: over all of the data at once.
        rate: of learning, at first.
    """
    felt, answers = (torch.from_numpy(np.stack(part)) for part in zip(*data, strict=True))
    free = [one for one in pupil.parameters() if one.requires_grad]
    optimiser = torch.optim.Adam(free, rate)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * 0.5 * (1.0 + np.cos(np.pi * step / steps))
        loss = (pupil.layers(felt) - answers).abs().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    pupil.error = 1000.0 * REACH * float(loss.detach())
