"""How heavy a thing do two fingers hold? Things of the scene, heavier and heavier, taken and put elsewhere."""

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from report import Figure, share

from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.pipeline.actions import ManipulationAction
from vla_course.motion.pipeline.loads import HOLDS
from vla_course.motion.pipeline.perform import Setting, perform
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.situation import situation_of
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

MASSES = (1.0, 2.0, HOLDS, HOLDS + 1.0)
"""kg"""
SCENE = 3
"""the seed of a table"""
PLACES: dict[str, tuple[float, float]] = {
    "red cup": (0.36, -0.19),
    "green box": (0.38, 0.04),
    "blue ball": (0.42, 0.2),
}
"""m, on this table, free of the others and in reach of the hand"""


@dataclass(frozen=True)
class Carry:
    """A thing of the scene, made so heavy, taken and put to its place."""

    thing: str
    mass: float
    """kg"""


def carried(carry: Carry) -> bool:
    """Return whether it got there, nothing dropped and nobody fallen."""
    description = Scene.sample(np.random.default_rng(SCENE), person=False)
    things = tuple(replace(t, mass=carry.mass) if t.name == carry.thing else t for t in description.things)
    with World(0) as world:
        scene = Scene.build(world, replace(description, things=things))
        setting = Setting(Humanoid(world), scene)
        StandingManipulator(setting.humanoid).stand(0.3)
        ground = TerrainMap.of(Terrain.flat(), (-1.5, 1.5), (-1.5, 1.5))
        situation = situation_of(setting.humanoid, ground, (), scene)
        action = ManipulationAction(carry.thing, None, PLACES[carry.thing])
        came = perform(HumanoidVLAPipeline().plan_balanced_manipulation(action, situation), setting)
        return came.done


def grip_figures(pool: Executor, quick: bool) -> list[Figure]:
    """Return how many of the things were carried, for each of the masses."""
    masses, names = (MASSES[-2:], THINGS[:1]) if quick else (MASSES, THINGS)
    tasks = [Carry(name, mass) for mass, name in product(masses, names)]
    done = dict(zip(tasks, pool.map(carried, tasks), strict=True))
    return [
        share(
            f"things of {mass:.0f} kg carried by the grip of two fingers",
            [done[Carry(n, mass)] for n in names],
        )
        for mass in masses
    ]
