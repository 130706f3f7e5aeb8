"""What features know, asked by the simplest means: a linear probe (Alain and Bengio 2017) for the named thing's place.

Each colour and each shape has a direction. A patch is as likely to hold "the red cup" as its features lie in the
directions of red and cup, added: a softmax over the patches of a picture. Nothing else may learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from vla_course.learning.grounding.sights import AS_DRAWN, ENTITIES, PICTURE_SIZE, SHOWN, Sights
from vla_course.learning.pretraining.captions import CLEAR_PIXELS
from vla_course.learning.selfsupervised.models import GRID, WIDTH, Inputs, picked
from vla_course.learning.selfsupervised.rollouts import CAMERAS
from vla_course.simulation.scene.things import ALL_THINGS, COLOURS, SHAPES

SIDE: Final = PICTURE_SIZE / GRID
"""pixels a side of a patch"""
DECAY: Final = 1e-3
_STEPS: Final = 60


@dataclass(frozen=True, eq=False)
class Named:
    """N questions: where in a picture is this thing?

    Attributes:
        picture: (N,) which picture, the two cameras of one moment after each other.
        colour, shape: (N,) numbers, of `COLOURS` and `SHAPES`.
        middle: (N, 2) pixels, where it is.
        others: (N, K, 2) pixels, where all other things in the picture are, nan beyond them.
        moment: (N,) of which moment.
    """

    picture: NDArray[np.int64]
    colour: Tensor
    shape: Tensor
    middle: NDArray[np.float32]
    others: NDArray[np.float32]
    moment: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.picture)

    @property
    def patch(self) -> Tensor:
        """(N,) the patch that holds its middle."""
        column, row = np.clip(self.middle // SIDE, 0, GRID - 1).astype(np.int64).T
        return torch.from_numpy(row * GRID + column)

    @classmethod
    def of(cls, sights: Sights) -> Named:
        """Ask for everything that shows clearly beside others, where all looks as scenes draw it."""
        things = len(ALL_THINGS)
        pixels, middle = sights.pixels[:, : len(CAMERAS), :things], sights.middle[:, : len(CAMERAS), :things]
        drawn = (sights.look == AS_DRAWN)[:, None, None]
        several = (pixels >= SHOWN).sum(-1, keepdims=True) >= 2
        moment, camera, thing = np.nonzero((pixels >= CLEAR_PIXELS) & drawn & several)
        others = np.where((pixels >= SHOWN)[..., None], middle, np.nan)[moment, camera]
        others[np.arange(len(thing)), thing] = np.nan
        names = [ENTITIES[k].split() for k in thing.tolist()]
        return cls(
            moment * len(CAMERAS) + camera,
            torch.tensor([list(COLOURS).index(colour) for colour, _ in names]),
            torch.tensor([list(SHAPES).index(shape) for _, shape in names]),
            middle[moment, camera, thing],
            others,
            moment,
        )


class PlaceProbe(nn.Module):
    """A direction for each colour and each shape."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.colour = nn.Parameter(torch.zeros(len(COLOURS), width))
        self.shape = nn.Parameter(torch.zeros(len(SHAPES), width))

    def forward(self, features: Tensor, colour: Tensor, shape: Tensor) -> Tensor:
        """Return scores (N, P) of features (N, P, width)."""
        return torch.einsum("npw,nw->np", features, self.colour[colour] + self.shape[shape])


@dataclass(frozen=True, eq=False)
class Probed:
    """What a probe found: (N,) whether its patch is nearer to the thing than to any other, and how far px it is off."""

    right: NDArray[np.bool_]
    gap: NDArray[np.float32]


@torch.no_grad()
def features_of(model: nn.Module, inputs: Inputs, at_once: int = 128) -> Tensor:
    """Return the patches (N, P, width) of all pictures."""
    count = len(inputs[0])
    parts = [model(*picked(inputs, np.arange(k, min(k + at_once, count)))) for k in range(0, count, at_once)]
    return torch.cat(parts)


