"""What goes into a vision-language-action model, to be looked at: pixels, padding, places, and who reads from whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.learning.model.attention import recorded
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.simulation.scene.cameras import PLACES, Place

if TYPE_CHECKING:
    from torch import Tensor

    from vla_course.learning.encoders.encoders import LanguageEncoder, VisionEncoder

Image = NDArray[np.uint8]
Preprocess = Callable[..., Any]

COLOURS: Final = {"vision": style.COM, "language": style.ZMP, "state": style.COP, "target": style.DCM}
"""of the modalities, in every picture of Day 1"""


def pixels_of(
    rgb: Mapping[Place, Image], encoder: VisionEncoder, preprocess_image: Preprocess
) -> list[Tensor]:
    """Return what a model wants of each camera: (1, 3, size, size)."""
    size, mean, std = encoder.image_size, encoder.mean, encoder.std
    return [preprocess_image(rgb[place], size, mean, std).unsqueeze(0) for place in PLACES]


def seen_picture(rgb: Mapping[Place, Image], encoder: VisionEncoder, preprocess_image: Preprocess) -> Picture:
    """Draw what three cameras give (above) and what is left of it for the model (below), patch by patch."""
    figure, panes = picture(
        2,
        3,
        height=5.0,
        alt=f"Above, pictures of head, chest and pelvis camera; below, the same as {encoder.image_size} x "
        f"{encoder.image_size} pixels, cut into {encoder.grid[0]} x {encoder.grid[1]} patches.",
    )
    mean, std = (torch.tensor(part).view(3, 1, 1) for part in (encoder.mean, encoder.std))
    for above, below, place, pixels in zip(
        panes[:3], panes[3:], PLACES, pixels_of(rgb, encoder, preprocess_image), strict=True
    ):
        above.imshow(rgb[place])
        above.set_title(f"{place} camera", loc="center")
        shown = (pixels[0] * std + mean).clamp(0.0, 1.0).permute(1, 2, 0).numpy()
        below.imshow(shown, extent=(0, encoder.grid[1], encoder.grid[0], 0))
        for pane in (above, below):
            pane.set(xticks=[], yticks=[])
            pane.grid(False)
        for line in range(1, encoder.grid[0]):
            below.axhline(line, color="white", lw=0.7)
        for line in range(1, encoder.grid[1]):
            below.axvline(line, color="white", lw=0.7)
        below.set_xlabel(f"{pixels.min():.1f} to {pixels.max():.1f} once normalised", fontsize=9)
    return figure


@torch.no_grad()
def padding_picture(
    encoder: LanguageEncoder,
    sentence: str,
    means: Mapping[str, Callable[[Tensor, Tensor], Tensor]],
    most: int = 24,
) -> Picture:
    """Draw how far the one vector of a sentence moves when it is filled up to that of a longer neighbour."""
    words = encoder.tokenize([sentence])
    length = words.input_ids.shape[1]
    moved: dict[str, list[float]] = {name: [] for name in means}
    firsts: dict[str, Tensor] = {}
    for padding in range(most + 1):
        fill = torch.full((1, padding), int(encoder.tokenizer.pad_token_id))
        ids = torch.cat([words.input_ids, fill], dim=1)
        mask = torch.cat([words.attention_mask, torch.zeros_like(fill)], dim=1)
        tokens = encoder(ids, mask)
        for name, mean in means.items():
            pooled = mean(tokens, mask)[0]
            first = firsts.setdefault(name, pooled)
            moved[name].append(100.0 * float((pooled - first).norm() / first.norm()))
    told = ", ".join(f"{name} {away[-1]:.0f} %" for name, away in moved.items())
    figure, (axes,) = picture(
        height=2.7,
        alt=f"How far the mean of {sentence!r} moves as padding is added, in per cent of its length; with {most} "
        f"tokens of padding: {told}.",
    )
    for (name, away), colour, dashes in zip(moved.items(), (style.ZMP, style.COP), ("--", "-"), strict=False):
        axes.plot(away, color=colour, ls=dashes, label=name)
    axes.set(
        xlabel=f"tokens of padding after the {length} of “{sentence}”", ylabel="moved by (%)", xlim=(0, most)
    )
    legend_above(axes)
    return figure


def places_picture(
    rgb: Image, grid: tuple[int, int], encode: Callable[[Tensor, int], Tensor], seed: int = 0
) -> Picture:
    """Draw a picture, a jigsaw of it, and how similar the code of one position is to those of all others."""
    rows, columns = grid
    figure, (whole, jigsaw, alike) = picture(
        1,
        3,
        height=2.9,
        alt="A picture; the same with its patches in another order; and for one patch the cosine of its "
        "position's code with that of every other position: greatest for its neighbours.",
    )
    side = min(rgb.shape[:2]) // rows * rows
    top, left = ((edge - side) // 2 for edge in rgb.shape[:2])
    square = rgb[top : top + side, left : left + side]
    patches = (
        square.reshape(rows, side // rows, columns, side // columns, 3)
        .swapaxes(1, 2)
        .reshape(rows * columns, side // rows, side // columns, 3)
    )
    mixed = patches[np.random.default_rng(seed).permutation(len(patches))]
    torn = mixed.reshape(rows, columns, side // rows, side // columns, 3).swapaxes(1, 2).reshape(square.shape)
    for axes, image, title in (
        (whole, square, "what the camera sees"),
        (jigsaw, torn, "the same bag of patches"),
    ):
        axes.imshow(image)
        _bare(axes, title)
    places = torch.cartesian_prod(torch.arange(rows), torch.arange(columns))
    codes = encode(places, 96)
    here = (rows // 2) * columns + columns // 3
    likeness = (codes @ codes[here]).reshape(rows, columns).numpy() / float(codes[here] @ codes[here])
    alike.imshow(likeness, cmap="viridis")
    alike.plot(here % columns, here // columns, "o", mfc="none", mec="white", ms=24, mew=2)
    _bare(alike, "similarity of the\nposition codes (cosine)")
    for row, line in enumerate(likeness):
        for column, value in enumerate(line):
            ink = "black" if value > (1.0 + likeness.min()) / 2.0 else "white"
            alike.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=8, color=ink)
    return figure


@torch.no_grad()
def reading_picture(fusion: Any, inputs: Sequence[Tensor | None], pieces: Sequence[str]) -> Picture:
    """Draw who reads from whom in the first fusion layer; `inputs` are those of `fuse_modalities`, for one sample."""
    with recorded(fusion.transformer) as maps:
        _, mask = fusion.fuse_modalities(*inputs)
    weights = maps[0][0].numpy()
    total, words = weights.shape[0], len(pieces)
    state = 0 if inputs[2] is None else 1
    patches = total - words - state
    edges = [0, patches, patches + words, total]
    figure, (axes,) = picture(
        height=6.0,
        width=6.6,
        alt=f"A square of attention weights: {patches} patches, {words} words and {state} state read (rows) from each "
        f"other (columns); the {int((~mask).sum())} columns of padding are empty.",
    )
    axes.imshow(np.sqrt(weights), cmap="magma")
    axes.grid(False)
    for edge in edges[1:-1]:
        axes.axhline(edge - 0.5, color="white", lw=1.0)
        axes.axvline(edge - 0.5, color="white", lw=1.0)
    ticks = [patches / 2.0, *range(patches, patches + words), *([total - 1] if state else [])]
    labels = [
        "patches",
        *("·" if piece == "[PAD]" else piece for piece in pieces),
        *(["state"] if state else []),
    ]
    axes.set_xticks(ticks, labels, rotation=90, fontsize=7.5)
    axes.set_yticks(ticks, labels, fontsize=7.5)
    axes.set(xlabel="... reads from", ylabel="who ...")
    return figure


def token_row_picture(mask: Tensor, cameras: int, patches: int, words: int, targets: int) -> Picture:
    """Draw the row of tokens of each sample, coloured by where they are from; what is masked is pale."""
    parts = [("vision", cameras * patches), ("language", words), ("state", 1), ("target", targets)]
    colours = [COLOURS[name] for name, count in parts for _ in range(count)]
    there = mask.bool().tolist()
    told = "; ".join(f"sample {k + 1}: {sum(row)} of {len(row)} there" for k, row in enumerate(there))
    figure, (axes,) = picture(
        height=1.0 + 0.45 * len(there), alt=f"Rows of tokens, coloured by modality, masked ones pale. {told}."
    )
    for row, line in enumerate(there):
        for k, (here, colour) in enumerate(zip(line, colours, strict=True)):
            axes.bar(k, 0.8, bottom=row - 0.4, width=0.8, color=colour, alpha=1.0 if here else 0.15)
    for edge in range(patches, cameras * patches + 1, patches):
        axes.axvline(edge - 0.5, color=style.SOFT, lw=0.8)
    for name, _ in parts:
        axes.bar(0, 0, color=COLOURS[name], label=name)
    axes.set_yticks(range(len(there)), [f"sample {k + 1}" for k in range(len(there))])
    axes.set(xlim=(-1, len(colours)), ylim=(len(there) - 0.5, -0.5), xlabel="token")
    axes.grid(False)
    legend_above(axes)
    return figure


def _bare(axes: Axes, title: str) -> None:
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, loc="center", fontsize=10)
    axes.grid(False)
