"""What the encoders make of pictures and words: which caption fits which scene, and where a phrase is in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import ipywidgets
import numpy as np
import torch
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.learning.pretraining.captions import caption
from vla_course.learning.pretraining.retrieval import Gallery, crowded, fits, shuffled
from vla_course.learning.pretraining.snapshots import Studio
from vla_course.panels.drawing.style import INK, SOFT, ZMP, Picture, picture
from vla_course.simulation.scene.things import TRAINED

if TYPE_CHECKING:
    from vla_course.learning.encoders.dual_encoder import DualEncoder

Array = NDArray[np.float32]
Image = NDArray[np.uint8]


def scenes_of(names: Sequence[str], seed: int = 0) -> Gallery:
    """Photograph each thing alone on a table, clearly seen and at a place that has a name."""
    pictures: list[Image] = []
    captions: list[str] = []
    for number, name in enumerate(names):
        with Studio(np.random.default_rng([seed, number])) as studio:
            while True:
                studio.arrange([name])
                shot = studio.take("chest")
                if shot.sightings and shot.sightings[0].clear and shot.sightings[0].place:
                    break
        pictures.append(shot.rgb)
        captions.append(caption(shot.sightings))
    return Gallery(np.stack(pictures), tuple(captions))


def similarity_picture(model: DualEncoder, scenes: Gallery, texts: Sequence[str] | None = None) -> Picture:
    """Draw how well each text (default: the scenes' own captions) fits each scene; the best of a row is framed."""
    texts = list(scenes.captions if texts is None else texts)
    scores = fits(model, scenes.rgb, texts).T
    count = len(scenes.rgb)
    best = scores.argmax(axis=1)
    told = "; ".join(
        f"{text!r} fits scene {column + 1} best" for text, column in zip(texts, best, strict=True)
    )
    figure, panes = picture(
        2,
        count,
        height=1.2 + 0.32 * len(texts),
        alt=f"{count} pictures of scenes above a table of how well {len(texts)} texts fit each: {told}.",
        height_ratios=(1.0, 0.32 * len(texts)),
    )
    for pane, image, number in zip(panes[:count], scenes.rgb, range(1, count + 1), strict=True):
        pane.imshow(image)
        pane.set(xticks=[], yticks=[])
        pane.set_title(str(number), loc="center", fontsize=9.5)
    spec = panes[count].get_gridspec()
    assert spec is not None  # panes of `picture` stand in a grid
    grid = figure.add_subplot(spec[1, :])
    for pane in panes[count:]:
        pane.remove()
    _heat(grid, scores, texts, best)
    return figure


def _heat(axes: Axes, scores: Array, texts: Sequence[str], best: NDArray[np.int64]) -> None:
    axes.imshow(scores, cmap="viridis", aspect="auto")
    axes.grid(False)
    axes.set(xticks=[], yticks=range(len(texts)), xlabel="log odds that the text is true of the picture")
    axes.set_yticklabels(texts, color=INK)
    middle = (scores.max() + scores.min()) / 2.0
    for row, line in enumerate(scores):
        for column, score in enumerate(line):
            ink = "black" if score > middle else "white"
            weight = "bold" if column == best[row] else "normal"
            axes.text(
                column,
                row,
                f"{round(float(score))}",
                ha="center",
                va="center",
                color=ink,
                fontweight=weight,
                fontsize=9,
            )


def crowded_scenes(count: int = 3, seed: int = 0) -> Gallery:
    """Photograph scenes of three things that differ in colour and shape, so that swapped words say something else."""
    drawn = crowded(seed, TRAINED, 3, 4 * count)
    rng = np.random.default_rng(seed)
    telling = [len(shuffled(text, rng)) == 8 for text in drawn.captions]
    chosen = np.flatnonzero(telling)[:count]
    return drawn.part([k in chosen for k in range(len(telling))])


def swapped_picture(model: DualEncoder, scenes: Gallery, seed: int = 0) -> Picture:
    """Draw how well a scene's caption fits it among seven of the same words: as one vector, and phrase by phrase."""
    rng = np.random.default_rng(seed)
    ranks: dict[str, list[int]] = {"as one vector": [], "phrase by phrase": []}
    figure, panes = picture(2, len(scenes.rgb), height=3.4, alt="", height_ratios=(1.0, 0.42), sharey="row")
    for column, (image, text) in enumerate(zip(scenes.rgb, scenes.captions, strict=True)):
        captions = shuffled(text, rng)
        scores = (model.similarity(image[None], captions)[0].numpy(), fits(model, image[None], captions)[0])
        panes[column].imshow(image)
        panes[column].set(xticks=[], yticks=[])
        panes[column].grid(False)
        strip = panes[len(scenes.rgb) + column]
        for height, (places, line) in enumerate(zip(ranks.values(), scores, strict=True)):
            places.append(1 + int((line > line[0]).sum()))
            strip.plot(line[1:], np.full(7, height), "o", color=SOFT, markersize=5, alpha=0.7)
            strip.plot(line[0], height, "D", color=ZMP, markersize=7)
        strip.set(yticks=range(len(ranks)), ylim=(1.5, -0.5), xlabel="log odds")
        strip.set_yticklabels(list(ranks))
    told = "; ".join(f"{way} it comes {', '.join(map(str, places))} of 8" for way, places in ranks.items())
    figure.alt = f"{len(scenes.rgb)} scenes; among captions of the same words, the true one {told}."
    return figure


@torch.no_grad()
def phrase_map(model: DualEncoder, rgb: Image, phrase: str) -> Array:
    """Return the cosine (rows, columns) of a phrase with each patch of a picture (size, size, 3)."""
    (_, near), text = model.pictures(rgb[None]), model.words([phrase])
    cosines: Array = (near[0] @ text[0]).reshape(model.vision.grid).numpy()
    return cosines


def draw_map(axes: Axes, rgb: Image, heat: Array, title: str, low: float, high: float) -> None:
    """Light a picture by a map of its patches: dark at `low`, as it is at `high`."""
    height, width = rgb.shape[:2]
    share = np.clip((heat - low) / max(high - low, 1e-9), 0.0, 1.0)
    veil = np.zeros((*heat.shape, 4))
    veil[..., 3] = 0.85 * (1.0 - share)
    axes.imshow(rgb, extent=(0, width, height, 0))
    axes.imshow(veil, extent=(0, width, height, 0), interpolation="bilinear")
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, loc="center", fontsize=9.5, fontweight="normal")
    axes.grid(False)


