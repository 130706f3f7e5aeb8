"""How sure a direct policy is that it will do what it is told, before it does anything.

A network that regresses says where to move, and not how sure it is. Two things are known beforehand: what it is told,
for some skills are harder than others, and how far apart the answers of its parts lie: with some of its features
dropped at random, as while it learned, it says another chunk each time, and where it has seen little they differ more
(Gal and Ghahramani 2016). How often it succeeded where they differed so is learned from episodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import nn

from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.simulation.tasks.instructions import SKILLS, Skill

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

DRAWS: Final = 32
"""chunks that are said with features dropped"""
RIDGE: Final = 0.5
"""-, of the squared weights: a skill that was tried a few times and never failed may fail the next time"""


@torch.no_grad()
def doubt(network: ChunkPolicy, inputs: Mapping[str, Floats]) -> float:
    """Return the log of how far apart the chunks lie that a network says with some of its features dropped.

    Args:
        network: trained with dropout.
        inputs: of one decision, as `Actor.inputs` returns them.

    Raises:
        ValueError: the network was trained without dropout.
    """
    if network.config.dropout == 0.0:
        raise ValueError(
            "ChunkPolicyConfig.dropout is 0.0, expected more: without it a network has no doubts"
        )
    batch = {
        name: torch.from_numpy(array)[None].expand(DRAWS, *array.shape) for name, array in inputs.items()
    }
    batch["committed"] = torch.zeros(1)[:, None, None].expand(DRAWS, network.config.horizon, len(network.low))
    batch["given"] = torch.zeros(DRAWS, dtype=torch.int64)
    dropping = [part for part in network.eval().modules() if isinstance(part, nn.Dropout)]
    try:
        for part in dropping:
            part.train()
        with torch.random.fork_rng():  # who asks for a doubt does not change what comes next
            torch.manual_seed(0)
            spread = network(batch).std(dim=0)
    finally:
        for part in dropping:
            part.eval()
    return float(spread.mean().clamp(min=1e-9).log())


@dataclass(frozen=True, eq=False)
class Confidence:
    """The probability of success of a policy, by skill and doubt.

    Attributes:
        weights: (len(SKILLS) + 2,) of the logit: of each skill, of the doubt, and of no skill in particular.
        middle, scale: by which a doubt is centred and divided.
    """

    weights: Array
    middle: float
    scale: float

    def sure(self, skill: Skill, of_doubt: float) -> float:
        """Return how likely (0 to 1) it is to do what it is told."""
        features = _features([skill], [(of_doubt - self.middle) / self.scale])
        return float(1.0 / (1.0 + np.exp(-(features @ self.weights)[0])))


def fit_confidence(skills: Sequence[Skill], doubts: Sequence[float], done: Sequence[bool]) -> Confidence:
    """Learn from episodes how doubt and skill tell success: logistic regression.

    Args:
        skills: of each episode, what was told.
        doubts: before its first action.
        done: whether it succeeded.

    Raises:
        ValueError: there is no episode, or not as many of one as of the others.
    """
    if not len(skills) == len(doubts) == len(done) > 0:
        raise ValueError(
            f"skills, doubts and done are {len(skills)}, {len(doubts)} and {len(done)} long, expected as many"
            " of each, one at least"
        )
    middle, scale = float(np.mean(doubts)), max(float(np.std(doubts)), 1e-6)
    features = _features(skills, [(one - middle) / scale for one in doubts])
    # Laplace's rule of succession: one success and one failure more, of no skill, in the middle of all doubts.
    features = np.vstack((features, *2 * [np.eye(features.shape[1])[-1]]))
    signs = np.where([*done, True, False], 1.0, -1.0)
    penalised = np.ones(features.shape[1])
    penalised[-1] = 0.0

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (features @ weights)
        wrong = 1.0 / (1.0 + np.exp(margins))
        slope = -(features * (signs * wrong)[:, None]).sum(axis=0) + 2.0 * RIDGE * penalised * weights
        return float(np.logaddexp(0.0, -margins).sum() + RIDGE * (penalised * weights**2).sum()), slope

    found = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B")
    return Confidence(found.x, middle, scale)


def _features(skills: Sequence[Skill], doubts: Sequence[float]) -> Array:
    one_of = np.array([[float(skill == name) for name in SKILLS] for skill in skills])
    return np.column_stack((one_of, doubts, np.ones(len(skills))))
