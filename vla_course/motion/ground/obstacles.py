"""Things that must not be touched, as seen from above: pillars and blocks, and how far away they are."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from math import cos, isfinite, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pillar:
    """A round thing. Raises ValueError: a number is not finite, or the radius is not positive."""

    x: float
    """m, of its middle"""
    y: float
    """m"""
    radius: float
    """m"""

    def __post_init__(self) -> None:
        _check(self, "radius")

    def distance(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return how far (m) points of one shape are from it, negative inside."""
        return np.hypot(np.subtract(x, self.x), np.subtract(y, self.y)) - self.radius


@dataclass(frozen=True, slots=True)
class Block:
    """A box, turned by `yaw`. Raises ValueError: a number is not finite, or a side is not positive."""

    x: float
    """m, of its middle"""
    y: float
    """m"""
    length: float
    """m, along its own x axis"""
    width: float
    """m, along its own y axis"""
    yaw: float = 0.0
    """rad"""

    def __post_init__(self) -> None:
        _check(self, "length", "width")

    def distance(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return how far (m) points of one shape are from it, negative inside."""
        c, s = cos(self.yaw), sin(self.yaw)
        px, py = np.subtract(x, self.x), np.subtract(y, self.y)
        out_x = np.abs(c * px + s * py) - self.length / 2
        out_y = np.abs(c * py - s * px) - self.width / 2
        outside = np.hypot(np.maximum(out_x, 0.0), np.maximum(out_y, 0.0))
        return outside + np.minimum(np.maximum(out_x, out_y), 0.0)


Obstacle = Pillar | Block


def clearance(obstacles: Iterable[Obstacle], x: ArrayLike, y: ArrayLike) -> Array:
    """Return how far (m) points of one shape are from the nearest obstacle, negative inside; inf without any."""
    nearest = np.full(np.broadcast(x, y).shape, np.inf)
    for obstacle in obstacles:
        nearest = np.minimum(nearest, obstacle.distance(x, y))
    return nearest


def _check(obstacle: Pillar | Block, *sizes: str) -> None:
    name = type(obstacle).__name__
    for field in fields(obstacle):
        if not isfinite(getattr(obstacle, field.name)):
            raise ValueError(
                f"{name}.{field.name} is {getattr(obstacle, field.name)}, expected a finite number"
            )
    for size in sizes:
        if getattr(obstacle, size) <= 0.0:
            raise ValueError(f"{name}.{size} is {getattr(obstacle, size)}, expected more than 0 m")
