"""What a taught robot finds of the new and of the old, of what lies there and of what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.encoders.frozen import FrozenEncoders, Reads
from vla_course.learning.finetuning.showing import EVERYTHING, moments
from vla_course.learning.grounding.config import ROLES
from vla_course.learning.grounding.examining import Answers, Ask, examine
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import lessons
from vla_course.learning.grounding.questions import UNKNOWN, Question
from vla_course.learning.grounding.scenes import POSTURES, posed
from vla_course.learning.grounding.sights import AS_DRAWN, SHOWN, Sights
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED

NOT_THERE: Final = -1
_SEED: Final = 700
"""of moments that no training sees"""


@dataclass(frozen=True, eq=False)
class Marks:
    """Whether each answer of a part of an exam was right, and the scene that it was about.

    Attributes:
        right: (N,) bool.
        scene: (N,) number of the scene: answers about one are not independent.
    """

    right: NDArray[np.bool_]
    scene: NDArray[np.int64]

    @property
    def share(self) -> float:
        """How many were right, 0 to 1; nan where nothing was asked, as in an exam of few scenes."""
        return float(self.right.mean()) if len(self.right) else float("nan")


@dataclass(frozen=True, eq=False)
class Results:
    """An exam's marks.

    Attributes:
        new: the new thing, named by colour and its new name, found among others that show.
        alike: of these answers those about pictures that show something else of its colour: the name decides.
        old: an old thing found, in scenes without new ones.
        beside: an old thing found in scenes with new ones in them.
        absent: of the new thing, named where none is: it is said of a picture that it does not show there.
    """

    new: Marks
    alike: Marks
    old: Marks
    beside: Marks
    absent: Marks


class Exam:
    """Moments that no training has seen, with new things in them and without, and what is asked about them.

    Args:
        folder: where moments are kept.
        encoders: the frozen ones.
        shape: of the new things, one of `NEW_SHAPES`.
        word: their name.
        scenes: with new things; four moments each.
        sessions: of scenes without; forty moments each.

    Raises:
        ValueError: no such shape, no scenes, or no sessions.
    """

    def __init__(
        self,
        folder: Path,
        encoders: FrozenEncoders,
        shape: str,
        word: str,
        scenes: int = 40,
        sessions: int = 4,
    ) -> None:
        if sessions < 1:
            raise ValueError(f"sessions is {sessions}, expected 1 or more")
        path = folder / f"new-{shape}-{_SEED}-{scenes}.npz"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            moments(_SEED, shape, scenes).save(path)
        self._with = lessons([path], encoders, mirror=False)
        paths = posed(folder, _SEED, range(sessions), ALL_THINGS)
        self._without = lessons(paths, encoders, mirror=False)
        self._new = _asks(self._with.sights, [name for name in EVERYTHING if name.endswith(shape)], word)
        self._old = _asks(self._without.sights, TRAINED)
        self._beside = _asks(self._with.sights, TRAINED)
        colours = sorted({name.split()[0] for name in TRAINED})
        nothing = (NOT_THERE, *[UNKNOWN] * (len(ROLES) - 1))
        self._absent = [
            Ask(moment, Question(f"{colours[moment % len(colours)]} {word}", nothing))
            for moment in range(len(self._without))
        ]

    def of(self, grounder: Grounder, words: Reads, old_grounder: Grounder | None = None) -> Results:
        """Examine.

        Args:
            grounder: answers questions with the new word.
            words: how it reads.
            old_grounder: answers those without; default: the same.
        """
        other = old_grounder or grounder
        absent = examine(grounder, self._without, words, self._absent)
        new = _clear(examine(grounder, self._with, words, self._new))
        return Results(
            new=_marks(new),
            alike=_marks(new.where(_alike(new, self._with.sights))),
            old=_marks(_clear(examine(other, self._without, words, self._old))),
            beside=_marks(_clear(examine(other, self._with, words, self._beside))),
            absent=Marks(absent.said_shows <= 0.5, absent.moment // POSTURES),
        )


def _asks(sights: Sights, names: Sequence[str], word: str | None = None) -> list[Ask]:
    """Ask once for each of `names` at each moment where it lies there; its shape is called `word`."""
    asks = []
    for name in names:
        colour, shape = name.split()
        k = EVERYTHING.index(name)
        meant = (k, *[UNKNOWN] * (len(ROLES) - 1))
        for moment in np.flatnonzero(np.isfinite(sights.place[:, k, 0])).tolist():
            asks.append(Ask(moment, Question(f"{colour} {word or shape}", meant)))
    return asks


def _clear(answers: Answers) -> Answers:
    """Return those about a thing that shows clearly beside others, where all looks as scenes draw it."""
    things = answers.things
    return things.where(things.clear & (things.look == AS_DRAWN))


def _marks(answers: Answers) -> Marks:
    return Marks(answers.nearest & answers.on, answers.moment // POSTURES)


def _alike(answers: Answers, sights: Sights) -> NDArray[np.bool_]:
    """Tell which answers are about pictures that show another thing of the same colour."""
    colours = np.array([name.split()[0] for name in EVERYTHING])
    same = colours[answers.entity][:, None] == colours[None]
    same[np.arange(len(answers)), answers.entity] = False
    seen: NDArray[np.bool_] = sights.pixels[answers.moment, answers.camera] >= SHOWN
    return np.asarray((seen & same).any(-1))
