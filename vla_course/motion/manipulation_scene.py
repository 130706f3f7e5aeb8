"""What a planner of hands may know of a simulated scene: its table and its things, as they really are."""

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.manipulation_things import Graspable, Shape, Tabletop
from vla_course.simulation import scene_parts
from vla_course.simulation.scene import Scene, Thing

Array = NDArray[np.float64]

_SHAPES: dict[Thing, tuple[Shape, tuple[float, float, float]]] = {
    "red cup": ("cylinder", (2 * scene_parts.CUP_RADIUS, 2 * scene_parts.CUP_RADIUS, scene_parts.CUP_HEIGHT)),
    "green box": ("box", scene_parts.BOX_SIZE),
    "blue sphere": ("ball", (2 * scene_parts.BALL_RADIUS,) * 3),
}


def thing_in(scene: Scene, name: Thing) -> Graspable:
    """Return a thing of a scene where it really is; raises ValueError for a name that the scene does not have."""
    position, (x, y, z, w) = scene.pose(name)
    shape, size = _SHAPES[name]
    heading = float(np.arctan2(2.0 * (x * y + w * z), 1.0 - 2.0 * (y * y + z * z)))
    return Graspable(shape, size, position, heading)


def tabletop_in(scene: Scene) -> Tabletop:
    """Return the table of a scene."""
    return Tabletop(np.array(scene.description.table.position), scene_parts.TABLE_SIZE)
