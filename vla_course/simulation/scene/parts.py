"""What a scene is made of, each as one link of primitive shapes: things to take, table, person."""

from math import cos, pi, sin, tan
from typing import Final

from vla_course.simulation.robot.urdf import Colour, Link, Part

CUP_RADIUS: Final = 0.035
CUP_HEIGHT: Final = 0.10
BOX_SIZE: Final = (0.05, 0.05, 0.08)
BALL_RADIUS: Final = 0.032
BOTTLE_RADIUS: Final = 0.028
BOTTLE_HEIGHT: Final = 0.19
BOTTLE_BODY: Final = 0.125
"""m, of the bottle below its shoulders: there it can be held"""
BOWL_RADIUS: Final = 0.040
BOWL_HEIGHT: Final = 0.045
CYLINDER_RADIUS: Final = 0.030
CYLINDER_HEIGHT: Final = 0.09
TABLE_SIZE: Final = (0.50, 1.10)
"""Depth (away from the robot) and width of the table top, m."""
TABLE_THICKNESS: Final = 0.03
TABLE_LEG: Final = (0.045, 0.045)
"""m, the sides of each of its legs"""
PERSON_RADIUS: Final = 0.25

ALONG_Y: Final = (pi / 2, 0.0, 0.0)
SKIN: Final[Colour] = (0.85, 0.64, 0.50)
HAIR: Final[Colour] = (0.25, 0.17, 0.12)
TROUSERS: Final[Colour] = (0.20, 0.25, 0.40)
DARK: Final[Colour] = (0.12, 0.12, 0.14)
LEGS: Final[Colour] = (0.30, 0.30, 0.33)


def shaded(colour: Colour, factor: float) -> Colour:
    """Return a colour made darker (factor below 1) or lighter (above)."""
    red, green, blue = (min(1.0, max(0.0, factor * value)) for value in colour)
    return red, green, blue


def cup(colour: Colour, mass: float) -> Link:
    """A cup that looks hollow and collides as the cylinder it fills; origin at its middle."""
    return Link("cup", _hollow(CUP_RADIUS, CUP_HEIGHT, 0.0, colour, mass))


def bowl(colour: Colour, mass: float) -> Link:
    """A low bowl, wider at its rim, that collides as the cylinder round it; origin at its middle."""
    return Link("bowl", _hollow(BOWL_RADIUS, BOWL_HEIGHT, 0.4, colour, mass))


def _hollow(radius: float, height: float, lean: float, colour: Colour, mass: float) -> tuple[Part, ...]:
    """Walls that lean outwards by `lean` rad round a dark inside, in a cylinder of `radius` and `height` m."""
    walls, thickness = 12, 0.004
    # Half-way up a wall; a leaning one reaches `radius` at its rim.
    ring = radius - thickness / 2 - tan(lean) * height / 2
    width = 2 * (ring + thickness / 2) * sin(pi / walls) + 0.002 + tan(lean) * 0.02
    parts = [Part("cylinder", (radius, height), mass=mass, collides=True)]
    for k in range(walls):
        angle = 2 * pi * k / walls
        tint = shaded(colour, 1.0 if k % 2 else 0.93)
        parts.append(
            Part(
                "box",
                (thickness, width, height / cos(lean)),
                (ring * cos(angle), ring * sin(angle), 0.0),
                (0.0, lean, angle),
                colour=tint,
            )
        )
    floor = ring - tan(lean) * height / 2 - 0.001
    inside = Part("cylinder", (floor, 0.004), (0.0, 0.0, 0.006 - height / 2), colour=shaded(colour, 0.45))
    return (*parts, inside)


def bottle(colour: Colour, mass: float) -> Link:
    """A bottle with shoulders, a neck and a dark cap, that collides as the cylinder round its body."""
    body, cap = BOTTLE_BODY, 0.015
    bottom = -BOTTLE_HEIGHT / 2
    neck = BOTTLE_HEIGHT - body - 0.5 * BOTTLE_RADIUS
    middle = bottom + body / 2
    return Link(
        "bottle",
        (
            Part(
                "cylinder", (BOTTLE_RADIUS, body), (0.0, 0.0, middle), mass=mass, colour=colour, collides=True
            ),
            Part("sphere", (BOTTLE_RADIUS,), (0.0, 0.0, bottom + body), colour=shaded(colour, 0.95)),
            Part("cylinder", (0.012, neck), (0.0, 0.0, -bottom - neck / 2), colour=colour),
            Part("cylinder", (0.014, cap), (0.0, 0.0, -bottom - cap / 2), colour=DARK),
        ),
    )


