"""What the things on the table are called: how tall each one is tells its shape, a learned eye its colour."""

from collections.abc import Mapping, Sequence
from math import log
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from vla_course.learning.planned.eyes import Sight
from vla_course.learning.planned.finding import Grounder, Look, likely
from vla_course.learning.planned.seen import SeenKnowledge
from vla_course.simulation.scene.things import COLOURS

_LEAST: Final = 1e-9
"""of 1, below which all chances are alike"""


def name_things(
    knowledge: SeenKnowledge, sights: Sequence[Sight], grounder: Grounder, before: Mapping[str, int]
) -> dict[str, int]:
    """Give every thing in sight a name, no two the same one, and return them with the numbers of their things.

    The eye is asked of each colour where the red cup is, where the green one, and so on; together all things of one
    shape get the colours that fit them best. A thing keeps its name; where one is gone and another of its shape has
    come it is taken for the same one.

    Args:
        knowledge: what was seen.
        sights: in which, while nothing moved.
        grounder: finds what a sentence means.
        before: the names that were given before.
    """
    tracks = knowledge.tracks
    names = {name: number for name, number in before.items() if number in tracks}
    for kind in {track.kind for track in tracks.values()} - {None}:
        assert kind is not None
        new = [
            number for number, track in tracks.items() if track.kind == kind and number not in names.values()
        ]
        gone = [name for name in before if name not in names and name.split()[-1] == kind]
        if len(new) == len(gone) == 1:
            names[gone[0]] = new[0]
            continue
        free = [name for name in (f"{colour} {kind}" for colour in COLOURS) if name not in names]
        chances = [_chances(knowledge, sights, grounder, name) for name in free]
        cost = np.array([[-log(chance[number] + _LEAST) for number in new] for chance in chances])
        for row, column in zip(*linear_sum_assignment(cost), strict=True) if new else ():
            names[free[row]] = new[column]
    for name, number in names.items():
        knowledge.call(name, number, name.split()[-1])
    return names


def _chances(
    knowledge: SeenKnowledge, sights: Sequence[Sight], grounder: Grounder, name: str
) -> dict[int, float]:
    """Return how likely each thing is to be the one of that name, and that there is one."""
    sentence = f"look at the {name}"
    looks = [Look(sight, grounder.encode(sight.rgb, sentence)) for sight in sights]
    shows = max((max(grounder.ground(look.encoded, "thing").shows) for look in looks), default=0.0)
    things = {number: track.thing for number, track in knowledge.tracks.items()}
    return {number: shows * chance for number, chance in likely(things, looks, grounder, "thing").items()}
