"""What is round a robot, in the frame of its pelvis, as numbers: what a sentence is about, the table, the neighbours.

A place is 4 numbers: where it is, m, and 1; four zeros where there is none, or none is known of. The table is 6: the
middle of its top, m, cosine and sine of its heading, and 1. The way is 3: what is left to go to the next place on the
way to where the robot is to stand, m ahead, m to the left and rad, from where it stands or is about to
(`walking.footing.here`).
"""

from dataclasses import dataclass
from math import cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.aims import put_at
from vla_course.learning.expert.approach import next_stop
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.arms.pose import Pose
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.footsteps.plan import GoalPose, way_to
from vla_course.simulation.tasks.instructions import NOUNS, Instruction

Floats = NDArray[np.float32]
Array = NDArray[np.float64]

ROLES: Final = ("thing", "other", "person", "spot")
"""whose places are told: the thing, the other thing of a relation, the person, where the thing is to be put"""
NEIGHBOURS: Final = 4
"""things beside the one that a sentence is about, those nearest to it, whose places are told"""
PLACE, TABLE, WAY = 4, 6, 3
"""numbers of a place, of the table, and of a way"""


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What is round a robot: `places` (4, 4) of `ROLES`, `table` (6,), `neighbours` (4, 4) of the thing, the nearest
    first, and the `way` (3,) to go."""

    places: Floats
    table: Floats
    neighbours: Floats
    way: Floats


def around(knowledge: SceneKnowledge, instruction: Instruction, pelvis: Pose, here: GoalPose) -> Around:
    """Return what is round a robot that is told something.

    Args:
        knowledge: of the scene, in which things are called as in the instruction.
        instruction: what it is told.
        pelvis: where it is, in the frame of the knowledge.
        here: where it stands, or would if it closed its feet now.
    """
    back = pelvis.inverse()
    thing, other = instruction.thing, instruction.other
    named = (thing, other if other in NOUNS else None, "person" if other == "person" else None)
    found = [None if name is None else _place(knowledge, name) for name in named]
    try:
        spot, goal = put_at(instruction, knowledge, here), next_stop(instruction, knowledge, here)
    except ErrandFailed:
        spot = goal = None
    places = np.zeros((len(ROLES), PLACE), dtype=np.float32)
    for row, place in zip(places, (*found, spot), strict=True):
        if place is not None:
            row[:] = (*_in(back, place), 1.0)
    neighbours = np.zeros((NEIGHBOURS, PLACE), dtype=np.float32)
    middle = found[0]
    if thing is not None and middle is not None:
        rest = [one.position for one in knowledge.rest(thing)]
        rest.sort(key=lambda place: float(np.linalg.norm(place - middle)))
        for row, place in zip(neighbours, rest, strict=False):
            row[:] = (*_in(back, place), 1.0)
    way = np.zeros(WAY) if goal is None else way_to(here, goal)
    return Around(places, _table(knowledge, pelvis, back), neighbours, way.astype(np.float32))


def _place(knowledge: SceneKnowledge, name: str) -> Array | None:
    try:
        return knowledge.place(name)
    except ErrandFailed:
        return None


def _table(knowledge: SceneKnowledge, pelvis: Pose, back: Pose) -> Floats:
    table = np.zeros(TABLE, dtype=np.float32)
    if knowledge.table is not None:
        heading = -np.arctan2(pelvis.rotation[1, 0], pelvis.rotation[0, 0])
        table[:] = (*_in(back, knowledge.table.middle), cos(heading), sin(heading), 1.0)
    return table


def _in(back: Pose, place: Array) -> Array:
    here: Array = back.position + back.rotation @ place
    return here