def cylinder(colour: Colour, mass: float) -> Link:
    """A closed cylinder, lighter on top; origin at its middle."""
    size = (CYLINDER_RADIUS, CYLINDER_HEIGHT)
    lid = Part(
        "cylinder",
        (CYLINDER_RADIUS - 0.004, 0.003),
        (0.0, 0.0, CYLINDER_HEIGHT / 2),
        colour=shaded(colour, 1.3),
    )
    return Link("cylinder", (Part("cylinder", size, mass=mass, colour=colour, collides=True), lid))


def box(colour: Colour, mass: float) -> Link:
    """A box with a lid of a lighter shade; origin at its middle."""
    x, y, z = BOX_SIZE
    lid = Part("box", (x + 0.001, y + 0.001, 0.012), (0.0, 0.0, z / 2 - 0.0055), colour=shaded(colour, 1.3))
    return Link("box", (Part("box", BOX_SIZE, mass=mass, colour=colour, collides=True), lid))


def ball(colour: Colour, mass: float) -> Link:
    """A ball; origin at its middle."""
    return Link("ball", (Part("sphere", (BALL_RADIUS,), mass=mass, colour=colour, collides=True),))


def table(height: float, colour: Colour) -> Link:
    """A table whose top lies at `height` (m) above the origin; x is its depth, y its width."""
    depth, width = TABLE_SIZE
    top = (0.0, 0.0, height - TABLE_THICKNESS / 2)
    parts = [Part("box", (depth, width, TABLE_THICKNESS), top, mass=20.0, colour=colour, collides=True)]
    rail = height - TABLE_THICKNESS - 0.03
    parts.append(
        Part("box", (depth - 0.10, width - 0.10, 0.06), (0.0, 0.0, rail), colour=shaded(colour, 0.8))
    )
    length = height - TABLE_THICKNESS
    for x, y in table_leg_places():
        parts.append(Part("box", (*TABLE_LEG, length), (x, y, length / 2), colour=LEGS, collides=True))
    return Link("table", tuple(parts))


def table_leg_places() -> list[tuple[float, float]]:
    """Return where the middles of a table's legs are, m from the middle of its top."""
    x, y = TABLE_SIZE[0] / 2 - 0.04, TABLE_SIZE[1] / 2 - 0.04
    return [(-x, -y), (-x, y), (x, -y), (x, y)]


def person(shirt: Colour) -> Link:
    """A friendly person of 1.70 m who looks along x, arms a little open; origin between the feet.

    One standing cylinder is all that others can bump into.
    """
    parts = [Part("cylinder", (PERSON_RADIUS, 1.70), (0.0, 0.0, 0.85), mass=70.0, collides=True)]
    for sign in (1.0, -1.0):
        parts += [
            Part("box", (0.24, 0.09, 0.07), (0.04, 0.09 * sign, 0.035), colour=DARK),
            Part("cylinder", (0.07, 0.74), (0.0, 0.09 * sign, 0.44), colour=TROUSERS),
            Part("cylinder", (0.05, 0.30), (0.0, 0.235 * sign, 1.23), (0.25 * sign, 0.0, 0.0), colour=shirt),
            Part("cylinder", (0.04, 0.26), (0.05, 0.29 * sign, 0.98), (0.1 * sign, -0.4, 0.0), colour=SKIN),
            Part("sphere", (0.048,), (0.10, 0.30 * sign, 0.85), colour=SKIN),
            Part("sphere", (0.014,), (0.098, 0.038 * sign, 1.585), colour=DARK),
            Part("cylinder", (0.06, 0.10), (0.0, 0.17 * sign, 1.36), ALONG_Y, colour=shirt),
        ]
    parts += [
        Part("box", (0.19, 0.30, 0.20), (0.0, 0.0, 0.86), colour=TROUSERS),
        Part("box", (0.20, 0.33, 0.46), (0.0, 0.0, 1.17), colour=shirt),
        Part("cylinder", (0.05, 0.10), (0.0, 0.0, 1.43), colour=SKIN),
        Part("sphere", (0.11,), (0.0, 0.0, 1.57), colour=SKIN),
        Part("sphere", (0.112,), (-0.018, 0.0, 1.592), colour=HAIR),
        Part("box", (0.01, 0.05, 0.010), (0.102, 0.0, 1.535), colour=(0.70, 0.25, 0.25)),
        Part("sphere", (0.016,), (0.112, 0.0, 1.565), colour=shaded(SKIN, 0.92)),
    ]
    return Link("person", tuple(parts))
