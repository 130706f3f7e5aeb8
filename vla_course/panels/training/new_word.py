"""A grounder that is taught a new word: what it finds of the new and of the old, and where it points."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vla_course.learning.finetuning.curve import Point
from vla_course.learning.finetuning.exam import Marks, Results
from vla_course.learning.finetuning.showing import EVERYTHING
from vla_course.learning.grounding.sights import PICTURE_SIZE, Sights
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.training.curve import Live

if TYPE_CHECKING:
    from vla_course.learning.finetuning.showing import Demonstrations
    from vla_course.learning.planned.learned import LearnedGrounder

CLOSE: Final = 2
"""pixels beyond a thing at which a place still counts as on it"""
CLEAR: Final = 40
"""visible pixels from which a thing is seen well enough to be asked for"""
_PARTS: Final[Mapping[str, str]] = {
    "new": "the new thing,\nby its new name",
    "alike": "of these, beside a\nthing of its colour",
    "old": "old things, where\nno new ones are",
    "beside": "old things,\nbeside new ones",
}


def shown_picture(shown: Demonstrations, word: str, count: int = 5) -> Picture:
    """Draw demonstrations of how something is called: what the camera saw, what was said, where the hand went."""
    figure, panes = picture(1, count, height=2.2, alt="")
    for pane, number in zip(panes, range(count), strict=True):
        # The camera in whose middle the hand went.
        beside = np.abs(shown.middle[number] - PICTURE_SIZE / 2.0).max(-1)
        camera = int(np.where(shown.shows[number] == 1.0, beside, np.inf).argmin())
        _show(pane, shown.rgb[number, camera])
        _ring(pane, *shown.middle[number, camera].tolist())
        pane.set_xlabel(f"“{fill(shown.sentences[number], 19)}”", fontsize=9, color=style.INK)
    said = "; ".join(repr(shown.sentences[k]) for k in range(count))
    figure.alt = (
        f"{count} of {len(shown)} demonstrations of the word {word!r}, a ring where the hand went: {said}."
    )
    return figure


class LiveShares(Live):
    """The curve of a fine-tuning that moves under the cell: what is found of the new and of the old.

    for point in watch(pupil, lesson, recipe, exam):
        curve(point)
    """

    def __init__(self) -> None:
        self.points: list[Point] = []

    def __call__(self, now: Point) -> None:
        """Take a point, and draw."""
        self.points.append(now)
        self.show()

    def picture(self) -> Picture:
        """Draw how it stands."""
        last, steps = self.points[-1], [one.step for one in self.points]
        figure, (axes,) = picture(
            1,
            height=2.9,
            alt=f"After {last.step} of {last.steps} steps {100 * last.new:.0f} % of the new things are found and "
            f"{100 * last.beside:.0f} % of the old ones beside them.",
        )
        for name, label, colour, dash in (
            ("new", "new things", style.LEARNER, "-"),
            ("alike", "beside one of their colour", style.LEARNER, ":"),
            ("old", "old things", style.EXPERT, "-"),
            ("beside", "beside new ones", style.EXPERT, "--"),
        ):
            shares = [100.0 * getattr(one, name) for one in self.points]
            axes.plot(steps, shares, dash, color=colour, marker="o", ms=4, label=label)
        axes.set(xlabel=f"step ({last.seconds:.1f} s of training so far)", ylabel="found (%)")
        axes.set(xlim=(-1, last.steps + 1), ylim=(0, 102))
        legend_above(axes, columns=4)
        return figure


def shares_picture(found: Mapping[str, Results], sizes: Mapping[str, int]) -> Picture:
    """Draw what each way of fine-tuning finds of the new and of the old, side by side.

    Args:
        found: the exam's results, by way.
        sizes: how many weights each way trains, by way; written beside its name.
    """
    figure, panes = picture(1, len(_PARTS), height=1.2 + 0.36 * len(found), alt="", sharex=True, sharey=True)
    told = []
    for pane, (part, title) in zip(panes, _PARTS.items(), strict=True):
        for row, (way, results) in enumerate(found.items()):
            marks: Marks = getattr(results, part)
            colour = style.SOFT if row == 0 else style.LEARNER
            share = 100.0 * marks.share
            pane.barh(row, share, color=colour, height=0.55)
            inside = share > 35.0
            pane.text(
                *(share - 3.0 if inside else share + 3.0, row, f"{share:.0f} %"),
                ha="right" if inside else "left",
                va="center",
                fontsize=9.5,
                color="white" if inside else style.INK,
            )
            told.append(f"{way}, {part}: {int(marks.right.sum())} of {len(marks.right)}")
        pane.set_title(f"{title}\n(n = {len(marks.right)})", loc="left", fontsize=9.5, fontweight="normal")
        pane.set(xlim=(0, 100), xlabel="found (%)", ylim=(len(found) - 0.5, -0.5))
        pane.grid(visible=False, axis="y")
        pane.tick_params(axis="y", length=0, labelcolor=style.INK)
    names = [f"{way}\n{sizes[way]:,} weights" if way in sizes else way for way in found]
    panes[0].set_yticks(range(len(found)), names, fontsize=9.5)
    figure.alt = "; ".join(told) + "."
    return figure


def pointing_picture(
    grounders: Mapping[str, LearnedGrounder], sights: Sights, shape: str, word: str, count: int = 5
) -> Picture:
    """Draw where each grounder points when it hears the new word, in pictures that no training has shown.

    Chosen are pictures, one a scene, that show the thing as a whole, and first those that show another thing of its
    colour as well: there the word decides, not the colour.

    Args:
        grounders: by name, a row for each.
        sights: moments with new things, one a scene.
        shape: of the new things.
        word: how they are called.
        count: of pictures.
    """
    asked = _asked(sights, shape)[:count]
    figure, panes = picture(len(grounders), len(asked), height=0.5 + 1.75 * len(grounders), alt="")
    told = []
    for row, (name, grounder) in enumerate(grounders.items()):
        hits = 0
        for column, (moment, camera, thing) in enumerate(asked):
            pane, colour = panes[row * len(asked) + column], EVERYTHING[thing].split()[0]
            sentence = f"point at the {colour} {word}"
            found = grounder.ground(grounder.encode(sights.rgb[moment], sentence), "thing").grounding
            u, v = found.pixels[0, camera].tolist()
            hit = on(sights, moment, camera, thing, u, v)
            hits += hit
            _show(pane, sights.rgb[moment, camera])
            _ring(pane, u, v)
            tone = style.HELD_OUT if hit else style.LEARNER
            pane.set_xlabel("found" if hit else "not it", fontsize=9.5, color=tone, weight="bold")
            if row == 0:
                pane.set_title(f"“the {colour} {word}”", loc="center", fontsize=10, fontweight="normal")
        panes[row * len(asked)].set_ylabel(name, color=style.INK, fontsize=10)
        told.append(f"{name}: {hits} of {len(asked)} found")
    figure.alt = (
        f"Where the grounder points, told to point at the {word} of a colour. " + "; ".join(told) + "."
    )
    return figure


def on(sights: Sights, moment: int, camera: int, thing: int, u: float, v: float) -> bool:
    """Tell whether a pixel is on a thing, or `CLOSE` to it."""
    left, top, right, bottom = (int(edge) for edge in sights.box[moment, camera, thing])
    return left - CLOSE <= u <= right + 1 + CLOSE and top - CLOSE <= v <= bottom + 1 + CLOSE


def _asked(sights: Sights, shape: str) -> list[tuple[int, int, int]]:
    """Return moments, cameras and things to ask for, those first in whose picture something has the thing's colour."""
    colours = np.array([name.split()[0] for name in EVERYTHING])
    new = np.array([name.endswith(shape) for name in EVERYTHING])
    chosen = []
    for moment in range(len(sights)):
        views = []
        for camera, pixels in enumerate(sights.pixels[moment].astype(int)):
            edges = sights.box[moment, camera].astype(int)  # (things, 4)
            whole = (edges[:, :2] > 0).all(-1) & (edges[:, 2:] < PICTURE_SIZE - 1).all(-1)
            clear = np.where(new & whole & (pixels >= CLEAR), pixels, 0)
            thing = int(clear.argmax())
            beside = (pixels >= CLEAR) & (colours == colours[thing]) & ~new
            if clear[thing]:
                views.append((bool(beside.any()), int(pixels[thing]), camera, thing))
        if views:
            alike, _, camera, thing = max(views)
            chosen.append((not alike, moment, camera, thing))
    return [one[1:] for one in sorted(chosen)]


def _show(pane: Any, rgb: np.ndarray) -> None:
    size = rgb.shape[0]
    pane.imshow(rgb, extent=(0, size, size, 0), interpolation="lanczos")
    pane.set(xticks=[], yticks=[])
    pane.grid(visible=False)
    pane.spines[:].set_visible(False)


def _ring(pane: Any, u: float, v: float) -> None:
    pane.plot(u, v, "o", ms=17, mfc="none", mec="white", mew=2.6)
    pane.plot(u, v, "o", ms=17, mfc="none", mec=style.DCM, mew=1.5)
