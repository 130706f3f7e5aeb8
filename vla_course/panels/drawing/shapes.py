"""Triangles for the robot's primitive shapes and for the marks on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.urdf import Part

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Mesh:
    """Triangles with a normal and a colour at every corner.

    Attributes:
        vertices, normals: (n, 3), m and of length one.
        triangles: (k, 3) indices.
        colours: (n,) 0xRRGGBB.
    """

    vertices: Array
    normals: Array
    triangles: NDArray[np.int64]
    colours: NDArray[np.uint32]

    def moved(self, rotation: Array, offset: Array) -> Mesh:
        """Return the mesh turned by `rotation` (3, 3), then shifted by `offset` (3,) m."""
        return Mesh(
            self.vertices @ rotation.T + offset, self.normals @ rotation.T, self.triangles, self.colours
        )


def joined(meshes: list[Mesh]) -> Mesh:
    """Return several meshes as one."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.triangles + start for mesh, start in zip(meshes, starts, strict=False)]),
        np.concatenate([mesh.colours for mesh in meshes]),
    )


def part_mesh(part: Part) -> Mesh:
    """Return the triangles of one visible shape of a link, in the link's frame."""
    red, green, blue = (round(255 * value) for value in part.colour or (0.5, 0.5, 0.5))
    colour = red << 16 | green << 8 | blue
    match part.kind:
        case "box":
            mesh = box(np.array(part.size), colour)
        case "cylinder":
            mesh = cylinder(part.size[0], part.size[1], colour)
        case "sphere":
            mesh = sphere(part.size[0], colour)
    return mesh.moved(_rotation(*part.rpy), np.array(part.centre))


def box(size: Array, colour: int) -> Mesh:
    """Return a box round the origin with the lengths `size` (3,) m."""
    corners, normals = [], []
    for axis in range(3):
        for sign in (1.0, -1.0):
            normal = sign * np.eye(3)[axis]
            u, v = np.eye(3)[(axis + 1) % 3], sign * np.eye(3)[(axis + 2) % 3]
            corners += [normal - u - v, normal + u - v, normal + u + v, normal - u + v]
            normals += [normal] * 4
    triangles = [[4 * k + i, 4 * k + j, 4 * k + m] for k in range(6) for i, j, m in ((0, 1, 2), (0, 2, 3))]
    return _mesh(np.array(corners) * size / 2.0, np.array(normals), triangles, colour)


def cylinder(radius: float, length: float, colour: int, sides: int = 20) -> Mesh:
    """Return a cylinder round the origin, along z."""
    angle = np.linspace(0.0, 2.0 * np.pi, sides + 1)
    ring = np.column_stack((np.cos(angle), np.sin(angle), np.zeros_like(angle)))
    up = np.array([0.0, 0.0, length / 2.0])
    mantle = [[k, k + 1, k + sides + 2] for k in range(sides)]
    mantle += [[k, k + sides + 2, k + sides + 1] for k in range(sides)]
    meshes = [
        _mesh(np.concatenate((radius * ring - up, radius * ring + up)), np.tile(ring, (2, 1)), mantle, colour)
    ]
    for sign in (1.0, -1.0):
        cap = np.concatenate(([sign * up], radius * ring + sign * up))
        fan = [[0, k + 1, k + 2] if sign > 0 else [0, k + 2, k + 1] for k in range(sides)]
        meshes.append(_mesh(cap, np.tile([0.0, 0.0, sign], (len(cap), 1)), fan, colour))
    return joined(meshes)


def sphere(radius: float, colour: int, sides: int = 16) -> Mesh:
    """Return a sphere round the origin."""
    turn, tilt = np.meshgrid(
        np.linspace(0.0, 2.0 * np.pi, sides + 1), np.linspace(0.0, np.pi, sides // 2 + 1)
    )
    normals = np.stack((np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)), axis=-1)
    triangles = []
    for row in range(sides // 2):
        for k in range(sides):
            a, b = row * (sides + 1) + k, (row + 1) * (sides + 1) + k
            triangles += [[a, b, b + 1], [a, b + 1, a + 1]]
    flat = normals.reshape(-1, 3)
    return _mesh(radius * flat, flat, triangles, colour)


def arrow(colour: int, sides: int = 16) -> Mesh:
    """Return an arrow one metre long that ends in the origin and points along x."""
    along_x = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    shaft = cylinder(0.035, 0.7, colour, sides).moved(along_x, np.array([-0.65, 0.0, 0.0]))
    angle = np.linspace(0.0, 2.0 * np.pi, sides + 1)
    ring = np.column_stack((np.full_like(angle, -0.32), 0.1 * np.cos(angle), 0.1 * np.sin(angle)))
    out = np.column_stack((np.full_like(angle, 0.3), 0.95 * np.cos(angle), 0.95 * np.sin(angle)))
    tip = np.zeros((sides + 1, 3))
    head = [[k, k + 1, k + sides + 1] for k in range(sides)]
    cone = _mesh(np.concatenate((ring, tip)), np.concatenate((out, out)), head, colour)
    back = _mesh(
        np.concatenate(([[-0.32, 0.0, 0.0]], ring)),
        np.tile([-1.0, 0.0, 0.0], (sides + 2, 1)),
        [[0, k + 2, k + 1] for k in range(sides)],
        colour,
    )
    return joined([shaft, cone, back])


def flat(corners: Array, height: float, colour: int) -> Mesh:
    """Return a convex patch (m, 2) m of ground, counter-clockwise, `height` m up."""
    points = np.column_stack((corners, np.full(len(corners), height)))
    fan = [[0, k, k + 1] for k in range(1, len(corners) - 1)]
    return _mesh(points, np.tile([0.0, 0.0, 1.0], (len(points), 1)), fan, colour)


def tiles(half: int, size: float, colours: tuple[int, int]) -> Mesh:
    """Return a chequered ground, 2 `half` tiles of `size` m each way, just below zero."""
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    span = range(-half, half)
    return joined([flat(size * (square + [i, j]), -0.002, colours[(i + j) % 2]) for i in span for j in span])


def _mesh(vertices: Array, normals: Array, triangles: list[list[int]], colour: int) -> Mesh:
    return Mesh(vertices, normals, np.array(triangles), np.full(len(vertices), colour, dtype=np.uint32))


def _rotation(roll: float, pitch: float, yaw: float) -> Array:
    (cr, cp, cy), (sr, sp, sy) = np.cos([roll, pitch, yaw]), np.sin([roll, pitch, yaw])
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )
