"""Where the shipped encoders end: one thing alone on a table, and one circumstance that no training has shown them.

Each circumstance changes what it names and nothing else; "nothing changed" is what it says. Of each picture it is asked
which of all 48 things of the course it shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from report import Figure, share

from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.pretraining.captions import phrase
from vla_course.learning.pretraining.snapshots import PICTURE_SIZE
from vla_course.panels.model.lamp_pictures import evening
from vla_course.simulation.scene.cameras import Camera, Tripod
from vla_course.simulation.scene.scene import Scene, SceneDescription
from vla_course.simulation.scene.things import ALL_THINGS, COLOURS, SHAPES, TRAINED, colour_and_shape
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.world import World

ON_ITS_SIDE = ("cup", "bottle", "box", "cylinder")
"""shapes that look different when they lie: a ball does not, and a bowl would roll back"""


@dataclass(frozen=True)
class View:
    """Where the camera stands, seen from the thing.

    Attributes:
        distance: m, lowest and highest.
        rise: rad above the horizontal, lowest and highest.
        side: rad about the vertical; 0 is where the robot stands, pi the far side of the table.
    """

    distance: tuple[float, float] = (0.4, 0.7)
    rise: tuple[float, float] = (0.6, 1.1)
    side: float = 0.0


ROBOT = View()
"""about what the head and the chest camera see of a thing within reach: measured 0.36 to 0.75 m, 0.53 to 1.21 rad"""


@dataclass(frozen=True)
class Circumstance:
    """What is different.

    Attributes:
        view: of the camera.
        change: of the scene, by the number of the picture.
        lying: whether the thing lies on its side.
    """

    name: str
    view: View = ROBOT
    change: Callable[[SceneDescription, int], SceneDescription] = lambda scene, _: scene
    lying: bool = False


def lit(light: Callable[[Light], Light]) -> Callable[[SceneDescription, int], SceneDescription]:
    """Return a change of the light alone."""
    return lambda scene, _: replace(scene, light=light(scene.light))


def painted(scene: SceneDescription, number: int) -> SceneDescription:
    """Return the scene with a table in one of three colours that things have, by turns."""
    colour = COLOURS[("red", "green", "blue")[number % 3]]
    return replace(scene, table=replace(scene.table, colour=colour))


CIRCUMSTANCES = (
    Circumstance("nothing changed"),
    Circumstance("warm light", change=lit(lambda light: replace(light, colour=(1.0, 0.8, 0.6)))),
    Circumstance("evening lamp of Day 1", change=lit(evening)),
    Circumstance("dim light", change=lit(lambda light: replace(light, ambient=0.25, diffuse=0.15))),
    Circumstance("red, green or blue table", change=painted),
    Circumstance("near, 0.3 m", View(distance=(0.3, 0.3))),
    Circumstance("far, 1.3 m", View(distance=(1.3, 1.3))),
    Circumstance("from straight above", View(rise=(1.5, 1.5))),
    Circumstance("from eye level", View(rise=(0.1, 0.2))),
    Circumstance("from the far side of the table", View(side=pi)),
    Circumstance("lying on its side", lying=True),
)


def outside(model: DualEncoder, seed: int, pictures: int) -> list[Figure]:
    """Return, for each circumstance, how often the colour is right, and how often colour and shape are."""
    texts = [phrase(name) for name in ALL_THINGS]
    figures = []
    for row, circumstance in enumerate(CIRCUMSTANCES):
        names = [
            name
            for name in TRAINED
            if not circumstance.lying or colour_and_shape(name)[1] in ON_ITS_SIDE
            for _ in range(pictures)
        ]
        rng = np.random.default_rng([seed, row])
        shots = np.stack([photograph(circumstance, name, k, rng) for k, name in enumerate(names)])
        said = [ALL_THINGS[k] for k in model.similarity(shots, texts).argmax(dim=1).tolist()]
        pairs = [(colour_and_shape(a), colour_and_shape(b)) for a, b in zip(said, names, strict=True)]
        figures += [
            share(f"one thing, {circumstance.name}: colour", [a[0] == b[0] for a, b in pairs]),
            share(f"one thing, {circumstance.name}: colour and shape", [a == b for a, b in pairs]),
        ]
    return figures


def photograph(
    circumstance: Circumstance, name: str, number: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Photograph one thing, whole and seen by 24 pixels at least (from afar by any), (96, 96, 3) uint8."""
    fewest = 8 if circumstance.view.distance[0] > 1.0 else 24
    while True:
        drawn = Scene.sample(rng, things=[name], person=False)
        with World() as world:
            scene = Scene.build(world, circumstance.change(drawn, number))
            if circumstance.lying:
                _lay(scene, name, drawn)
            x, y, z = scene.pose(name)[0].tolist()
            view = circumstance.view
            away, rise = rng.uniform(*view.distance), rng.uniform(*view.rise)
            turn = pi + view.side + rng.uniform(-0.4, 0.4)
            stand = (
                x + away * cos(rise) * cos(turn),
                y + away * cos(rise) * sin(turn),
                z + away * sin(rise),
            )
            aside = away * rng.uniform(-0.15, 0.15, size=2)
            target = (x + float(aside[0]), y + float(aside[1]), z)
            camera = Camera(
                world, Tripod(stand, target), width=PICTURE_SIZE, height=PICTURE_SIZE, field_of_view=1.1
            )
            image = camera.capture()
            rows, columns = np.nonzero(image.segmentation == scene.bodies[name])
        if len(rows) >= fewest and _whole(rows) and _whole(columns):
            return image.rgb


def _lay(scene: Scene, name: str, drawn: SceneDescription) -> None:
    """Tip a thing onto its side, in a heading of its own."""
    thing = drawn.things[0]
    width = SHAPES[colour_and_shape(name)[1]].size[0]
    x, y, _ = thing.position
    turn = pybullet.getQuaternionFromEuler((pi / 2, 0.0, thing.heading))
    pybullet.resetBasePositionAndOrientation(
        scene.bodies[name],
        (x, y, drawn.table.position[2] + width / 2 + 0.001),
        turn,
        physicsClientId=scene.world.client,
    )


def _whole(pixels: Sequence[int] | NDArray[np.int64]) -> bool:
    return bool(min(pixels) > 0 and max(pixels) < PICTURE_SIZE - 1)
