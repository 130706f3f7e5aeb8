"""A memory game with open cards: which later moment belongs to which earlier one, before and after learning by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from matplotlib.axes import Axes
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.panels.demonstrations.films import show
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture

if TYPE_CHECKING:
    from torch.nn import Module

InfoNce = Callable[..., Tensor]
"""exercise 4.7"""

APART: Final = 5
"""decisions between two moments that belong together: half a second"""
EVERY: Final = 3
"""decisions between two moments that are looked at"""
TEMPERATURE: Final = 0.1
WIDTH: Final = 32
_STEPS, _BATCH = 250, 64


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of rollouts as frozen eyes see them, each with one that lies half a second later.

    Attributes:
        frames: (n,) of the dataset.
        now, later: (n, patches * width) features of the head camera, centred and scaled.
        episodes: (n,) of which episode.
    """

    frames: NDArray[np.int64]
    now: Tensor
    later: Tensor
    episodes: NDArray[np.int64]


def moments_of(
    demonstrations: Demonstrations,
    encoders: FrozenEncoders,
    progress: Callable[[float, float], object] = lambda done, of: None,
) -> Moments:
    """Look at moments of all episodes through the head camera; `progress` is told how many of how many."""
    frames = np.concatenate(
        [np.arange(one.start, one.stop - APART, EVERY) for one in demonstrations.episodes]
    )
    wanted = np.unique(np.concatenate([frames, frames + APART]))
    seen = []
    for first in range(0, len(wanted), 64):
        rgb = demonstrations.pictures("head", wanted[first : first + 64])
        seen.append(encoders.see(rgb[:, None])[0][:, 0].flatten(1))
        progress(first, len(wanted))
    features = torch.cat(seen)
    features = (features - features.mean(0)) / features.std(0).clamp(min=1e-3) / features.shape[1] ** 0.5
    at = {frame: k for k, frame in enumerate(wanted.tolist())}
    now, later = (
        features[[at[frame] for frame in some]] for some in (frames.tolist(), (frames + APART).tolist())
    )
    return Moments(frames, now, later, demonstrations.episode_of[frames])


def learn_by(
    info_nce: InfoNce, moments: Moments, rows: NDArray[np.int64], seed: int = 0
) -> tuple[Module, list[float]]:
    """Learn a projection of what is seen by telling pairs apart; return it and its losses.

    Args:
        info_nce: exercise 4.7.
        moments: to learn from.
        rows: which of them.
        seed: of weights and batches.
    """
    rng = np.random.default_rng(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        eye = nn.Linear(moments.now.shape[1], WIDTH)
    optimiser = torch.optim.Adam(eye.parameters(), 1e-3)
    losses: list[float] = []
    for _ in range(_STEPS):
        some = rng.choice(rows, _BATCH, replace=False)
        # Two moments of one episode may be hard to tell apart, and may as well be the same to it: no negatives.
        near = np.abs(moments.frames[some][:, None] - moments.frames[some][None]) < 2 * APART
        loss = info_nce(eye(moments.now[some]), eye(moments.later[some]), TEMPERATURE, torch.from_numpy(near))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return eye.eval(), losses


@torch.no_grad()
def found(eye: Module | None, moments: Moments, rows: NDArray[np.int64], among: int, seed: int = 0) -> float:
    """Return how often the right later moment is found among so many of other moments, 0 to 1.

    Args:
        eye: projection; None: the features as they are.
        moments: to ask about.
        rows: which of them.
        among: how many candidates.
        seed: of which lie on the table together.
    """
    rng, hits, count = np.random.default_rng(seed), 0, 0
    for _ in range(60):
        some = rng.choice(rows, among, replace=False)
        now, later = (
            functional.normalize(part[some] if eye is None else eye(part[some]), dim=1)
            for part in (moments.now, moments.later)
        )
        hits += int(((now @ later.T).argmax(1) == torch.arange(among)).sum())
        count += among
    return hits / count


def cards_picture(
    demonstrations: Demonstrations,
    moments: Moments,
    tables: Mapping[str, tuple[Module | None, Sequence[int]]],
) -> Picture:
    """Draw a few cards on each table, and how probable an eye holds each pair.

    Args:
        demonstrations: the pictures are from there.
        moments: of them.
        tables: by name, an eye (None: the features as they are) and which moments lie there.
    """
    figure, panes = picture(1, len(tables), height=3.9, alt="")
    told = []
    for pane, (name, (eye, rows)) in zip(panes, tables.items(), strict=True):
        count = len(rows)
        chances = _chances(eye, moments, np.asarray(rows))
        right = int((chances.argmax(1) == np.arange(count)).sum())
        told.append(f"{name}: {right} of {count} found")
        pane.imshow(chances, cmap="Blues", vmin=0.0, vmax=1.0)
        pane.grid(visible=False)
        pane.set(xticks=[], yticks=[])
        pane.spines[:].set_visible(False)
        for row in range(count):
            for column in range(count):
                ink = "white" if chances[row, column] > 0.55 else style.INK
                text = f"{100 * chances[row, column]:.0f}"
                weight = "bold" if row == column else "normal"
                pane.text(
                    column, row, text, ha="center", va="center", color=ink, fontsize=8.5, fontweight=weight
                )
        pane.set_title(f"{name}: {right} of {count}", loc="left", fontsize=10.5)
        for k in range(count):
            frame = int(moments.frames[rows[k]])
            _card(
                pane,
                demonstrations.pictures("head", frame)[0],
                (-0.17, 1.0 - (k + 0.96) / count),
                0.92 / count,
            )
            _card(
                pane,
                demonstrations.pictures("head", frame + APART)[0],
                ((k + 0.04) / count, -0.17),
                0.92 / count,
            )
        pane.set_xlabel("half a second later", labelpad=38)
    panes[0].set_ylabel("now", labelpad=40)
    figure.alt = "Moments, and those that came half a second later. " + "; ".join(told) + "."
    return figure


def _card(pane: Axes, rgb: NDArray[np.uint8], corner: tuple[float, float], size: float) -> None:
    card = pane.inset_axes((*corner, size, size))
    show(card, rgb)


@torch.no_grad()
def _chances(eye: Module | None, moments: Moments, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    now, later = (
        functional.normalize(part[rows] if eye is None else eye(part[rows]), dim=1)
        for part in (moments.now, moments.later)
    )
    chances: NDArray[np.float32] = (now @ later.T / TEMPERATURE).softmax(1).numpy()
    return chances
