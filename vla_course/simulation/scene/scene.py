"""A table with things on it, a person, and light: sampled by chance, built into a world."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, sin, sqrt
from pathlib import Path
from typing import Final, Self

import numpy as np

from vla_course.simulation.robot.state import FloatArray
from vla_course.simulation.robot.urdf import Colour, Link, robot_text
from vla_course.simulation.scene import parts as scene_parts
from vla_course.simulation.scene.things import COLOURS, EVERY_SHAPE, colour_and_shape
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.rotation import about_z, rotate
from vla_course.simulation.world.world import World

THINGS: Final = ("red cup", "green box", "blue ball")
"""what stands on the table unless somebody asks for other things"""
REACH: Final = 0.56
"""From a shoulder to the middle of a thing, m: a straight arm reaches 0.59 with its tool point."""
CLEARANCE: Final = 0.14
"""Between the middles of two things, m: room for an open gripper."""
MOST_THINGS: Final = 6
"""that find room on the table within reach"""

_SHOULDER: Final = (0.0, 0.20, 1.14)


Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Within what the table is drawn; m. The defaults are what all training draws.

    Attributes:
        heights: of its top.
        edges: how far its edge is before the robot.
        asides: how far its middle is to the left.
    """

    heights: Range = (0.68, 0.76)
    edges: Range = (0.22, 0.26)
    asides: Range = (-0.08, 0.08)


USUAL: Final = Layout()


@dataclass(frozen=True, slots=True)
class ThingDescription:
    """One thing on the table: what it is, where its middle is (m, world), heading (rad), kg, paint."""

    name: str
    position: tuple[float, float, float]
    heading: float
    mass: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class TableDescription:
    """The table: middle of its top (m, world; z is the height of the surface) and colour."""

    position: tuple[float, float, float]
    colour: Colour


@dataclass(frozen=True, slots=True)
class PersonDescription:
    """The person: feet (m, world), the heading in which they look (rad), the colour of the shirt."""

    position: tuple[float, float]
    heading: float
    shirt: Colour


@dataclass(frozen=True, slots=True)
class SceneDescription:
    """All that chance decides about a scene.

    Attributes:
        friction: factor on the friction of table and things.
        floor: colour that tints the floor's tiles.
    """

    table: TableDescription
    things: tuple[ThingDescription, ...]
    person: PersonDescription | None
    light: Light
    floor: Colour
    friction: float


