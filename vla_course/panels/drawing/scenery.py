"""What stands round a robot in a replay: things that were moved, obstacles, ground, and the tracks of its feet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.ground.obstacles import Obstacle, Pillar
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.shapes import Mesh, box, cylinder
from vla_course.panels.drawing.traces import footprints, upright
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

OBSTACLE_HEIGHT = 0.9
"""m"""
_OBSTACLE, _STONE = 0x9A7B5B, 0xC9C4BB
_SAME_PLACE = 0.02
"""m: a sole that is not farther than that from its last track has not been lifted"""
_ONE_SOLE = (0.018, 0.035)
"""m^2, less and more than one sole covers"""
_STOOD, _SLIDES = 20, 0.01
"""ticks and m: a sole that moved no farther in that time has stood"""


@dataclass(frozen=True)
class Prop:
    """A thing in a replay.

    Attributes:
        mesh: in its own frame.
        ways: (4, 4) for one that stays, (n, 4, 4) for one that was somewhere at each of a record's n ticks.
    """

    mesh: Mesh
    ways: Array


def tracks(record: MotionRecord) -> list[Array]:
    """Return the outlines (4, 2) m of all places where a sole has stood, in order, each once.

    A sole that slides has not stood; what a robot does after it fell does not count.
    """
    found = footprints(record)

    def keep(corners: Array) -> None:
        middle = corners.mean(axis=0)
        if all(np.hypot(*(middle - before.mean(axis=0))) > _SAME_PLACE for before in found):
            found.append(corners)

    begun, ticks = np.full(2, np.inf), 0
    for corners in record.support_polygons[upright(record)]:
        if len(corners) != 4 or not _ONE_SOLE[0] < area(corners) < _ONE_SOLE[1]:
            begun, ticks = np.full(2, np.inf), 0
            continue
        middle, ticks = corners.mean(axis=0), ticks + 1
        if not np.hypot(*(middle - begun)) < _SLIDES:
            begun, ticks = middle, 0
        if ticks == _STOOD:
            keep(corners)
    if not record.fell:
        for sole in footprints(record, -1):
            keep(sole)
    return found


def area(corners: Array) -> float:
    """Return the area (m^2) of a polygon (n, 2) m."""
    x, y = corners.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2.0)


def obstacle_props(obstacles: Sequence[Obstacle], terrain: Terrain | None = None) -> list[Prop]:
    """Return obstacles and the slabs of a terrain as a replay shows them."""
    props = []
    for thing in obstacles:
        if isinstance(thing, Pillar):
            mesh, yaw = cylinder(thing.radius, OBSTACLE_HEIGHT, _OBSTACLE), 0.0
        else:
            mesh = box(np.array([thing.length, thing.width, OBSTACLE_HEIGHT]), _OBSTACLE)
            yaw = thing.yaw
        props.append(Prop(mesh, pose_matrix(np.array([thing.x, thing.y, OBSTACLE_HEIGHT / 2.0]), yaw)))
    for slab in terrain.slabs if terrain is not None else ():
        mesh = box(np.array([slab.x1 - slab.x0, slab.width, slab.high]), _STONE)
        props.append(Prop(mesh, pose_matrix(np.array([(slab.x0 + slab.x1) / 2.0, 0.0, slab.high / 2.0]))))
    return props


def pose_matrix(position: Array, yaw: float = 0.0) -> Array:
    """Return the matrix (4, 4) of something upright at `position` (3,) m, turned by `yaw` rad."""
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    matrix[:3, 3] = position
    return matrix


def build_obstacles(world: World, obstacles: Sequence[Obstacle]) -> list[int]:
    """Put obstacles into a world of physics, fixed to the ground, and return the bodies made."""
    client, bodies = world.client, []
    for thing in obstacles:
        if isinstance(thing, Pillar):
            kind, yaw = pybullet.GEOM_CYLINDER, 0.0
            solid: dict[str, Any] = {"radius": thing.radius, "height": OBSTACLE_HEIGHT}
            seen: dict[str, Any] = {"radius": thing.radius, "length": OBSTACLE_HEIGHT}
        else:
            kind, yaw = pybullet.GEOM_BOX, thing.yaw
            solid = seen = {"halfExtents": [thing.length / 2, thing.width / 2, OBSTACLE_HEIGHT / 2]}
        red, green, blue = (_OBSTACLE >> 16 & 255, _OBSTACLE >> 8 & 255, _OBSTACLE & 255)
        paint = [red / 255, green / 255, blue / 255, 1.0]
        body: int = pybullet.createMultiBody(
            0.0,
            pybullet.createCollisionShape(kind, physicsClientId=client, **solid),
            pybullet.createVisualShape(kind, rgbaColor=paint, physicsClientId=client, **seen),
            basePosition=[thing.x, thing.y, OBSTACLE_HEIGHT / 2],
            baseOrientation=pybullet.getQuaternionFromEuler((0.0, 0.0, yaw)),
            physicsClientId=client,
        )
        bodies.append(body)
    return bodies
