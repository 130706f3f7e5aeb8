"""What the expert aims at: poses of a hand that reaches or points, and free spots on a table."""

from collections.abc import Iterator, Sequence
from math import atan2, cos, hypot, sin

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.motion.arms.pose import Pose
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.scene.scene import CLEARANCE
from vla_course.simulation.tasks.goals_hands import persons_edge
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.scenes import NEIGHBOUR, RIM, spots_in_third
from vla_course.simulation.world.rotation import about_z, rotation_matrix

Array = NDArray[np.float64]
Spot = tuple[float, float]

NEAR = (0.035, 0.05)
"""m, from the tool point to the surface of what is reached for: the fingertips are 2 cm nearer"""
FAR = (0.22, 0.26, 0.18, 0.30)
"""m, from the tool point to the middle of what is pointed at"""
TILTS = (0.8, 0.5, 1.1, 0.25, 1.35)
"""rad from straight down, in which fingers point"""
TURNS = (0.0, -0.4, 0.4, -0.8, 0.8)
"""rad, beside the straight way from the shoulder"""
ROWS = (0.25, 0.10)
"""m, from the near edge: where things of a tidy table stand, the far row first"""
APART = 0.15
"""m, between neighbours in a row"""


def reaching(thing: Graspable, shoulder: Array) -> Iterator[Pose]:
    """Yield poses of a tool close to a thing, fingers towards its middle, the most comfortable first."""
    width, height = min(thing.size[:2]), thing.size[2]
    for near in NEAR:
        for turn in TURNS:
            for tilt in TILTS:
                # Where the line of the fingers enters the thing.
                inside = min(width / 2.0 / sin(tilt), height / 2.0 / cos(tilt))
                yield from _towards(thing.position, shoulder, turn, tilt, inside + near)


def pointing(thing: Graspable, shoulder: Array) -> Iterator[Pose]:
    """Yield poses of a tool the fingers of which point at a thing from afar, the most comfortable first."""
    for away in FAR:
        for turn in TURNS:
            for tilt in TILTS:
                yield from _towards(thing.position, shoulder, turn, tilt, away)


def _towards(middle: Array, shoulder: Array, turn: float, tilt: float, away: float) -> Iterator[Pose]:
    """Yield both poses, palm either way up, of a tool `away` m from `middle` that points there."""
    dx, dy, _ = (middle - shoulder).tolist()
    around = rotation_matrix(np.array(about_z(atan2(dy, dx) + turn)))
    fingers = around @ (sin(tilt), 0.0, -cos(tilt))
    across = around @ (0.0, 1.0, 0.0)
    rotation = np.column_stack((fingers, across, np.cross(fingers, across)))
    yield Pose(middle - away * fingers, rotation)
    yield Pose(middle - away * fingers, rotation * (1.0, -1.0, -1.0))


def beside(other: Graspable, relation: str, rest: Sequence[Graspable], table: Tabletop) -> list[Spot]:
    """Return free spots in a relation to another thing, for a robot that looks along +x."""
    x, y, _ = other.position.tolist()
    slant = NEIGHBOUR * sin(0.4), NEIGHBOUR * cos(0.4)
    ways = {
        "on": [(0.0, 0.0)],
        "left of": [(0.0, NEIGHBOUR), slant, (-slant[0], slant[1])],
        "right of": [(0.0, -NEIGHBOUR), (slant[0], -slant[1]), (-slant[0], -slant[1])],
        "next to": [
            (dx, sign * dy)
            for dx, dy in ((0.0, NEIGHBOUR), slant, (-slant[0], slant[1]))
            for sign in (1.0, -1.0)
        ],
    }
    return free([(x + dx, y + dy) for dx, dy in ways[relation]], rest, table)


def stacked(lower: Graspable, rest: Sequence[Graspable], table: Tabletop) -> Situation:
    """Return what a planner knows that puts something on `lower`: its top is the table, the table an obstacle."""
    x, y, z = lower.position.tolist()
    width, depth, height = lower.size
    top = Tabletop(np.array((x, y, z + height / 2.0)), (width, depth), height, table.legs)
    middle = table.middle - (0.0, 0.0, table.thickness / 2.0)
    return Situation(top, (*rest, Graspable("box", (*table.size, table.thickness), middle)))


def in_third(spot: str, start: Array, rest: Sequence[Graspable], table: Tabletop) -> list[Spot]:
    """Return free spots in a third of the table, `spot` of `SPOTS`, those nearest to `start` (2,) m first."""
    spots = spots_in_third(spot, table.middle.tolist())
    return sorted(free(spots, rest, table), key=lambda at: hypot(at[0] - start[0], at[1] - start[1]))


def put_at(instruction: Instruction, knowledge: SceneKnowledge, here: GoalPose) -> Array | None:
    """Return where a thing is to be put first of all, (3,) m, on the table or on another thing; None: nowhere.

    Args:
        instruction: what is asked.
        knowledge: of the scene, in which things are called as in the instruction.
        here: where the robot stands.
    """
    thing, other, table = instruction.thing, instruction.other, knowledge.table
    if instruction.skill not in ("place", "move to") or thing is None or other is None or table is None:
        return None
    if instruction.relation == "on" and other != "table":
        lower = knowledge.thing(other)
        return lower.position + (0.0, 0.0, lower.size[2] / 2.0)
    rest = knowledge.rest(thing)
    if instruction.skill == "move to":
        spots = in_third(other, np.array((here.x, here.y)), rest, table)
    elif instruction.relation is None or other == "table":
        return None
    else:
        spots = beside(knowledge.thing(other), instruction.relation, rest, table)
    return np.array((*spots[0], table.height)) if spots else None


def near_person(person: Array, rest: Sequence[Graspable], table: Tabletop) -> list[Spot]:
    """Return free spots by the edge of the table behind which a person stands, those at its ends first.

    Who puts something down there need not stand between table and person.
    """
    axis, sign = persons_edge(person, (float(table.middle[0]), float(table.middle[1])))
    spots = []
    for along in (0.40, -0.40, 0.30, -0.30, 0.15, -0.15, 0.0):
        for depth in (0.13, 0.16, 0.11):
            spot = table.middle[:2].copy()
            spot[axis] += sign * (table.size[axis] / 2.0 - depth)
            spot[1 - axis] += along * table.size[1 - axis]
            spots.append((float(spot[0]), float(spot[1])))
    return free(spots, rest, table)


def in_order(rest: Sequence[Graspable], table: Tabletop) -> list[Spot]:
    """Return the free places of a tidy table, in its left third, for a robot that looks along +x."""
    near, left = table.middle[0] - table.size[0] / 2.0, table.middle[1] + table.size[1] / 2.0
    spots = [(near + row, left - RIM - column * APART) for row in ROWS for column in range(2)]
    return free(spots, rest, table)


def free(spots: Sequence[Spot], rest: Sequence[Graspable], table: Tabletop) -> list[Spot]:
    """Return those `spots` that are on the table, clear of its edges and of the `rest` of the things."""
    (mx, my), (depth, width) = table.middle[:2].tolist(), table.size
    return [
        (float(x), float(y))
        for x, y in spots
        if abs(x - mx) <= depth / 2.0 - 0.05
        and abs(y - my) <= width / 2.0 - RIM + 1e-9
        and all(hypot(x - one.position[0], y - one.position[1]) >= CLEARANCE for one in rest)
    ]
