"""Kinds of things that no scene draws unless somebody asks for them, and that no training has seen: to be taught.

Each is as tall as no kind that the robot knows, and collides as the upright cylinder round it.
"""

from typing import Final

from vla_course.simulation.robot.urdf import Colour, Link, Part
from vla_course.simulation.scene.parts import shaded

CONE_RADIUS: Final = 0.036
CONE_HEIGHT: Final = 0.15
MUSHROOM_RADIUS: Final = 0.036
MUSHROOM_HEIGHT: Final = 0.125
SPOOL_RADIUS: Final = 0.034
SPOOL_HEIGHT: Final = 0.135
_SLICES: Final = 12


def cone(colour: Colour, mass: float) -> Link:
    """A cone of round slices; origin at its middle."""
    slice_height = CONE_HEIGHT / _SLICES
    slices = tuple(
        Part(
            "cylinder",
            (CONE_RADIUS * (1.0 - (k + 0.5) / _SLICES), slice_height),
            (0.0, 0.0, (k + 0.5) * slice_height - CONE_HEIGHT / 2),
            colour=colour,
        )
        for k in range(_SLICES)
    )
    return Link("cone", (_round_body(CONE_RADIUS, CONE_HEIGHT, mass), *slices))


def mushroom(colour: Colour, mass: float) -> Link:
    """A mushroom: a thin stem under a round cap, lighter on its foot; origin at its middle."""
    stem = MUSHROOM_HEIGHT - MUSHROOM_RADIUS
    bottom = -MUSHROOM_HEIGHT / 2
    return Link(
        "mushroom",
        (
            _round_body(MUSHROOM_RADIUS, MUSHROOM_HEIGHT, mass),
            Part("cylinder", (0.022, 0.012), (0.0, 0.0, bottom + 0.006), colour=shaded(colour, 0.7)),
            Part("cylinder", (0.012, stem), (0.0, 0.0, bottom + stem / 2), colour=shaded(colour, 1.3)),
            Part("sphere", (MUSHROOM_RADIUS,), (0.0, 0.0, bottom + stem), colour=colour),
        ),
    )


def spool(colour: Colour, mass: float) -> Link:
    """A spool: two flat discs and the thin core between them; origin at its middle."""
    disc, away = 0.018, SPOOL_HEIGHT / 2 - 0.009
    return Link(
        "spool",
        (
            _round_body(SPOOL_RADIUS, SPOOL_HEIGHT, mass),
            Part("cylinder", (0.012, SPOOL_HEIGHT), colour=shaded(colour, 0.8)),
            Part("cylinder", (SPOOL_RADIUS, disc), (0.0, 0.0, away), colour=colour),
            Part("cylinder", (SPOOL_RADIUS, disc), (0.0, 0.0, -away), colour=colour),
        ),
    )


def _round_body(radius: float, height: float, mass: float) -> Part:
    """Return what is felt of a thing and not seen."""
    return Part("cylinder", (radius, height), mass=mass, collides=True)
