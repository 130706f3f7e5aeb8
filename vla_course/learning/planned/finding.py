"""Which of the things in sight is meant: where a learned eye thinks that it is, asked of every thing, in all pictures.

A grounder says, for each picture, whether what is meant shows there, and how likely it is at each pixel. So the things
that a picture shows share the chance that it shows there, each by how likely its pixel is; those that it does not show
share the rest. A picture that mistakes one thing for another does so where a thing is, not anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import COLOUR, Sight
from vla_course.motion.hands.things import Graspable
from vla_course.simulation.scene.cameras import PLACES

Array = NDArray[np.float64]
Role = Literal["thing", "other", "then thing", "then other", "person"]

HIDDEN: Final = 0.02
"""m: what has something before it that is so much nearer than its own surface is not shown"""
MISTAKEN: Final = 0.02
"""of all pictures, in which a grounder is taken to tell nothing at all"""
ELSEWHERE: Final = 30.0
"""pixels: what is nowhere near a thing is as likely to be anywhere in the picture as on so many of them"""
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
    things: Mapping[int, Graspable], looks: Sequence[Look], grounder: Grounder, role: Role
) -> dict[int, float]:
    """Return how likely each of the things is to be the one that is meant; they add up to 1.

    What a camera says again and again, look by look, is no news: it is averaged over the looks that show it something.
    """
    numbers, total = list(things), np.zeros(len(things))
    rooms = [HIDDEN + float(np.linalg.norm(thing.size)) / 2.0 for thing in things.values()]
    founds = [(look.sight, grounder.ground(look.encoded, role)) for look in looks]
    for camera in range(len(PLACES)):
        told = []
        for sight, found in founds:
            seen = np.array(
                [
                    sight.shows(camera, thing.position, room)
                    for thing, room in zip(things.values(), rooms, strict=True)
                ]
            )
            if seen.any():
                told.append(_told(sight, camera, found, list(things.values()), seen))
        if told:
            total += np.mean(told, axis=0)
    weights = np.exp(total - total.max())
    return dict(zip(numbers, (weights / weights.sum()).tolist(), strict=True))


def _told(
    sight: Sight, camera: int, found: Found, things: Sequence[Graspable], seen: NDArray[np.bool_]
) -> Array:
    """Return the log of how likely each of the things (n,) is to be the one by one picture.

    Args:
        seen: (n,), which of the things the picture shows.
    """
    image, shows = sight.pictures[camera], float(found.shows[camera])
    pixels = np.array([image.project(thing.position)[:2] for thing, s in zip(things, seen, strict=True) if s])
    near = np.exp(found.score(camera, pixels))
    chances = np.zeros(len(things))
    chances[seen] = shows * near / (near.sum() + ELSEWHERE / AREA)
    others = seen if seen.all() else ~seen
    chances[others] += (1.0 - chances.sum()) / others.sum()
    told: Array = np.log((1.0 - MISTAKEN) * chances + MISTAKEN / len(things))
    return told