class Scene:
    """A scene in a world. Make one with `Scene.build(world, Scene.sample(rng))`.

    Attributes:
        description: what was built.
        bodies: pybullet's body id of each thing, and of "table" and "person".
    """

    def __init__(self, world: World, description: SceneDescription, bodies: dict[str, int]) -> None:
        self.world = world
        self.description = description
        self.bodies = bodies

    @staticmethod
    def sample(
        rng: np.random.Generator,
        *,
        things: Sequence[str] = THINGS,
        person: bool = True,
        layout: Layout = USUAL,
    ) -> SceneDescription:
        """Draw a scene for a robot that stands at the origin and looks along +x.

        The table as `layout` has it, by default 0.68 to 0.76 m high; every thing within `REACH` of a shoulder and
        `CLEARANCE` of its neighbours; 50 to 300 g; friction +-20 %; the person beyond the table, facing the robot.

        Raises:
            ValueError: `things` has a name twice, or more than `MOST_THINGS` names, or one that is no thing.
        """
        if len(set(things)) < len(things) or len(things) > MOST_THINGS:
            raise ValueError(f"things are {tuple(things)}, expected at most {MOST_THINGS} different names")
        height = rng.uniform(*layout.heights)
        edge = rng.uniform(*layout.edges)
        depth = scene_parts.TABLE_SIZE[0]
        table = TableDescription((edge + depth / 2, rng.uniform(*layout.asides), height), _wood(rng))
        return SceneDescription(
            table=table,
            things=_sample_things(rng, things, edge, table),
            person=_sample_person(rng) if person else None,
            light=_sample_light(rng),
            floor=_around(rng, (0.93, 0.93, 0.93), 0.04),
            friction=rng.uniform(0.8, 1.2),
        )

    @classmethod
    def build(cls, world: World, description: SceneDescription) -> Self:
        """Put a described scene into `world` and switch on its light."""
        world.light = description.light
        pybullet.changeVisualShape(
            world.ground, -1, rgbaColor=[*description.floor, 1.0], physicsClientId=world.client
        )
        table = description.table
        link = scene_parts.table(table.position[2], table.colour)
        bodies = {"table": _load(world, link, (*table.position[:2], 0.0), about_z(0.0), fixed=True)}
        _set_friction(world, bodies["table"], 0.6 * description.friction, 0.0, 0.0)
        if description.person is not None:
            someone = description.person
            link = scene_parts.person(someone.shirt)
            bodies["person"] = _load(
                world, link, (*someone.position, 0.0), about_z(someone.heading), fixed=True
            )
        for thing in description.things:
            turn = about_z(thing.heading)
            bodies[thing.name] = load_thing(
                world, _thing_link(thing), thing.position, turn, description.friction
            )
        return cls(world, description, bodies)

    def pose(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return where a thing's middle is now, (3,) m, and its orientation (4,) x y z w.

        Raises:
            ValueError: the scene has no thing of this name.
        """
        if name not in self.bodies:
            raise ValueError(f"name is {name!r}, expected one of {sorted(self.bodies)}")
        body, client = self.bodies[name], self.world.client
        position, orientation = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
        # What pybullet tells is the centre of mass: a bottle's is below its middle.
        mass_at = rotate(orientation, pybullet.getDynamicsInfo(body, -1, physicsClientId=client)[3])
        return np.subtract(position, mass_at), np.array(orientation)

    def on_table(self, name: str) -> bool:
        """Tell whether a thing's middle is above the table top and not more than 20 cm above it."""
        (x, y, z), _ = self.pose(name)
        (tx, ty, top), (depth, width) = self.description.table.position, scene_parts.TABLE_SIZE
        return bool(abs(x - tx) < depth / 2 and abs(y - ty) < width / 2 and top < z < top + 0.2)


def _sample_things(
    rng: np.random.Generator, names: Sequence[str], edge: float, table: TableDescription
) -> tuple[ThingDescription, ...]:
    kinds, (_, middle, height) = [colour_and_shape(name) for name in names], table.position
    # No farther aside than arms reach, nor than 5 cm from the table's side.
    aside = scene_parts.TABLE_SIZE[1] / 2 - 0.05
    right, left = max(-0.42, middle - aside), min(0.42, middle + aside)
    while True:
        places = [(edge + rng.uniform(0.05, 0.18), rng.uniform(right, left)) for _ in names]
        apart = all(
            hypot(a[0] - b[0], a[1] - b[1]) >= CLEARANCE for k, a in enumerate(places) for b in places[:k]
        )
        if apart and all(_reachable((*place, height + 0.05)) for place in places):
            break
    return tuple(
        ThingDescription(
            name=name,
            # 1 mm of air: a thing that starts inside the table is thrown out of it.
            position=(x, y, height + EVERY_SHAPE[shape].size[2] / 2 + 0.001),
            heading=rng.uniform(-np.pi, np.pi),
            mass=rng.uniform(0.05, 0.30),
            colour=_around(rng, COLOURS[colour], 0.08),
        )
        for name, (colour, shape), (x, y) in zip(names, kinds, places, strict=True)
    )


def _reachable(point: tuple[float, float, float]) -> bool:
    x, y, z = _SHOULDER
    away = [(point[0] - x) ** 2 + (point[1] - side * y) ** 2 + (point[2] - z) ** 2 for side in (1, -1)]
    return sqrt(min(away)) <= REACH


def _sample_person(rng: np.random.Generator) -> PersonDescription:
    distance, bearing = rng.uniform(1.5, 2.3), rng.uniform(-0.6, 0.6)
    x, y = distance * cos(bearing), distance * sin(bearing)
    facing = atan2(-y, -x) + rng.uniform(-0.3, 0.3)
    red, green, blue = rng.uniform(0.25, 0.9, size=3).tolist()
    return PersonDescription((x, y), facing, (red, green, blue))


def _sample_light(rng: np.random.Generator) -> Light:
    bearing, rise = rng.uniform(-np.pi, np.pi), rng.uniform(0.7, 1.3)
    return Light(
        direction=(cos(bearing) * cos(rise), sin(bearing) * cos(rise), sin(rise)),
        colour=_around(rng, (0.95, 0.95, 0.93), 0.05),
        ambient=rng.uniform(0.50, 0.62),
        diffuse=rng.uniform(0.30, 0.42),
    )


def _wood(rng: np.random.Generator) -> Colour:
    woods: tuple[Colour, ...] = (
        (0.72, 0.55, 0.36),
        (0.80, 0.70, 0.55),
        (0.55, 0.40, 0.28),
        (0.78, 0.78, 0.76),
    )
    return _around(rng, woods[rng.integers(len(woods))], 0.05)


def _around(rng: np.random.Generator, colour: Colour, spread: float) -> Colour:
    red, green, blue = np.clip(np.array(colour) + rng.uniform(-spread, spread, size=3), 0.0, 1.0).tolist()
    return red, green, blue


def _thing_link(thing: ThingDescription) -> Link:
    _, shape = colour_and_shape(thing.name)
    return EVERY_SHAPE[shape].make(thing.colour, thing.mass)


def load_thing(
    world: World,
    link: Link,
    position: Sequence[float] | FloatArray,
    orientation: Sequence[float] | FloatArray,
    friction: float = 1.0,
) -> int:
    """Put something movable into `world` and return its body id.

    Args:
        link: from `scene_parts`.
        position, orientation: of its middle, (3,) m and (4,) x y z w.
        friction: factor on the usual 0.8 lateral, 0.005 m spinning, 0.0005 m rolling friction; the
            little rolling friction is what keeps a placed ball from rolling away.
    """
    body = _load(world, link, position, orientation, fixed=False)
    _set_friction(world, body, 0.8 * friction, 0.005, 0.0005)
    return body


def _load(
    world: World,
    link: Link,
    position: Sequence[float] | FloatArray,
    orientation: Sequence[float] | FloatArray,
    *,
    fixed: bool,
) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{link.name}.urdf"
        path.write_text(robot_text(link.name, [link], []), encoding="utf-8")
        body: int = pybullet.loadURDF(
            str(path),
            basePosition=position,
            baseOrientation=orientation,
            useFixedBase=fixed,
            flags=pybullet.URDF_USE_INERTIA_FROM_FILE,
            physicsClientId=world.client,
        )
    return body


def _set_friction(world: World, body: int, lateral: float, spinning: float, rolling: float) -> None:
    pybullet.changeDynamics(
        body,
        -1,
        lateralFriction=lateral,
        spinningFriction=spinning,
        rollingFriction=rolling,
        linearDamping=0.0,
        angularDamping=0.0,
        physicsClientId=world.client,
    )
