"""The table that the notebooks lay, and what is recorded of a thing that a robot moves on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.scenery import Prop, pose_matrix
from vla_course.panels.drawing.shapes import Mesh, joined, part_mesh
from vla_course.simulation.robot.urdf import Link
from vla_course.simulation.scene import parts as scene_parts
from vla_course.simulation.scene.scene import THINGS, Scene, SceneDescription
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

_SPOTS: Final[dict[str, tuple[float, float]]] = {
    "red cup": (0.34, -0.32),
    "green box": (0.36, 0.12),
    "blue ball": (0.34, 0.34),
}


def laid_table() -> SceneDescription:
    """Return a scene with a table and all three things in front of the robot, always the same."""
    scene = Scene.sample(np.random.default_rng(7), person=False)
    x, y, _ = scene.table.position
    rise = 0.72 - scene.table.position[2]
    things = tuple(
        replace(thing, position=(*_SPOTS[thing.name], thing.position[2] + rise)) for thing in scene.things
    )
    return replace(scene, table=replace(scene.table, position=(x, y, 0.72)), things=things)


class ThingWays:
    """Where the things of a scene are, tick by tick."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._poses = dict[str, list[Array]]((name, []) for name in THINGS)

    def add(self) -> None:
        """Keep where they are now."""
        for name in THINGS:
            position, orientation = self._scene.pose(name)
            matrix = np.eye(4)
            matrix[:3, :3], matrix[:3, 3] = rotation_matrix(orientation), position
            self._poses[name].append(matrix)

    def finish(self) -> dict[str, Array]:
        """Return the poses (n, 4, 4) of each thing."""
        return {name: np.array(poses) for name, poses in self._poses.items()}


@dataclass(frozen=True, eq=False)
class Delivery:
    """A robot that moves a thing on a table, as it was recorded."""

    record: MotionRecord
    thing: str
    place: Array
    """(2,) m, where it should be put"""
    ways: dict[str, Array]
    """(n, 4, 4), of each thing"""
    scene: SceneDescription

    @property
    def missed(self) -> float:
        """m, between where the thing should be and where it is."""
        return float(np.hypot(*(self.ways[self.thing][-1, :2, 3] - self.place)))

    def props(self) -> list[Prop]:
        """Return the table, and its things where they were at each tick, as a replay shows them."""
        table, things = self.scene.table, self.scene.things
        links: dict[str, Link] = {
            "red cup": scene_parts.cup(things[0].colour, 0.1),
            "green box": scene_parts.box(things[1].colour, 0.1),
            "blue ball": scene_parts.ball(things[2].colour, 0.1),
        }
        board = _mesh(scene_parts.table(table.position[2], table.colour))
        below = pose_matrix(np.array([*table.position[:2], 0.0]))
        return [Prop(board, below), *(Prop(_mesh(links[name]), self.ways[name]) for name in THINGS)]


def _mesh(link: Link) -> Mesh:
    return joined([part_mesh(part) for part in link.parts if part.colour is not None])
