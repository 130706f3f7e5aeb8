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
from vla_course.motion.hands.things import Graspable
from vla_course.simulation.scene.cameras import PLACES

Array = NDArray[np.float64]
Role = Literal["thing", "other", "then thing", "then other", "person"]

HIDDEN: Final = 0.02
"""m: what has something before it that is so much nearer than its own surface is not shown"""
DIM: Final = 0.02
"""-, the least and the greatest chance that anything is taken to have"""
TEMPER: Final = 0.4
"""-, the power to which what the pictures say is believed: one network errs alike in all of them. Fitted to 84 moments
of seed 0 by how likely the right thing was; `benchmarks/policy.py` measures with other seeds"""
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
            total += TEMPER * np.mean(told, axis=0)
    weights = np.exp(total - total.max())
    return dict(zip(numbers, (weights / weights.sum()).tolist(), strict=True))


def _told(
    sight: Sight, camera: int, found: Found, things: Sequence[Graspable], seen: NDArray[np.bool_]
) -> Array:
    """Return the log of how likely one picture would be if each of the things (n,) was the one, but for a constant.

    Args:
        seen: (n,), which of the things the picture shows.
    """
    shows = float(np.clip(found.shows[camera], DIM, 1.0 - DIM))
    told = np.full(len(things), np.log((1.0 - shows) / AREA))
    image = sight.pictures[camera]
    pixels = np.array([image.project(thing.position)[:2] for thing, s in zip(things, seen, strict=True) if s])
    told[seen] = np.log(shows * np.exp(found.score(camera, pixels)) + DIM / AREA)
    return told