class PhraseFinder(ipywidgets.VBox):
    """Type a phrase, and see where in the scenes the encoders find it.

    Attributes:
        maps: the cosine (rows, columns) of the phrase with the patches of each scene; None where it was refused.
        status: HTML, the pictures, or the sentence that says why there are none.
    """

    def __init__(self, model: DualEncoder, scenes: Gallery, phrase: str = "a red cup") -> None:
        self._model, self._scenes = model, scenes
        self.maps: list[Array] | None = None
        self.phrase = ipywidgets.Text(value=phrase, description="phrase", continuous_update=False)
        self._view = ipywidgets.HTML()
        self.phrase.observe(lambda _: self._show(), "value")
        super().__init__([self.phrase, self._view])
        self.add_class("vla-phrase-finder")
        self._show()

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return str(self._view.value)

    def find(self, phrase: str) -> None:
        """Show where a phrase is."""
        if self.phrase.value == phrase:
            self._show()
        self.phrase.value = phrase

    def _show(self) -> None:
        try:
            self.maps = [phrase_map(self._model, image, self.phrase.value) for image in self._scenes.rgb]
        except ValueError as refused:
            self.maps = None
            self._view.value = f"<p>{escape(str(refused))}</p>"
            return
        self._view.value = maps_picture(self._scenes.rgb, self.maps, self.phrase.value).html()


def maps_picture(pictures: Sequence[Image] | Image, maps: Sequence[Array], phrase: str) -> Picture:
    """Draw pictures with the map of a phrase over each, all maps in one scale."""
    figure, panes = picture(
        1,
        len(maps),
        height=1.9,
        alt=f"{len(maps)} pictures; the brighter a patch, the better it fits {phrase!r}. Best: "
        + ", ".join(f"{heat.max():.2f}" for heat in maps)
        + ".",
    )
    low, high = min(float(heat.min()) for heat in maps), max(float(heat.max()) for heat in maps)
    for pane, image, heat in zip(panes, pictures, maps, strict=True):
        draw_map(pane, image, heat, f"best {heat.max():.2f}", low, high)
    figure.supxlabel(
        f"cosine of “{phrase}” with each patch, {low:.2f} (dark) to {high:.2f} (lit)", fontsize=9, color=SOFT
    )
    return figure
