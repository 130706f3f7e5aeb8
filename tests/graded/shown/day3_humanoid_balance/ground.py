"""Patches of ground and what is true of them, found by search instead of by formula."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def turned(points: Array, angle: float) -> Array:
    """`points` (n, 2) turned about the origin by `angle` rad."""
    c, s = np.cos(angle), np.sin(angle)
    return points @ np.array([[c, s], [-s, c]])


def feet(rng: np.random.Generator, spread: float = 0.0) -> Array:
    """The support polygon (6, 2) m of two feet, one a little ahead, `spread` m from the origin at most."""
    length, width = rng.uniform(0.18, 0.26), rng.uniform(0.08, 0.12)
    side, ahead = rng.uniform(0.12, 0.18), rng.uniform(0.02, 0.09)
    heel, toe = -0.4 * length, 0.6 * length
    left = [[toe + ahead, side - width], [toe + ahead, side], [heel + ahead, side]]
    right = [[heel, width - side], [heel, -side], [toe, -side]]
    corners = np.array(left + right)  # the other two corners of the soles lie inside
    place = rng.uniform(-spread, spread, 2)
    return turned(corners, rng.uniform(-np.pi, np.pi)) + place


def rounded_patch(rng: np.random.Generator, corners: int = 7) -> Array:
    """A convex polygon (corners, 2) m about as large as a foot, without any symmetry."""
    gaps = rng.uniform(0.6, 1.4, corners)
    angle = rng.uniform(0.0, 2.0 * np.pi) + 2.0 * np.pi * np.cumsum(gaps) / gaps.sum()
    round_ones = np.column_stack((np.cos(angle), np.sin(angle)))
    return round_ones * rng.uniform(0.08, 0.2, 2) + rng.uniform(-0.3, 0.3, 2)


def inside_point(rng: np.random.Generator, polygon: Array) -> Array:
    """A point (2,) of the polygon, anywhere in it."""
    weights = rng.dirichlet(np.ones(len(polygon)))
    return weights @ polygon


def windings(points: ArrayLike, polygon: ArrayLike) -> Array:
    """How often the polygon's edge goes round each point (..., 2): 1 inside, 0 outside, -1 where it runs clockwise."""
    corners, points = np.asarray(polygon, dtype=float), np.asarray(points, dtype=float)
    way = (corners @ (1.0, 1.0j)) - (points @ (1.0, 1.0j))[..., None]
    return np.angle(np.roll(way, -1, axis=-1) / way).sum(axis=-1) / (2.0 * np.pi)


def distance_to_boundary(points: ArrayLike, polygon: Array) -> Array:
    """The way from each point (..., 2) to the nearest place of the boundary.

    Along a straight edge the squared distance is a parabola: three looks at it, at the ends and in the
    middle, tell where it is lowest.
    """
    a, along = polygon, np.roll(polygon, -1, axis=0) - polygon
    here = np.asarray(points, dtype=float)[..., None, :]

    def squared(t: ArrayLike) -> Array:
        return ((a + np.asarray(t)[..., None] * along - here) ** 2).sum(axis=-1)

    at_a, halfway, at_b = squared(0.0), squared(0.5), squared(1.0)
    bend = 2.0 * (at_a - 2.0 * halfway + at_b)
    lowest = np.clip((3.0 * at_a - 4.0 * halfway + at_b) / (2.0 * bend), 0.0, 1.0)
    return np.sqrt(squared(lowest).min(axis=-1))


def signed_distance(points: ArrayLike, polygon: Array) -> Array:
    """Distance of each point (..., 2) to the boundary, negative where the boundary does not go round it."""
    return np.where(windings(points, polygon) > 0.5, 1.0, -1.0) * distance_to_boundary(points, polygon)


def reach(start: Array, direction: Array, polygon: Array) -> float:
    """How many `direction` one can walk from `start` before one leaves the polygon, by halving."""
    low, high = 0.0, 10.0 / float(np.linalg.norm(direction))
    for _ in range(80):
        middle = (low + high) / 2
        if windings(start + middle * direction, polygon) > 0.5:
            low = middle
        else:
            high = middle
    return low


def from_one_corner(corners: object) -> object:
    """The same ring of corners, begun at the one farthest in a certain direction; anything else as it is.

    Which corner comes first is free, so rings are compared from a corner that all of them agree on.
    """
    try:
        ring = np.asarray(corners, dtype=float)
    except (TypeError, ValueError):
        return corners
    if ring.ndim != 2 or ring.shape[1] != 2 or not len(ring) or not np.isfinite(ring).all():
        return corners
    return np.roll(ring, -int(np.argmin(ring @ (0.9238, 0.3827))), axis=0)
