"""The next place on the way to where one stands before something: round the table, then straight to its edge."""

from itertools import pairwise
from math import atan2, cos, hypot, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.feet import before_person, table_before
from vla_course.learning.expert.pacing import apart
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.errands.way import CLEAR, StandingPlace, obstacle_of, standing_places
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.obstacles import Block
from vla_course.motion.hands.things import Tabletop
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]
Spot = tuple[float, float]

NEAR: Final = 0.03
"""m, from a place: who is nearer has arrived"""
CORRIDOR, STRAIGHT = 0.04, radians(6.0)
"""m and rad, from the line on which one walks straight to a table: farther from it feet go back first"""
BEHIND: Final = 0.30
"""m, behind the place before a table: who is on that line there already goes on, and need not stop at it"""
TURNS: Final = CLEAR - 0.04
"""m, from a table: where the middle between the feet is nearer, a body may not turn"""
_ROUND: Final = CLEAR + 0.08
"""m, from a table's corner, both ways, to where one walks round it"""


def approach(table: Tabletop, place: StandingPlace, here: GoalPose) -> tuple[GoalPose, bool]:
    """Return where to go next on the way to a place at a table, and whether straight there: it is too near to turn.

    Args:
        table: at which the place is.
        place: to stand at.
        here: where the robot stands.
    """
    c, s = cos(place.at.yaw), sin(place.at.yaw)
    dx, dy = here.x - place.at.x, here.y - place.at.y
    ahead, aside = c * dx + s * dy, c * dy - s * dx
    lined_up = abs(aside) < CORRIDOR and abs(wrapped(here.yaw - place.at.yaw)) < STRAIGHT
    if lined_up and -apart(place.before, place.at)[0] - BEHIND < ahead < NEAR:
        return place.at, True
    if obstacle_of(table).distance(here.x, here.y) < TURNS:
        return _back_off(table, here), True
    return place.before, False


def _back_off(table: Tabletop, here: GoalPose) -> GoalPose:
    """Return a place clear of the nearest edge of a table, as the robot faces."""
    middle, half = table.middle[:2], np.array(table.size) / 2.0
    away = np.array((here.x, here.y)) - np.clip((here.x, here.y), middle - half, middle + half)
    away *= CLEAR / max(float(np.linalg.norm(away)), 1e-6) - 1.0 + 0.02
    return GoalPose(here.x + away[0], here.y + away[1], here.yaw)


def next_stop(instruction: Instruction, knowledge: SceneKnowledge, here: GoalPose) -> GoalPose | None:
    """Return where to go next for what one is told to go to; None: nowhere is known, or something else is asked.

    Args:
        instruction: what is asked.
        knowledge: of the scene, in which things are called as in the instruction.
        here: where the robot stands.

    Raises:
        ErrandFailed: nothing is known of the thing.
    """
    table, person = knowledge.table, knowledge.person
    if instruction.skill != "go to":
        return None
    if instruction.other == "person":
        if person is None:
            return None
        place = places_before(person, table, here)[0]
        return place if table is None else round_table(table, place, here)
    if table is None:
        return None
    standing = next(iter(places_at(table, instruction.thing, knowledge, here)), None)
    if standing is None:
        return None
    goal, straight = approach(table, standing, here)
    return goal if straight else round_table(table, goal, here)


def places_at(
    table: Tabletop, thing: str | None, knowledge: SceneKnowledge, here: GoalPose
) -> list[StandingPlace]:
    """Return where to stand before a thing on a table, the best place first, or with None straight before the table."""
    if thing is None:
        return standing_places(table, table_before(table, here), here, aside=(0.0,))
    return standing_places(table, knowledge.thing(thing).position[:2], here)


def places_before(person: Array, table: Tabletop | None, here: GoalPose) -> list[GoalPose]:
    """Return where to stand before a person at (2,) m, clear of the table where there is such a place."""
    places = list(before_person((float(person[0]), float(person[1])), here))
    clear = [one for one in places if table is None or obstacle_of(table).distance(one.x, one.y) > TURNS]
    return clear or places


def round_table(table: Tabletop, goal: GoalPose, here: GoalPose) -> GoalPose:
    """Return a place in the open, or the first corner on the shortest way to it round a table."""
    block = obstacle_of(table)
    start, end = (here.x, here.y), (goal.x, goal.y)
    room = min(TURNS, *(float(block.distance(*spot)) - 0.01 for spot in (start, end)))
    if _is_free(block, start, end, room):
        return goal
    sign = ((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0))
    half = block.length / 2.0 + _ROUND, block.width / 2.0 + _ROUND
    corners = [(block.x + a * half[0], block.y + b * half[1]) for a, b in sign]
    ways = [
        [start, *(corners[(first + turn * k) % 4] for k in range(count)), end]
        for first in range(4)
        for turn in (1, -1)
        for count in (1, 2, 3)
    ]
    free = [way for way in ways if all(_is_free(block, *leg, room) for leg in pairwise(way))]
    if not free:
        return goal
    x, y = min(free, key=_length)[1]
    return GoalPose(x, y, atan2(y - here.y, x - here.x))


def _is_free(block: Block, start: Spot, end: Spot, room: float) -> bool:
    share = np.linspace(0.0, 1.0, 25)
    x, y = (first + share * (last - first) for first, last in zip(start, end, strict=True))
    return bool((block.distance(x, y) >= room).all())


def _length(way: list[Spot]) -> float:
    return sum(hypot(x - u, y - v) for (u, v), (x, y) in pairwise(way))
