"""What a planner of hands may know of a simulated scene: its table and its things, as they really are."""

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.hands.things import Graspable, Tabletop
from vla_course.simulation.scene import parts as scene_parts
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import EVERY_SHAPE, colour_and_shape

Array = NDArray[np.float64]

_SOLIDS: dict[str, Literal["box", "ball"]] = {"box": "box", "ball": "ball"}
"""what a shape is to a hand: all others are upright cylinders"""


def thing_in(scene: Scene, name: str) -> Graspable:
    """Return a thing of a scene where it really is; raises ValueError for a name that the scene does not have."""
    position, (x, y, z, w) = scene.pose(name)
    _, shape = colour_and_shape(name)
    heading = float(np.arctan2(2.0 * (x * y + w * z), 1.0 - 2.0 * (y * y + z * z)))
    return Graspable(_SOLIDS.get(shape, "cylinder"), EVERY_SHAPE[shape].size, position, heading)


def graspable_in(scene: Scene, name: str) -> Graspable:
    """Return the part of an upright thing that a hand can hold: of a bottle its body without shoulders and neck."""
    thing = thing_in(scene, name)
    if colour_and_shape(name)[1] != "bottle":
        return thing
    width, depth, height = thing.size
    lower = thing.position - (0.0, 0.0, (height - scene_parts.BOTTLE_BODY) / 2.0)
    return replace(thing, size=(width, depth, scene_parts.BOTTLE_BODY), position=lower)


def tabletop_in(scene: Scene) -> Tabletop:
    """Return the table of a scene, with its legs."""
    top = np.array(scene.description.table.position)
    length = float(top[2]) - scene_parts.TABLE_THICKNESS
    legs = tuple(
        Graspable("box", (*scene_parts.TABLE_LEG, length), np.array((top[0] + x, top[1] + y, length / 2.0)))
        for x, y in scene_parts.table_leg_places()
    )
    return Tabletop(top, scene_parts.TABLE_SIZE, legs=legs)
