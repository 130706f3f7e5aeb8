"""The things of the course: every colour with every shape, and which pairs no training may name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vla_course.simulation.robot.urdf import Colour, Link
from vla_course.simulation.scene import new_parts
from vla_course.simulation.scene import parts as scene_parts

COLOURS: Final[dict[str, Colour]] = {
    "red": (0.85, 0.12, 0.10),
    "green": (0.15, 0.60, 0.22),
    "blue": (0.12, 0.28, 0.85),
    "yellow": (0.95, 0.83, 0.10),
    "orange": (0.95, 0.48, 0.06),
    "purple": (0.48, 0.16, 0.64),
    "white": (0.95, 0.95, 0.95),
    "black": (0.09, 0.09, 0.10),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape: how it is made from a paint and a mass in kg, and its size, m: across, along and up."""

    make: Callable[[Colour, float], Link]
    size: tuple[float, float, float]


def _round(radius: float, height: float) -> tuple[float, float, float]:
    return 2 * radius, 2 * radius, height


SHAPES: Final[dict[str, Shape]] = {
    "cup": Shape(scene_parts.cup, _round(scene_parts.CUP_RADIUS, scene_parts.CUP_HEIGHT)),
    "box": Shape(scene_parts.box, scene_parts.BOX_SIZE),
    "ball": Shape(scene_parts.ball, _round(scene_parts.BALL_RADIUS, 2 * scene_parts.BALL_RADIUS)),
    "bottle": Shape(scene_parts.bottle, _round(scene_parts.BOTTLE_RADIUS, scene_parts.BOTTLE_HEIGHT)),
    "bowl": Shape(scene_parts.bowl, _round(scene_parts.BOWL_RADIUS, scene_parts.BOWL_HEIGHT)),
    "cylinder": Shape(scene_parts.cylinder, _round(scene_parts.CYLINDER_RADIUS, scene_parts.CYLINDER_HEIGHT)),
}

NEW_SHAPES: Final[dict[str, Shape]] = {
    "cone": Shape(new_parts.cone, _round(new_parts.CONE_RADIUS, new_parts.CONE_HEIGHT)),
    "mushroom": Shape(new_parts.mushroom, _round(new_parts.MUSHROOM_RADIUS, new_parts.MUSHROOM_HEIGHT)),
    "spool": Shape(new_parts.spool, _round(new_parts.SPOOL_RADIUS, new_parts.SPOOL_HEIGHT)),
}
"""shapes that lie nowhere unless somebody asks for them by name: no lesson, no language and no encoder knows them"""
EVERY_SHAPE: Final[dict[str, Shape]] = SHAPES | NEW_SHAPES

ALL_THINGS: Final[tuple[str, ...]] = tuple(f"{colour} {shape}" for colour in COLOURS for shape in SHAPES)
HELD_OUT: Final[tuple[str, ...]] = tuple(
    f"{colour} {shape}"
    for i, colour in enumerate(COLOURS)
    for j, shape in enumerate(SHAPES)
    if (i + j) % 4 == 1
)
"""a quarter of the pairs, every colour and every shape among them: kept for tests of composition"""
TRAINED: Final[tuple[str, ...]] = tuple(name for name in ALL_THINGS if name not in HELD_OUT)


def colour_and_shape(name: str) -> tuple[str, str]:
    """Split the name of a thing.

    Raises:
        ValueError: it is not a colour of `COLOURS` and a shape of `EVERY_SHAPE`.
    """
    colour, _, shape = name.partition(" ")
    if colour not in COLOURS or shape not in EVERY_SHAPE:
        raise ValueError(
            f"thing is {name!r}, expected a colour ({', '.join(COLOURS)}) and a shape ({', '.join(EVERY_SHAPE)})"
        )
    return colour, shape
