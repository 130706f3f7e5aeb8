"""What a loss pulls at, and what one bad batch does to a training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.training.parts import Loss
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

Chunks = Mapping[str, tuple[int, int]]
"""by what to call it: how many steps a chunk has of its own, and how many of them are given"""


def mean_of_means(predicted: Tensor, target: Tensor, mask: Tensor, committed: Tensor) -> Tensor:
    """Return the loss that one thinks of first: each chunk's own mean, and the mean of those."""
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted - target).abs().mean(-1) * counts
    each: Tensor = errors.sum(1) / counts.sum(1).clamp(min=1)
    return each.mean()


def pull_picture(losses: Mapping[str, Loss], chunks: Chunks, horizon: int) -> Picture:
    """Draw how strongly each loss pulls at each step of some chunks: the size of its gradient there.

    Args:
        losses: to compare, by name; the same errors are handed to all of them.
        chunks: what counts in each.
        horizon: steps of a chunk.
    """
    own = torch.tensor([[step < has for step in range(horizon)] for has, _ in chunks.values()])
    given = torch.tensor([first for _, first in chunks.values()])
    pulls = {name: _pull(loss, own, given) for name, loss in losses.items()}
    most = max(float(pull.max()) for pull in pulls.values())
    figure, panes = picture(
        1,
        len(losses),
        height=0.9 + 0.42 * len(chunks),
        alt="; ".join(
            f"{name}: "
            + ", ".join(f"{chunk} {part:.0f} %" for chunk, part in zip(chunks, _parts(pull), strict=True))
            for name, pull in pulls.items()
        )
        + " of the pull.",
        sharey=True,
    )
    for axes, (name, pull) in zip(panes, pulls.items(), strict=True):
        for row, (has, first) in enumerate(chunks.values()):
            for step in range(horizon):
                strength = float(pull[row, step]) / most if most else 0.0
                kind = "////" if step >= has else "...." if step < first else None
                axes.add_patch(
                    Rectangle(
                        (step + 0.06, row + 0.1),
                        *(0.88, 0.8),
                        facecolor=(*_rgb(style.LEARNER), strength),
                        edgecolor=style.SOFT,
                        hatch=kind,
                        lw=0.7,
                    )
                )
            part = f"{_parts(pull)[row]:.0f} %"
            axes.text(horizon + 0.2, row + 0.5, part, va="center", fontsize=9.5, color=style.INK)
        axes.set(xlim=(0, horizon + 1.6), ylim=(len(chunks), 0), xticks=[], xlabel="steps of a chunk")
        axes.set_yticks(np.arange(len(chunks)) + 0.5, list(chunks))
        axes.set_title(name, loc="left", fontsize=10.5)
        axes.tick_params(axis="y", length=0, labelcolor=style.INK)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
    return figure


def _pull(loss: Loss, own: Tensor, given: Tensor) -> NDArray[np.float32]:
    """Return the size of the gradient at each step, (chunks, horizon)."""
    predicted = torch.ones(*own.shape, 2, requires_grad=True)
    loss(predicted, torch.zeros(*own.shape, 2), own, given).backward()
    assert predicted.grad is not None
    size: NDArray[np.float32] = predicted.grad.abs().sum(-1).numpy()
    return size


def _parts(pull: NDArray[np.float32]) -> list[float]:
    """Return which part of the whole pull each chunk has, %."""
    return [100.0 * float(line.sum()) / max(float(pull.sum()), 1e-9) for line in pull]


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5))
    return red, green, blue


@dataclass(frozen=True)
class Trail:
    """The losses of a training, nan where it has none any more, and the steps that were refused."""

    losses: Sequence[float]
    refused: Sequence[int] = ()


def trails_picture(trails: Mapping[str, Trail], bad: Mapping[int, str]) -> Picture:
    """Draw the losses of trainings that all met the same bad batches.

    Args:
        trails: by name.
        bad: what is the matter with which step's batch.
    """
    colours = (style.SOFT, style.CART_TABLE, style.LEARNER, style.EXPERT)
    most = 1.2 * float(np.nanmax([one.losses[:5] for one in trails.values()]))
    figure, (axes,) = picture(
        1,
        height=3.0,
        alt="; ".join(
            f"{name}: the loss ends at {one.losses[-1]:.2f}, {len(one.refused)} steps refused"
            for name, one in trails.items()
        ),
    )
    for colour, (name, one) in zip(colours[-len(trails) :], trails.items(), strict=True):
        steps = np.arange(len(one.losses))
        axes.plot(steps, np.minimum(one.losses, most), color=colour, label=name, lw=1.6)
        gone = next(
            (k for k, loss in enumerate(one.losses) if not math.isfinite(loss) and k not in bad), None
        )
        if gone is not None:
            axes.plot(gone - 2, one.losses[gone - 2], "X", color=colour, ms=10)
            axes.annotate(
                "every weight is nan",
                *((gone, one.losses[gone - 2]), (14, 26)),
                textcoords="offset points",
                color=colour,
                fontsize=9.5,
            )
    for step, what in bad.items():
        axes.axvline(step, color=style.INK, lw=0.9, ls=":")
        axes.text(
            *(step + 0.6, 0.97, what),
            transform=axes.get_xaxis_transform(),
            va="top",
            fontsize=9.5,
            color=style.INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
    axes.set(xlabel="step", ylabel="loss of the batch", ylim=(0.0, most))
    legend_above(axes)
    return figure
