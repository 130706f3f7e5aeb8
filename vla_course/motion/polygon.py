"""Convex polygons: the nearest place inside, and corners that are none."""

from math import hypot

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def nearest_point(polygon: Array, point: Array) -> Array:
    """Return the point (2,) of the convex `polygon` (m, 2), counter-clockwise, that is nearest to `point` (2,).

    A polygon without area - a point, a line - has an edge and no inside.
    """
    px, py = float(point[0]), float(point[1])
    corners = polygon.tolist()
    outside, has_area, best, found = False, False, float("inf"), (px, py)
    for before, (bx, by) in enumerate(corners, start=-1):
        ax, ay = corners[before]
        dx, dy = bx - ax, by - ay
        turn = dx * (py - ay) - dy * (px - ax)
        outside, has_area = outside or turn < 0.0, has_area or turn > 0.0
        along = min(1.0, max(0.0, ((px - ax) * dx + (py - ay) * dy) / max(dx * dx + dy * dy, 1e-12)))
        x, y = ax + along * dx, ay + along * dy
        gap = (x - px) ** 2 + (y - py) ** 2
        if gap < best:
            best, found = gap, (x, y)
    return np.array(point[:2], dtype=float) if has_area and not outside else np.array(found)


def without_flat_corners(polygon: Array, flat: float = 0.002) -> Array:
    """Return the convex `polygon` (m, 2) m without corners that stick out by less than `flat` m.

    Two feet side by side have inner corners on the line of their toes, or beside it by a hair. A hull that has
    one of them in one tick and not in the next would let the mean of its corners jump by centimetres.
    """
    corners = polygon.tolist()
    bold = []
    for k, (x, y) in enumerate(corners):
        (ax, ay), (bx, by) = corners[k - 1], corners[(k + 1) % len(corners)]
        wx, wy = bx - ax, by - ay
        if abs(wx * (y - ay) - wy * (x - ax)) >= flat * hypot(wx, wy):
            bold.append((x, y))
    return np.array(bold) if len(bold) >= 3 else polygon
