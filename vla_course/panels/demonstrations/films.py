"""Demonstrations as rows of pictures: an episode, and two that begin alike and end differently."""

from __future__ import annotations

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.scene.cameras import PLACES


def episode_film(demonstrations: Demonstrations, index: int, count: int = 6) -> Picture:
    """Show an episode at `count` moments, as each of its cameras saw it; a ring is round what it is about.

    Raises:
        IndexError: there is no such episode.
    """
    one = demonstrations.episodes[index]
    frames = np.linspace(one.start, one.stop - 1, min(count, len(one))).round().astype(int)
    ending = "succeeds" if one.success else f"fails: {one.failure}"
    figure, panes = picture(
        len(PLACES),
        len(frames),
        height=0.7 + 1.35 * len(PLACES),
        alt=f"Episode {index}, {one.sentence!r}, at {len(frames)} moments from head, chest and pelvis; it {ending}.",
    )
    for row, place in enumerate(PLACES):
        pictures = demonstrations.pictures(place, frames)
        for column, frame in enumerate(frames.tolist()):
            pane = panes[row * len(frames) + column]
            mark = demonstrations.target_pixels[frame, 3 * row : 3 * row + 3]
            show(pane, pictures[column], mark)
            if row == 0:
                moment = (frame - one.start) * demonstrations.period
                name = SUBTASKS[demonstrations.subtasks[frame]]
                pane.set_title(f"{moment:.1f} s · {name}", loc="center", fontsize=10)
        panes[row * len(frames)].set_ylabel(place, color=style.INK)
    figure.suptitle(
        f"“{one.sentence}” {ending}", x=0.01, ha="left", fontsize=12.5, fontweight="bold", color=style.INK
    )
    return figure


def twins_film(demonstrations: Demonstrations, index: int, count: int = 4) -> Picture:
    """Show an episode and its twin as the head sees them: the same first picture, another sentence.

    Raises:
        IndexError: there is no such episode.
        ValueError: it has no twin.
    """
    one = demonstrations.episodes[index]
    if one.twin < 0:
        raise ValueError(
            f"episode {index} has no twin, expected one that begins with the pictures of another"
        )
    pair = (one, demonstrations.episodes[one.twin])
    figure, panes = picture(
        2,
        count,
        height=4.4,
        alt=f"Two episodes that begin with the same picture: told {pair[0].sentence!r} and {pair[1].sentence!r}.",
    )
    row = PLACES.index("head")
    for number, episode in enumerate(pair):
        frames = np.linspace(episode.start, episode.stop - 1, count).round().astype(int)
        pictures = demonstrations.pictures("head", frames)
        for column, frame in enumerate(frames.tolist()):
            pane = panes[number * count + column]
            show(pane, pictures[column], demonstrations.target_pixels[frame, 3 * row : 3 * row + 3])
            moment = (frame - episode.start) * demonstrations.period
            pane.set_xlabel(f"{moment:.1f} s", color=style.INK)
        panes[number * count].set_ylabel(fill(f"“{episode.sentence}”", 24), color=style.INK, fontsize=9.5)
    return figure


def show(axes: Axes, rgb: NDArray[np.uint8], mark: NDArray[np.float32] | None = None) -> None:
    """Show a picture, and a ring where something is: `mark` (3,) u and v in 0..1 and whether it is in sight."""
    axes.imshow(rgb, interpolation="lanczos")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if mark is not None and mark[2] > 0.5:
        height, width, _ = rgb.shape
        axes.plot(mark[0] * width - 0.5, mark[1] * height - 0.5, "o", ms=15, mfc="none", mec="white", mew=2.6)
        axes.plot(
            mark[0] * width - 0.5, mark[1] * height - 0.5, "o", ms=15, mfc="none", mec=style.DCM, mew=1.4
        )
