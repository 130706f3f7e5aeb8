"""What a factor changes about a task's world, and nothing else; all of it is beyond what training draws.

- light. Training: the lamp 40 to 74 degrees up, each colour of it 0.88 to 1, glow 0.50 to 0.62, lamp 0.30 to 0.42.
  Here: 14 to 32 degrees up, colours 0.60 to 0.85, glow 0.30 to 0.45, lamp 0.45 to 0.60.
- camera. Training: within 1 cm and 1.5 degrees of its place about each axis. Here: within 3 cm and 4.5 degrees.
- friction. Training: floor 0.8 to 1.1, table and things 0.8 to 1.2 of the usual. Here: each 0.5 to 0.7.
- mass. Training: links within 5 %, things of 0.05 to 0.30 kg. Here: links within 15 %, things of 0.30 to 0.45 kg.
- layout. Training: the table 0.68 to 0.76 m high, 0.22 to 0.26 m before the robot, 0 to 0.08 m aside. Here: 0.64 to
  0.66 m high and 0.22 to 0.24 m before it, or 0.78 to 0.81 m high and 0.27 to 0.30 m before it; 0.10 to 0.16 m aside.

The eyes of the planned way were trained with other lights as well, one scene in seven (`learning/grounding/scenes.py`:
glow 0.25 to 0.65, lamp 0.1 to 0.5, colours from 0.75), but with no lamp so low.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import cos, sin
from typing import Final
from zlib import crc32

import numpy as np

from vla_course.learning.environment.variation import Variation, sample_variation
from vla_course.learning.evaluation.episodes import FACTORS, Episode
from vla_course.simulation.scene.scene import Layout, SceneDescription
from vla_course.simulation.tasks.tasks import Task
from vla_course.simulation.world.light import Light

SIDES: Final = ((-0.16, -0.10), (0.10, 0.16))
LAYOUTS: Final = tuple(
    Layout(heights, edges, asides)
    for heights, edges in (((0.64, 0.66), (0.22, 0.24)), ((0.78, 0.81), (0.27, 0.30)))
    for asides in SIDES
)
"""where no training has put a table: lower or higher, and to either side"""
BEYOND: Final = 3.0
"""by how much farther cameras and masses are off than training lets them be"""
SLIPPERY: Final = (0.5, 0.7)
"""of the usual friction"""


@dataclass(frozen=True, slots=True)
class Changed:
    """A task, and what is different about the robot and its floor."""

    task: Task
    variation: Variation = field(default_factory=Variation)


def changed(task: Task, episode: Episode) -> Changed:
    """Return a task with the factor of its episode changed. The same episode, the same change."""
    change = _CHANGES.get(episode.factor)
    if change is None:  # nothing, or the layout, with which a task is drawn
        return Changed(task)
    return change(task, np.random.default_rng([crc32(episode.key.encode()), episode.seed, 2]))


def layout_of(episode: Episode, rng: np.random.Generator) -> Layout | None:
    """Draw where the table of an episode may stand; None where training draws it."""
    if "layout" not in (episode.split, episode.factor):
        return None
    return LAYOUTS[rng.integers(len(LAYOUTS))]


def _light(task: Task, rng: np.random.Generator) -> Changed:
    bearing, rise = rng.uniform(-np.pi, np.pi), rng.uniform(0.25, 0.55)
    red, green, blue = rng.uniform(0.60, 0.85, size=3).tolist()
    light = Light(
        (cos(bearing) * cos(rise), sin(bearing) * cos(rise), sin(rise)),
        (red, green, blue),
        ambient=rng.uniform(0.30, 0.45),
        diffuse=rng.uniform(0.45, 0.60),
    )
    return Changed(_in(task, replace(task.scene, light=light)))


def _camera(task: Task, rng: np.random.Generator) -> Changed:
    return Changed(task, Variation(cameras=sample_variation(rng, BEYOND).cameras))


def _friction(task: Task, rng: np.random.Generator) -> Changed:
    slippery, floor = rng.uniform(*SLIPPERY, size=2).tolist()
    return Changed(_in(task, replace(task.scene, friction=slippery)), Variation(floor=floor))


def _mass(task: Task, rng: np.random.Generator) -> Changed:
    things = tuple(replace(thing, mass=rng.uniform(0.30, 0.45)) for thing in task.scene.things)
    return Changed(
        _in(task, replace(task.scene, things=things)), Variation(masses=sample_variation(rng, BEYOND).masses)
    )


def _in(task: Task, scene: SceneDescription) -> Task:
    return replace(task, scene=scene)


_CHANGES: Final[dict[str, Callable[[Task, np.random.Generator], Changed]]] = {
    "light": _light,
    "camera": _camera,
    "friction": _friction,
    "mass": _mass,
}
assert {*_CHANGES, "layout"} == FACTORS.keys()
