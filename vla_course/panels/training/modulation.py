"""What FiLM makes of a sentence: by how much each channel of what is seen is scaled and shifted."""

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

Triple = tuple[float, float, float]

_SHOWN: Final = 24
"""channels"""


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


def modulation_picture(
    policies: Mapping[str, ChunkPolicy], sentences: tuple[str, str], block: int = 0
) -> Picture:
    """Draw the scale and the shift of the channels on which two sentences differ most, a column for each policy.

    Args:
        policies: by name.
        sentences: two of the command language.
        block: of the trunk.
    """
    made = {
        name: np.stack([_pair(policy, one, block) for one in sentences]) for name, policy in policies.items()
    }
    last = list(made.values())[-1]  # (sentences, scale and shift, channels)
    shown = np.sort(np.argsort(np.abs(last[0] - last[1]).sum(0))[::-1][:_SHOWN])
    figure, panes = picture(2, len(made), height=4.2, alt="", sharex=True, sharey="row")
    told = []
    for column, (name, numbers) in enumerate(made.items()):
        for row, (rest, what) in enumerate(((1.0, "scale γ"), (0.0, "shift β"))):
            pane, values = panes[row * len(made) + column], numbers[:, row, shown]
            pane.axhline(rest, color=style.SOFT, lw=0.8)
            pane.vlines(np.arange(len(shown)), *values, color=style.SOFT, lw=1.0)
            for one, mark, colour, sentence in zip(
                values, "os", (style.LEARNER, style.EXPERT), sentences, strict=True
            ):
                pane.plot(np.arange(len(shown)), one, mark, ms=5, color=colour, label=f"“{sentence}”")
            apart = float(np.abs(values[0] - values[1]).mean())
            low, high = numbers[:, row].min(), numbers[:, row].max()
            told.append(f"{name}, {what}: {low:.2f} to {high:.2f}, apart by {apart:.2f}")
            pane.set(xticks=[])
            if column == 0:
                pane.set_ylabel(what)
        panes[column].set_title(name, loc="left", fontsize=10.5)
        panes[len(made) + column].set_xlabel(f"the {len(shown)} channels that differ most")
    handles, labels = panes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2, fontsize=9.5, frameon=False)
    figure.alt = "What FiLM makes of two sentences. " + "; ".join(told) + "."
    return figure


def _pair(policy: ChunkPolicy, sentence: str, block: int) -> NDArray[np.float32]:
    """Return scale and shift of every channel, (2, width)."""
    ones, zeros = channels(policy, sentence, block)
    return np.stack([ones - zeros, zeros])


# ---- by hand ----------------------------------------------------------------------------------------


def by_hand_picture(
    rgb: NDArray[np.uint8], settings: Mapping[str, tuple[Triple, Triple]], patch: int = 4
) -> Picture:
    """Draw three channels of a picture and their sum: as they are seen, and as a scale and a shift make them.

    The channels are how red, green and blue each patch is, compared with the picture's mean.

    Args:
        rgb: (size, size, 3).
        settings: by what was said, scale and shift of each channel.
        patch: pixels, the side of a patch; what is left over at the border is cut off.
    """
    side = rgb.shape[0] // patch
    patches = rgb[: side * patch, : side * patch].reshape(side, patch, side, patch, 3).mean((1, 3)) / 255.0
    seen = (patches - patches.mean((0, 1))).astype(np.float32)
    figure, panes = picture(len(settings), 5, height=0.35 + 1.62 * len(settings), alt="")
    told = []
    for row, (name, (scale, shift)) in enumerate(settings.items()):
        line = panes[5 * row : 5 * row + 5]
        made = np.array(scale, np.float32) * seen + np.array(shift, np.float32)
        total = made.sum(-1)
        line[0].imshow(rgb)
        line[0].set_ylabel(name, color=style.INK, fontsize=9.5)
        for channel, pane in enumerate(line[1:4]):
            pane.imshow(made[..., channel], cmap="RdBu_r", vmin=-0.6, vmax=0.6)
            pane.set_xlabel(f"γ = {scale[channel]:g}, β = {shift[channel]:g}", fontsize=9, color=style.INK)
        line[4].imshow(np.maximum(total, 0.0), cmap="Greys_r", vmin=0.0, vmax=max(float(total.max()), 1e-6))
        at = np.unravel_index(int(total.argmax()), total.shape)
        told.append(f"{name}: the sum is largest in row {at[0]}, column {at[1]} of {side}")
        if row == 0:
            for pane, title in zip(
                line, ("seen", "how red", "how green", "how blue", "their sum"), strict=True
            ):
                pane.set_title(title, loc="center", fontsize=10, fontweight="normal")
        for pane in line:
            pane.set(xticks=[], yticks=[])
            pane.grid(visible=False)
            pane.spines[:].set_visible(False)
    figure.alt = "Three channels of a picture, scaled and shifted. " + "; ".join(told) + "."
    return figure
