"""The mixing desk that a sentence plays on: by how much each channel is turned up, down, or round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.told import told
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.tasks.understanding import understand

_FADERS: Final = 40


def words_of(sentence: str) -> NDArray[np.float32]:
    """Return what a policy is told by a sentence, (T,). Raises UnknownCommand where it is none."""
    return told(understand(sentence).parts[0])


@torch.no_grad()
def channels(policy: ChunkPolicy, sentence: str, block: int = 0) -> NDArray[np.float32]:
    """Return what the FiLM layer of a block makes of a feature of ones, and of one of zeros, (2, width).

    The first row less the second is by how much each channel is scaled, the second by how much it is shifted.
    """
    words = policy.words(torch.from_numpy(words_of(sentence))[None])
    ones = torch.ones(1, 2, policy.config.width)
    ones[:, 1] = 0.0
    modulated: Any = policy.blocks[block]
    found: NDArray[np.float32] = modulated.film(ones, words)[0].numpy()
    return found


def desk_picture(policies: Mapping[str, ChunkPolicy], sentences: tuple[str, ...], block: int = 0) -> Picture:
    """Draw the faders that sentences move most, for each policy and sentence a row.

    Args:
        policies: by name.
        sentences: of the command language.
        block: of the trunk.
    """
    scales = {
        name: np.stack([np.subtract(*channels(policy, one, block)) for one in sentences])
        for name, policy in policies.items()
    }
    spread = list(scales.values())[-1].std(axis=0)
    shown = np.sort(np.argsort(spread)[::-1][:_FADERS])
    most = 1.1 * max(1.05, float(np.abs(list(scales.values())[-1][:, shown] - 1.0).max()))
    figure, panes = picture(
        len(policies) * len(sentences),
        height=0.5 + 1.0 * len(policies) * len(sentences),
        alt="; ".join(
            f"{name}, {sentence!r}: channels are scaled by {scale.min():.2f} to {scale.max():.2f}"
            for name, rows in scales.items()
            for sentence, scale in zip(sentences, rows, strict=True)
        ),
        sharex=True,
    )
    lines = [
        (name, sentence, scale)
        for name, rows in scales.items()
        for sentence, scale in zip(sentences, rows, strict=True)
    ]
    for pane, (name, sentence, scale) in zip(panes, lines, strict=True):
        pane.vlines(np.arange(len(shown)), 1.0 - most, 1.0 + most, color=style.GROUND, lw=3.0)
        pane.axhline(1.0, color=style.SOFT, lw=0.8)
        pane.axhline(0.0, color=style.SOFT, lw=0.8, ls=":")
        knobs = scale[shown]
        for k, knob in enumerate(knobs):
            colour = style.LEARNER if abs(knob - 1.0) > 0.05 else style.SOFT
            pane.plot(k, knob, "s", color=colour, ms=6)
        pane.set(ylim=(1.0 - most, 1.0 + most), yticks=[0.0, 1.0], xticks=[])
        pane.set_yticklabels(["off", "as is"])
        title = sentence if len(policies) == 1 else f"{name}: {sentence}"
        pane.set_title(f"“{title}”" if len(policies) == 1 else title, fontsize=10, loc="left", pad=2)
        pane.grid(visible=False)
        pane.spines[:].set_visible(False)
    panes[-1].set_xlabel(f"the {len(shown)} channels that these sentences move most")
    return figure
