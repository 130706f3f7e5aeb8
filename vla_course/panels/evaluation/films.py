"""Films of a few episodes of a run: those of the control, a success of this and that, and a failure of each kind.

An episode has the same outcome whenever it is carried out; so it is filmed afterwards, and only if it is to be shown.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av

from vla_course.learning.evaluation.episodes import CONTROLS, of_key
from vla_course.learning.evaluation.evaluating import Run
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.policies import POLICIES, Learner
from vla_course.learning.evaluation.summary import by_reason
from vla_course.learning.evaluation.trial import carry_out
from vla_course.learning.workers.bar import progress_bar
from vla_course.panels.drawing.film import RATE, FilmSize, StageFilm
from vla_course.simulation.tasks.stage import Stage

if TYPE_CHECKING:
    from rich.console import Console

SIZE: Final = FilmSize(336, 252, 30)
LONGEST: Final = 9.0
"""s, that a film lasts; what took longer is shown quicker"""
POSTER: Final = 0.7
"""of a film is over where its poster is from"""
FOLDER: Final = "films"

Play = Callable[[Outcome, Callable[[Stage], None]], Outcome]
"""carries an episode out once more, somebody looking on"""


@dataclass(frozen=True)
class Film:
    """A film.

    Attributes:
        path: of it.
        outcome: of its episode, as it was kept.
        speed: how much quicker than in truth it runs.
        again: whether the episode went the same way when it was filmed.
    """

    path: Path
    outcome: Outcome
    speed: float
    again: bool = True

    @property
    def poster(self) -> Path:
        """A picture of it, which stands for it until it runs; there may be none."""
        return self.path.with_suffix(".jpg")


def video(film: Film, more: str = "") -> str:
    """Return a film as an element of HTML, all of it inside; `more` are attributes of it."""
    poster = f'poster="{_inside(film.poster, "image/jpeg")}" ' if film.poster.exists() else ""
    return (
        f'<video controls muted loop playsinline preload="metadata" {poster}{more}'
        f'src="{_inside(film.path, "video/mp4")}"></video>'
    )


def pace(film: Film) -> str:
    """Say how much quicker than in truth a film runs; nothing where it does not."""
    return f", shown {film.speed:.1f} times as fast" if film.speed > 1.05 else ""


def _inside(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def chosen(run: Run, count: int) -> list[Outcome]:
    """Choose what to film: two twins of the control that were both done, then failures and successes by turns.

    Of failures one of each reason, the commonest first; of successes one of each family, the quickest.
    """
    if count < 1:
        return []
    twins = list(_twins(run))[:count]
    others = [one for one in run.outcomes.values() if of_key(one.key).split not in CONTROLS]
    failures = [some[0] for some in by_reason(others).values()]
    quick: dict[str, Outcome] = {}
    for one in sorted(others, key=lambda one: one.simulated):
        if one.done and one not in twins:
            quick.setdefault(of_key(one.key).family, one)
    # What took longest among the quickest shows most.
    successes = sorted(quick.values(), key=lambda one: -one.simulated)
    turns: list[Outcome] = []
    while failures or successes:
        turns += failures[:1] + successes[:1]
        failures, successes = failures[1:], successes[1:]
    return (twins + [one for one in turns if one not in twins])[:count]


def _twins(run: Run) -> Sequence[Outcome]:
    """Return two episodes of one picture and two commands, both done where there are such."""
    for needs_both in (True, False):
        for key, one in run.outcomes.items():
            episode = of_key(key)
            if episode.split != "swap" or episode.factor or episode.number % 2:
                continue
            other = run.outcomes.get(f"swap/{episode.family}/{episode.seed}/{episode.number + 1}")
            if other is not None and (one.done and other.done) >= needs_both:
                return one, other
    return ()


def film(run: Run, play: Play, folder: Path, count: int, console: Console | None = None) -> dict[str, Film]:
    """Film a few episodes of a run, or take the films that are there.

    Args:
        run: that they are of.
        play: carries an episode out once more.
        folder: of the run; films are kept below it.
        count: how many at most.
        console: shows a progress bar; None: none.

    Returns:
        Films by the keys of their episodes.
    """
    wanted = chosen(run, count)
    found = {}
    with progress_bar(console, "filming", len(wanted), len(wanted)) as advance:
        for one in wanted:
            path = path_of(folder, one)
            same = path.exists() or _filmed(one, play, path, _every(one))
            if path.exists():  # an episode may break before there is anything to film
                found[one.key] = Film(path, one, _every(one) * RATE, same)
            advance()
    return found


def kept(run: Run, folder: Path) -> dict[str, Film]:
    """Return the films that are there of a run's episodes, by their keys; nothing is filmed."""
    return {
        key: Film(path_of(folder, one), one, _every(one) * RATE)
        for key, one in run.outcomes.items()
        if path_of(folder, one).exists()
    }


def path_of(folder: Path, outcome: Outcome) -> Path:
    """Return where the film of an episode is, in the folder of its run."""
    return folder / FOLDER / f"{outcome.key.replace('/', '-').replace(' ', '_')}.mp4"


def _every(outcome: Outcome) -> float:
    """Return the s between two pictures of its film."""
    return max(1.0 / RATE, outcome.simulated / (LONGEST * RATE))


def _filmed(outcome: Outcome, play: Play, path: Path, every: float) -> bool:
    """Film an episode; tell whether it had the same outcome as before."""
    films: list[StageFilm] = []
    with ExitStack() as opened:

        def follow(stage: Stage) -> None:
            if not films:
                films.append(opened.enter_context(StageFilm(path, stage, SIZE, every)))
            films[0].follow()

        again = play(outcome, follow)
    if films:
        _take_poster(path)
    return (again.done, again.trouble) == (outcome.done, outcome.trouble)


def _take_poster(path: Path) -> None:
    """Keep a picture of a film beside it, from when something is going on."""
    with av.open(str(path.absolute())) as container:
        pictures = [picture.to_image() for picture in container.decode(video=0)]
    pictures[int(POSTER * (len(pictures) - 1))].save(path.with_suffix(".jpg"), quality=80)


def playing(learner: Learner) -> Play:
    """Return what carries episodes out once more with a policy of the course."""

    def play(outcome: Outcome, follow: Callable[[Stage], None]) -> Outcome:
        return carry_out(of_key(outcome.key), learner, POLICIES, follow)

    return play
