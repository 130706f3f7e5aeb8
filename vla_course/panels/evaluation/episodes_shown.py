"""Episodes on the page: why those failed that did, with a film of each reason, and films of successes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from vla_course.learning.evaluation.episodes import CONTROLS, of_key
from vla_course.learning.evaluation.summary import by_reason
from vla_course.panels.evaluation.films import Film, pace, video
from vla_course.panels.evaluation.shown import Shown

NAMED: Final = 12
"""failures that are named under their reason; the file has all of them"""


def failures(shown: Shown) -> Iterator[str]:
    """Show what failed, reason by reason."""
    told = [one for one in shown.run.outcomes.values() if of_key(one.key).split not in CONTROLS]
    groups = by_reason(told)
    if not groups:
        return
    yield "<h2>Why it failed</h2>"
    yield f"<p>{sum(map(len, groups.values()))} of {len(told)} episodes, the controls left out.</p>"
    yield '<div class="films">'
    for name, found in groups.items():
        yield f'<section class="reason"><h3>{escape(name)} <span>{len(found)}</span></h3>'
        yield from (film_figure(shown.films[one.key]) for one in found if one.key in shown.films)
        items = [
            f"<li><code>{escape(one.key)}</code> “{escape(one.sentence)}”: {escape(one.trouble)}</li>"
            for one in found[:NAMED]
        ]
        if len(found) > NAMED:
            items.append(f"<li>and {len(found) - NAMED} more</li>")
        yield f"<details><summary>which</summary><ul>{''.join(items)}</ul></details></section>"
    yield "</div>"


def successes(shown: Shown) -> Iterator[str]:
    """Show films of what was done."""
    films = [one for key, one in shown.films.items() if one.outcome.done and of_key(key).split != "swap"]
    if films:
        yield "<h2>And what it looks like when it works</h2>"
        yield f'<div class="films">{"".join(map(film_figure, films))}</div>'


def film_figure(film: Film) -> str:
    """Return a film with what was said and what came of it, all inside of the page."""
    one = film.outcome
    verdict = ("good", "done") if one.done else ("bad", one.trouble)
    again = "" if film.again else " (it went another way when it was filmed)"
    return (
        f"<figure>{video(film)}<figcaption>“{escape(one.sentence)}”: "
        f'<span class="verdict {verdict[0]}">{escape(verdict[1])}</span>{again}<br>'
        f'<span class="soft">{escape(one.key)}, {one.simulated:.1f} s{pace(film)}</span></figcaption></figure>'
    )
