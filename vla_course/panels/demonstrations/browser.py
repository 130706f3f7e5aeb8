"""Leafing through demonstrations: three cameras, the sentence, and the actions, all at the same moment."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import Any, Final

import ipywidgets
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_course.learning.demonstrations.broken import find_broken
from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.panels.demonstrations.curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, episode_curves
from vla_course.panels.drawing.style import WIDTH, ZMP
from vla_course.simulation.scene.cameras import PLACES, Place

EVERY: Final = "every skill"
_SHOWN: Final = 252
"""pixels of a picture on the page"""
_WIDE: Final[Any] = {"layout": {"width": "620px"}, "style": {"description_width": "70px"}}


class DemonstrationBrowser(ipywidgets.VBox):
    """Choose an episode, and wind through it by hand or let it run.

    Args:
        demonstrations: read back.
        episode: the first one to show.

    Attributes:
        skill, only_failures, episode, moment: the controls.
        curves: HTML, the actions of the episode; a line in it is at the moment that is shown.

    Raises:
        IndexError: there is no such episode.
    """

    def __init__(self, demonstrations: Demonstrations, episode: int = 0) -> None:
        self._demonstrations = demonstrations
        self._faults = {fault.episode: fault.told for fault in find_broken(demonstrations)}
        skills = dict.fromkeys(one.skill for one in demonstrations.episodes)
        self.skill = ipywidgets.Dropdown(options=[EVERY, *skills], description="skill", **_WIDE)
        self.only_failures = ipywidgets.Checkbox(description="failures only", indent=False)
        self.episode = ipywidgets.Dropdown(description="episode", **_WIDE)
        self.moment = ipywidgets.IntSlider(description="decision", **_WIDE)
        play = ipywidgets.Play(interval=round(1000.0 * demonstrations.period))
        self._links = [
            ipywidgets.jslink((play, name), (self.moment, name)) for name in ("value", "min", "max")
        ]
        self._views: dict[Place, ipywidgets.Image] = {
            place: ipywidgets.Image(format="png", width=_SHOWN, height=_SHOWN) for place in PLACES
        }
        named = [
            ipywidgets.VBox([view, ipywidgets.HTML(f"<small>{place}</small>")])
            for place, view in self._views.items()
        ]
        self._said, self._line, self.curves = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__(
            [
                ipywidgets.HBox([self.skill, self.only_failures]),
                self.episode,
                self._said,
                ipywidgets.HBox(named),
                ipywidgets.HBox([play, self.moment]),
                self._line,
                self.curves,
            ]
        )
        self.add_class("vla-demonstrations")
        self._line.add_class("vla-demonstrations-line")
        self._list()
        self.show(episode)
        self.skill.observe(lambda _: self._list(), "value")
        self.only_failures.observe(lambda _: self._list(), "value")
        self.episode.observe(lambda _: self._open(), "value")
        self.moment.observe(lambda _: self._draw(), "value")

    def show(self, episode: int, moment: int = 0) -> None:
        """Show an episode at one of its decisions.

        Raises:
            IndexError: there is no such episode, or it has no such decision.
        """
        count = len(self._demonstrations.episodes)
        if not 0 <= episode < count:
            raise IndexError(f"episode is {episode}, expected 0 to {count - 1}")
        length = len(self._demonstrations.episodes[episode])
        if not 0 <= moment < length:
            raise IndexError(f"moment is {moment}, expected 0 to {length - 1}")
        if episode not in [value for _, value in self.episode.options]:
            self.skill.value, self.only_failures.value = EVERY, False
            self._list()
        self.episode.value = episode
        self._open()
        self.moment.value = moment

    @property
    def status(self) -> str:
        """What is told of the moment, as HTML."""
        return str(self._said.value)

    def pictures(self) -> dict[Place, bytes]:
        """Return what is shown, as PNG."""
        return {place: view.value for place, view in self._views.items()}

    def _list(self) -> None:
        """List the episodes of the skill that was chosen."""
        chosen = [
            one
            for one in self._demonstrations.episodes
            if self.skill.value in (EVERY, one.skill) and not (self.only_failures.value and one.success)
        ]
        self.episode.options = [(_entry(one, one.index in self._faults), one.index) for one in chosen]

    def _open(self) -> None:
        """Show the episode that was chosen, from its beginning."""
        index = self.episode.value
        if index is None:
            self._said.value, self.curves.value, self._line.value = "<p>There is no such episode.</p>", "", ""
            return
        self.moment.value = 0
        self.moment.max = len(self._demonstrations.episodes[index]) - 1
        self.curves.value = episode_curves(self._demonstrations, index).html()
        self._draw()

    def _draw(self) -> None:
        if self.episode.value is None:
            return
        one = self._demonstrations.episodes[self.episode.value]
        frame = one.start + min(self.moment.value, len(one) - 1)
        for place, view in self._views.items():
            view.value = _enlarged(self._demonstrations.pictures(place, frame)[0])
        self._said.value = self._told(one, frame)
        self._line.value = _line_at((frame - one.start) / max(1, len(one) - 1))

    def _told(self, one: Episode, frame: int) -> str:
        """Tell of a moment: the sentence, what the expert is about, and what comes of it."""
        moment = (frame - one.start) * self._demonstrations.period
        about = SUBTASKS[self._demonstrations.subtasks[frame]]
        ending = "succeeds" if one.success else f"fails: {one.failure}"
        noise = f"noise at level {one.noise_level:.2f}" if one.noise_level else "no noise"
        twin = "" if one.twin < 0 else f"; episode {one.twin} begins with the same pictures"
        odd = f"<br><b>To look at:</b> {escape(self._faults[one.index])}" if one.index in self._faults else ""
        return (
            f'<p style="line-height: 1.5"><b>“{escape(one.sentence)}”</b> {escape(ending)}<br>'
            f"{moment:.1f} s: {about}; {noise}{twin}{odd}</p>"
        )


def _entry(one: Episode, odd: bool) -> str:
    mark = "✓" if one.success else "✗"
    return f"{one.index:3d} {mark} {one.skill}: {one.sentence}{' (to look at)' if odd else ''}"


def _enlarged(rgb: NDArray[np.uint8]) -> bytes:
    """Return a picture as a PNG of the size in which it is shown: browsers blur what they enlarge."""
    file = BytesIO()
    Image.fromarray(rgb).resize((_SHOWN, _SHOWN), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def _line_at(part: float) -> str:
    """Return a line that lies over the curves below, at a part of their time, 0 to 1."""
    across = 100.0 * (LEFT + part * (RIGHT - LEFT))
    return (
        "<style>.vla-demonstrations-line, .vla-demonstrations-line * {overflow: visible !important; height: 0; "
        "margin: 0; min-height: 0; line-height: 0}</style>"
        f'<div style="position: relative; width: {100 * WIDTH:.0f}px; max-width: 100%">'
        f'<div style="position: absolute; width: 100%; height: auto; aspect-ratio: {WIDTH} / {HEIGHT}; z-index: 2; '
        f'pointer-events: none"><div style="position: absolute; left: {across:.2f}%; top: {100 * (1 - TOP):.1f}%; '
        f'height: {100 * (TOP - BOTTOM):.1f}%; width: 2px; background: {ZMP}"></div></div></div>'
    )
