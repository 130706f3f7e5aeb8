"""Films in a notebook: side by side with what came of them, or on a wall where one guesses first what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase

from vla_course.learning.evaluation.summary import reason
from vla_course.panels.evaluation.films import Film, pace, video

_GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.9rem;margin:.4rem 0"
_VIDEO = "display:block;width:100%;height:auto;border-radius:4px"


@dataclass(frozen=True)
class FilmWall:
    """Films under letters, each with what the robot was told. What went wrong is folded away, to be guessed first.

    Attributes:
        films: of them.
        guess: whether what came of each is folded away; else it is said.
    """

    films: Sequence[Film]
    guess: bool = True

    def _repr_html_(self) -> str:
        figures = (
            self._figure(letter, film) for letter, film in zip(ascii_uppercase, self.films, strict=False)
        )
        return f'<div class="vla-film-wall" style="{_GRID}">{"".join(figures)}</div>'

    def _figure(self, letter: str, film: Film) -> str:
        one = film.outcome
        came = "done" if one.done else one.trouble
        said = f"{escape(came)} ({one.simulated:.1f} s{pace(film)})"
        if self.guess:
            kind = "done" if one.done else reason(one.trouble)
            said = f"<details><summary>What went wrong?</summary>{said}<br><i>{escape(kind)}</i></details>"
        told = f"“{escape(one.sentence)}”"
        name = f"<b>{letter}</b> {told}" if self.guess else f"{told}:"
        label = (
            f"{letter}: a film of the robot, told {one.sentence!r}"
            if self.guess
            else f"{one.sentence!r}: {came}"
        )
        attributes = f'aria-label="{escape(label, quote=True)}" style="{_VIDEO}" '
        return (
            f'<figure style="margin:0">{video(film, attributes)}'
            f'<figcaption style="padding:.3rem 0;line-height:1.4">{name} {said}</figcaption></figure>'
        )

