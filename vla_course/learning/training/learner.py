"""A policy as a training sees it: a module that answers a batch with its loss, and batches drawn from examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.spoken import CONTINUOUS
from vla_course.learning.training.examples import Examples, as_seen
from vla_course.learning.training.parts import Fit, Loss

DITHER: Final = 0.1
"""-, of a range, by which what is to be said is moved at random while it is learned. The mean absolute error pulls as
hard at an error of a thousandth as at one of a half, so that nine skills that never turn keep the tenth from it; on
average over what is added it is quadratic near zero, as Huber's loss (1964) is, and its best answer the same"""
BESIDE: Final = 0.2
"""-, of a range, how far at most what is decided already lies beside what is right, in half of the chunks that begin
with such: the robot moves on from there. In demonstrations it never does, so that a state would tell as much"""
BACK: Final = 3.0
"""actions, in which a chunk comes back to what is right all but a third of the way"""
JITTER: Final = 0.03
"""-, standard deviation of the noise on states, in their own deviations: no two robots feel quite the same"""
EXTREMES: Final = (0.001, 0.999)
"""quantiles at the ends of the range of each number: a base that turns in one frame of sixty turns beyond the 99th, and
what lies far beyond its range is learned last"""


class Learner(nn.Module):
    """Answers a batch with the loss of a policy: on numbers normalised, padding and committed prefix left out."""

    def __init__(self, policy: ChunkPolicy, loss: Loss) -> None:
        super().__init__()
        self.policy, self.loss = policy, loss

    def forward(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the loss of a batch of `batch_of`, a scalar."""
        target = self.policy.normal(batch["chunks"])
        if self.training:
            target = begun_beside(target, batch["given"])
        said = self.policy({**batch, "committed": target}).float()
        if self.training:
            target = target + DITHER * (2.0 * torch.rand_like(target) - 1.0)
        return self.loss(said, target, batch["own"], batch["given"])


LearnerOf = Callable[[ChunkPolicy, Loss], nn.Module]
"""makes of a policy and a loss what answers a batch of `batch_of` with a scalar: `Learner`, or a peer of it"""


def normalise_by(policy: ChunkPolicy, examples: Examples, fit: Fit) -> None:
    """Set what a policy centres states on and how it normalises actions, from examples to learn from alone."""
    numbers = fit(examples.chunks[examples.own], *EXTREMES)
    with torch.no_grad():
        policy.low.copy_(torch.from_numpy(numbers.low))
        policy.high.copy_(torch.from_numpy(numbers.high))
        policy.state_middle.copy_(torch.from_numpy(examples.states.mean(axis=0)))
        policy.state_scale.copy_(torch.from_numpy(np.maximum(examples.states.std(axis=0), 0.02)))


def begun_beside(chunks: Tensor, given: Tensor) -> Tensor:
    """Return chunks half of which begin beside what is right, and come back to it.

    Args:
        chunks: (B, H, SIZE) normalised, as they are right.
        given: (B,) how many actions of each are decided already; 0: nothing is beside anything.
    """
    beside = BESIDE * (2.0 * torch.rand_like(chunks[:, :1]) - 1.0) * torch.from_numpy(CONTINUOUS)
    some = (torch.rand_like(beside[..., :1]) < 0.5) & (given > 0)[:, None, None]
    since = (torch.arange(chunks.shape[1]) + 1 - given[:, None]).clamp(min=0)
    return chunks + some * beside * torch.exp(-since / BACK)[..., None]


def batch_of(
    examples: Examples, rows: NDArray[np.int64], policy: ChunkPolicy, rng: np.random.Generator | None
) -> dict[str, Tensor]:
    """Return rows of examples as tensors.

    Args:
        examples: to take them from.
        rows: (B,).
        policy: that will learn from them.
        rng: draws what eyes and sensors err by, and how much of a chunk is decided already; None: nothing of it.
    """
    some = examples.of(rows)
    places, neighbours, states = some.places, some.neighbours, some.states
    given = np.zeros(len(rows), dtype=np.int64)
    if rng is not None:
        places, neighbours = as_seen(places, rng), as_seen(neighbours, rng)
        noise = rng.normal(size=states.shape).astype(np.float32) * policy.state_scale.numpy()
        states = states + np.float32(JITTER) * noise
        if policy.config.committed:
            given = rng.integers(0, policy.config.committed + 1, size=len(rows))
            given[rng.random(len(rows)) < 0.5] = 0
    arrays = {
        "told": some.told,
        "left": some.left,
        "places": places,
        "table": some.table,
        "neighbours": neighbours,
        "tools": some.tools,
        "state": states,
        "chunks": some.chunks,
        "own": some.own,
        "given": given,
    }
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}


def in_batches(count: int, size: int) -> Iterator[NDArray[np.int64]]:
    """Yield the numbers 0 to `count` in batches, in order."""
    for first in range(0, count, size):
        yield np.arange(first, min(first + size, count))
