"""Short descriptions and the pictures that they are true of: what contrastive training compares."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.pretraining.album import CLEAR, DOUBTFUL, NOWHERE, Album
from vla_course.learning.pretraining.captions import PLACES, phrase
from vla_course.simulation.scene.things import (
    ALL_THINGS,
    COLOURS,
    HELD_OUT,
    SHAPES,
    TRAINED,
    colour_and_shape,
)
from vla_course.simulation.tasks.phrases import TEMPLATES, fields_of
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS

COMMANDS: Final = tuple(
    template
    for wording in TEMPLATES.values()
    for template in wording.seen
    if list(fields_of(template)) == ["thing"]
)
"""the commands of training that name one thing and nothing else, "pick up the {thing}" """


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase asks for; None asks for nothing in particular: "something red on the left" has no shape."""

    colour: str | None
    shape: str | None
    place: str | None = None

    def fits(self, name: str) -> bool:
        """Tell whether it describes a thing, wherever that is."""
        colour, shape = colour_and_shape(name)
        return self.colour in (None, colour) and self.shape in (None, shape)

    def say(self, rng: np.random.Generator) -> str:
        """Put it into words of training: a caption, bare words, or a command about that thing."""
        if self.shape is None:
            words = f"something {self.colour}" if self.place or rng.random() < 0.5 else str(self.colour)
            return f"{words} {self.place}" if self.place else words
        shapes = SHAPE_WORDS[self.shape].seen
        words = shapes[rng.integers(len(shapes))]
        if self.colour is not None:
            colours = COLOUR_WORDS[self.colour].seen
            words = f"{colours[rng.integers(len(colours))]} {words}"
        way = rng.random()
        if self.place is not None or way < 0.4:
            return phrase(words, self.place)
        if way < 0.7:
            return words
        return COMMANDS[rng.integers(len(COMMANDS))].format(thing=words)


def phrases(things: Sequence[str] = TRAINED) -> tuple[Phrase, ...]:
    """Return every phrase about `things`, without a place and with each: pairs, colours alone, shapes alone."""
    kinds = [Phrase(*colour_and_shape(name)) for name in things]
    kinds += [Phrase(colour, None) for colour in COLOURS] + [Phrase(None, shape) for shape in SHAPES]
    return tuple(Phrase(kind.colour, kind.shape, place) for kind, place in product(kinds, (None, *PLACES)))


class Truths:
    """Which phrases are true of which pictures, as far as that can be told.

    A picture that shows something red tells nothing of boxes while no red box is ever shown: neither of "a box"
    nor of "a blue box". All of them would be false, and one would learn that what is red is never a box.

    Args:
        phrases: P of them.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        fits = [[phrase.fits(name) for phrase in phrases] for name in ALL_THINGS]
        self._fits = np.array(fits, dtype=np.float32)
        kinds = [colour_and_shape(name) for name in ALL_THINGS]
        unsaid = [[f"{colour} {phrase.shape}" in HELD_OUT for phrase in phrases] for colour, _ in kinds]
        self._unsaid = np.array(unsaid, dtype=np.float32)
        self._place = np.array(
            [PLACES.index(phrase.place) if phrase.place else NOWHERE for phrase in phrases]
        )

    def of(self, album: Album) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return (N, P) each: what is true, and what can be told.

        A phrase cannot be told false of a picture that shows such a thing, but not clearly, or between
        two places.
        """
        clear = album.seen == CLEAR
        true = _any(clear, self._fits)
        perhaps = _any(album.seen >= DOUBTFUL, self._fits)
        for k in range(len(PLACES)):
            placed = self._place == k
            true[:, placed] = _any(clear & (album.place == k), self._fits)[:, placed]
            somewhere = (album.seen == DOUBTFUL) | (clear & np.isin(album.place, (k, NOWHERE)))
            perhaps[:, placed] = _any(somewhere, self._fits)[:, placed]
        unsaid = _any(album.seen >= DOUBTFUL, self._unsaid)
        return true, (true | ~perhaps) & ~unsaid


def _any(things: NDArray[np.bool_], of: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (N, P): which of the things (N, 48) is one of those (48, P)?"""
    found: NDArray[np.bool_] = things.astype(np.float32) @ of > 0.5
    return found