def probe(train: Tensor, asked: Named, test: Tensor, held: Named) -> Probed:
    """Fit a probe on features and questions, and ask it others.

    Features are centred and scaled by those to fit on. The problem is convex, and every probe begins at zero: probes
    differ by nothing but their features.

    Args:
        train, test: (pictures, P, width).
        asked, held: questions about those and these.

    Raises:
        ValueError: no questions to fit on.
    """
    _must_ask(asked)
    mean, deviation = train.mean((0, 1)), train.std((0, 1)).clamp_min(1e-6)
    known = ((train - mean) / deviation)[torch.from_numpy(asked.picture)]
    fitted, patch = PlaceProbe(train.shape[-1]), asked.patch
    optimizer = torch.optim.LBFGS(fitted.parameters(), max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad(set_to_none=True)
        value = F.cross_entropy(fitted(known, asked.colour, asked.shape), patch)
        value = value + DECAY * sum(weight.square().sum() for weight in fitted.parameters())
        value.backward()
        return value

    optimizer.step(loss)
    with torch.no_grad():
        seen = ((test - mean) / deviation)[torch.from_numpy(held.picture)]
        best = fitted(seen, held.colour, held.shape).argmax(-1).numpy()
    place = SIDE * (np.stack([best % GRID, best // GRID], -1) + 0.5)
    gap = np.linalg.norm(held.middle - place, axis=-1)
    away = np.linalg.norm(held.others - place[:, None], axis=-1)
    return Probed(gap <= np.nanmin(away, axis=1), gap.astype(np.float32))


def supervised(
    model: nn.Module, inputs: Inputs, asked: Named, seed: int, steps: int = 200, count: int = 32
) -> None:
    """Train a model in place with the labels that the others do not get, for comparison: probe and model at once.

    Args:
        model: says patches (N, P, WIDTH) of its inputs.
        inputs: what it is given of all pictures.
        asked: questions about them.
        seed: of chance.
        steps: of training.
        count: questions of a step.

    Raises:
        ValueError: no questions to fit on.
    """
    _must_ask(asked)
    rng, fitted = np.random.default_rng([seed, 13]), PlaceProbe()
    optimizer = torch.optim.Adam([*model.parameters(), *fitted.parameters()], 1e-3)
    for _ in range(steps):
        rows = rng.integers(len(asked), size=count)
        scores = fitted(model(*picked(inputs, asked.picture[rows])), asked.colour[rows], asked.shape[rows])
        loss = F.cross_entropy(scores, asked.patch[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def _must_ask(asked: Named) -> None:
    if not len(asked):
        raise ValueError("there are no questions to fit a probe on, expected some")


def phase_probe(
    features: Tensor, label: NDArray[np.int64], group: NDArray[np.int64], held: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell what is being done from pictures as a whole, by least squares (ridge): right or wrong, on held-out groups.

    Args:
        features: (N, P, width); their mean over patches is used.
        label: (N,) what is being done.
        group: (N,) of which episode.
        held: the episodes that are asked about; the others are fitted on.

    Raises:
        ValueError: no episode is held, or all are.
    """
    whole = features.mean(1).double().numpy()
    asked = np.isin(group, held)
    if asked.all() or not asked.any():
        raise ValueError(f"held is {held.tolist()}, expected some of the episodes in group, and not all")
    whole = (whole - whole[~asked].mean(0)) / (whole[~asked].std(0) + 1e-9)
    whole = np.column_stack([whole, np.ones(len(whole))])
    names, number = np.unique(label, return_inverse=True)
    goal = np.eye(len(names))[number]
    known = whole[~asked]
    weights = np.linalg.solve(known.T @ known + 10.0 * np.eye(whole.shape[1]), known.T @ goal[~asked])
    right: NDArray[np.bool_] = (whole[asked] @ weights).argmax(1) == number[asked]
    return right
