"""What may change about a world in the middle of a command: light, cameras, things, masses, the floor, the words."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vla_course.learning.environment.variation import Askew
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene import parts as scene_parts
from vla_course.simulation.scene.cameras import PLACES, Place
from vla_course.simulation.scene.scene import CLEARANCE, load_thing
from vla_course.simulation.scene.things import COLOURS, EVERY_SHAPE, NEW_SHAPES
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import about_z

USUAL: Final = ""
KINDS: Final[dict[str, tuple[float, str]]] = {
    "dark": (0.4, "of the light is left"),
    "camera moved": (12.0, "degrees, and 3 cm at most, of one camera"),
    "unknown thing": (1.0, "things that no training has seen"),
    "wrong mass": (1.0, "kg that one palm has more than the robot believes"),
    "slippery floor": (0.15, "friction of the floor"),
}
"""of each change the size that is meant by default, and what it counts"""
SHIFT: Final = 0.03
"""m, by which a camera that is knocked may shift along each axis"""
_DRAWS: Final = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What changes, by how much, and when.

    Args:
        kind: one of `KINDS`, the cause that a monitor ought to name.
        size: as `KINDS` counts it; None: its default.
        at: s, after the command.

    Raises:
        ValueError: it is of no such kind, or its size is negative.
    """

    kind: str
    size: float | None = None
    at: float = 2.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is {self.kind!r}, expected one of: {', '.join(KINDS)}")
        if self.size is None:
            object.__setattr__(self, "size", KINDS[self.kind][0])
        if not self.amount >= 0.0:
            raise ValueError(f"size is {self.size}, expected 0 or more")

    @property
    def amount(self) -> float:
        """The size."""
        assert self.size is not None
        return self.size


def knocked(change: Change, rng: np.random.Generator) -> dict[Place, Askew]:
    """Return how cameras sit after a change: one is turned about an axis of chance, and shifted."""
    if change.kind != "camera moved":
        return {}
    place, axis = PLACES[rng.integers(len(PLACES))], rng.normal(size=3)
    x, y, z = (np.radians(change.amount) * axis / np.linalg.norm(axis)).tolist()
    dx, dy, dz = rng.uniform(-SHIFT, SHIFT, 3).tolist()
    return {place: Askew((dx, dy, dz), (x, y, z))}


def bring_about(change: Change, stage: Stage, rng: np.random.Generator) -> str:
    """Change the world of a stage; return what changed, in a few words. What cameras do is `knocked`'s."""
    world = stage.world
    match change.kind:
        case "dark":
            light = world.light
            world.light = replace(
                light,
                ambient=min(1.0, light.ambient * change.amount),
                diffuse=min(1.0, light.diffuse * change.amount),
                specular=min(1.0, light.specular * change.amount),
            )
            return f"{change.amount:.0%} of the light is left"
        case "unknown thing":
            return _put(stage, max(1, round(change.amount)), rng)
        case "wrong mass":
            link = f"{SIDES[rng.integers(len(SIDES))]}_palm"
            robot = stage.humanoid
            index = robot.link_index(link)
            mass = pybullet.getDynamicsInfo(robot.body, index, physicsClientId=world.client)[0]
            pybullet.changeDynamics(
                robot.body, index, mass=mass + change.amount, physicsClientId=world.client
            )
            return f"{change.amount:g} kg more in the {link.replace('_', ' ')}"
        case "slippery floor":
            pybullet.changeDynamics(
                world.ground, -1, lateralFriction=change.amount, physicsClientId=world.client
            )
            return f"the floor's friction is {change.amount:g}"
    return f"a camera moved by {change.amount:g} degrees"


def _put(stage: Stage, number: int, rng: np.random.Generator) -> str:
    """Put so many things that no training has seen on the table, clear of all others, where arms reach."""
    scene, named = stage.scene, []
    (x0, y0, top), depth = scene.description.table.position, scene_parts.TABLE_SIZE[0]
    taken = [scene.pose(thing.name)[0][:2] for thing in scene.description.things]
    taken += [stage.humanoid.link_pose(f"{side}_tool")[0][:2] for side in SIDES]
    for _ in range(number):
        shape, colour = rng.choice(list(NEW_SHAPES)), rng.choice(list(COLOURS))
        for _ in range(_DRAWS):
            place = np.array((x0 - depth / 2.0 + rng.uniform(0.08, 0.25), y0 + rng.uniform(-0.35, 0.35)))
            if all(np.hypot(*(place - other)) > CLEARANCE for other in taken):
                break
        link = EVERY_SHAPE[shape].make(COLOURS[colour], 0.15)
        load_thing(stage.world, link, (*place, top + EVERY_SHAPE[shape].size[2] / 2.0 + 0.001), about_z(0.0))
        taken.append(place)
        named.append(f"a {colour} {shape}")
    return f"{' and '.join(named)} on the table"
