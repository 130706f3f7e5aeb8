"""Which of the things in sight is meant: where a learned eye thinks that it is, asked of every thing, in all pictures.

A grounder says, for each picture, whether what is meant shows there, and how likely it is at each pixel. A thing that
a picture shows is as likely to be the one as its pixel; one that it does not show, as that it shows nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import COLOUR, Sight

Array = NDArray[np.float64]
Role = Literal["thing", "other", "then thing", "then other", "person"]

HIDDEN: Final = 0.04
"""m: what has so much before it is not shown"""
DIM: Final = 0.02
"""-, the least and the greatest chance that anything is taken to have"""
AREA: Final = float(COLOUR * COLOUR)
"""pixels of a picture"""


class Found(Protocol):
    """Where one grounder thinks that something is, in the pictures of one moment."""

    @property
    def shows(self) -> Sequence[float]:
        """How likely it is that each picture shows it, 0 to 1."""

    def score(self, camera: int, pixels: Array) -> Array:
        """Return the log of how likely it is at each of `pixels` (N, 2), across and down, of one picture."""


class Grounder(Protocol):
    """Finds what a sentence means in pictures."""

    def encode(self, rgb: NDArray[np.uint8], sentence: str) -> Any:
        """Return what `ground` needs of pictures (cameras, COLOUR, COLOUR, 3) and a sentence."""

    def ground(self, encoded: Any, role: Role) -> Found:
        """Return where it is that plays a role in the sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A sight, and what a grounder made of its pictures and a sentence."""

    sight: Sight
    encoded: Any


def likely(
    places: Mapping[int, Array], looks: Sequence[Look], grounder: Grounder, role: Role
) -> dict[int, float]:
    """Return how likely each of the things at `places` (3,) m is to be the one that is meant; they add up to 1.

    Looks at the same things are no news of each other: what they say is averaged.
    """
    numbers = list(places)
    total = np.zeros(len(numbers))
    for look in looks:
        found = grounder.ground(look.encoded, role)
        for camera, shows in enumerate(found.shows):
            shows = float(np.clip(shows, DIM, 1.0 - DIM))
            seen = [look.sight.shows(camera, places[number], HIDDEN) for number in numbers]
            part = np.full(len(numbers), np.log((1.0 - shows) / AREA))
            if any(seen):
                image = look.sight.pictures[camera]
                pixels = np.array(
                    [image.project(places[n])[:2] for n, s in zip(numbers, seen, strict=True) if s]
                )
                density = np.exp(np.minimum(found.score(camera, pixels), 0.0))
                part[seen] = np.log(shows * density + DIM / AREA)
            total += part / len(looks)
    weights = np.exp(total - total.max())
    return dict(zip(numbers, (weights / weights.sum()).tolist(), strict=True))
