"""What a runtime changes and costs: its actions beside torch's on frames held out, its time, and which is best here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch

from vla_course.deployment.runtimes.frames import Frame
from vla_course.deployment.runtimes.model import OptimizedVLAModel
from vla_course.deployment.runtimes.variants import REFERENCE, VARIANTS
from vla_course.learning.grounding.config import Role

FAITHFUL: Final = 0.05
"""of the range -1 to 1 of an action: a runtime whose actions differ more somewhere is another policy, and its success
has to be measured before anybody lets it act"""
ALIKE: Final = 1.05
"""times as long takes as long: a clock tells no smaller difference"""
SHOWN: Final = 0.5
"""how likely a thing must be in a picture for its place to count"""


@dataclass(frozen=True)
class Parity:
    """How far a runtime is from torch on the same frames.

    Attributes:
        action: the largest difference of a number of a chunk, each from -1 to 1.
        action_mean: of all of them, the mean difference.
        pixel: the largest distance between the places in which both find a thing that shows.
        shows: the largest difference of how likely it is to show.
        frames: how many there were.
    """

    action: float
    action_mean: float
    pixel: float
    shows: float
    frames: int


def parity(
    model: OptimizedVLAModel, reference: OptimizedVLAModel, frames: Sequence[Frame], role: Role = "thing"
) -> Parity:
    """Return how far a model is from the reference on frames that neither was calibrated with.

    Raises:
        ValueError: there are none.
    """
    if not frames:
        raise ValueError("frames is empty, expected some that are held out")
    actions, pixels, shows = [], [0.0], []
    for frame in frames:
        actions.append((model(frame.known) - reference(frame.known)).abs().numpy())
        mine, true = (one.ground(one.encode(frame.rgb, frame.sentence), role) for one in (model, reference))
        apart = (mine.grounding.pixels - true.grounding.pixels).norm(dim=-1)
        pixels += apart[true.grounding.shows > SHOWN].tolist()
        shows.append(np.abs(np.subtract(mine.shows, true.shows)).max())
    return Parity(
        float(np.max(actions)), float(np.mean(actions)), max(pixels), float(np.max(shows)), len(frames)
    )


def decision(
    model: OptimizedVLAModel, frames: Iterable[Frame], role: Role = "thing"
) -> Callable[[], torch.Tensor]:
    """Return a step to be timed: the next frame's three pictures seen, a thing found in them, a chunk said."""
    moments = iter(frames)

    def step() -> torch.Tensor:
        frame = next(moments)
        model.ground(model.encode(frame.rgb, frame.sentence), role)
        return model(frame.known)

    return step


@dataclass(frozen=True)
class Measured:
    """A runtime on this machine.

    Attributes:
        variant: its name.
        p50, p95: ms, of one decision with three cameras.
        size: bytes of the three networks.
        parity: how far it is from torch.
    """

    variant: str
    p50: float
    p95: float
    size: int
    parity: Parity


def best(found: Sequence[Measured]) -> tuple[str, str]:
    """Return the variant to take on this machine, and in a sentence why.

    Of those that are faithful to torch's actions the quickest by p95; of those that are as quick, the smallest.

    Raises:
        ValueError: torch is not among them.
    """
    of = {one.variant: one for one in found}
    if REFERENCE not in of:
        raise ValueError(f"found has {', '.join(of) or 'nothing'}, expected {REFERENCE} among them")
    true = of[REFERENCE]
    faithful = [one for one in found if one.parity.action <= FAITHFUL]
    quickest = min(faithful, key=lambda one: one.p95)
    alike = [one for one in faithful if one.p95 <= ALIKE * quickest.p95]
    chosen = min(alike, key=lambda one: one.size)
    why = f"{VARIANTS[chosen.variant].says}: {chosen.p95:.3g} ms a decision at p95"
    if chosen is true:
        return chosen.variant, f"{why}, and nothing else is quicker here or as quick and smaller"
    why += f" where torch takes {true.p95:.3g}, actions within {chosen.parity.action:.1g} of its"
    smaller = [one for one in found if one.size < chosen.size]
    if smaller:
        least = min(smaller, key=lambda one: one.size)
        lacks = "no quicker" if least.parity.action <= FAITHFUL else "not faithful enough"
        why += f"; {least.variant} would be {chosen.size / least.size:.2g} times as small, and is {lacks}"
    return chosen.variant, why
