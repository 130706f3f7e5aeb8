"""The patch of ground that can push back, and how far from its edge a point is."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("3.2")
def support_polygon(points: Array) -> Array:
    """Return the corners (m, 2) m of the convex hull of the contact `points` (n, 2) m.

    Corners come counter-clockwise, each once, however often its point is given; points inside the hull or
    in the middle of an edge are left out. One point or two stay as they are (the hull of a tiptoe is a
    point), and of points on one line the two ends are left.

    One good way is the monotone chain (Andrew, 1979): sort by x, then y; walk along the points and
    drop the last corner while it does not make a left turn; once forward for the lower chain, once
    backward for the upper. With a, b the last two corners and p the next point, a left turn means

        (b - a) x (p - a) = (b_x - a_x)(p_y - a_y) - (b_y - a_y)(p_x - a_x) > 0
    """
    # BEGIN SOLUTION
    ordered = sorted({(float(x), float(y)) for x, y in np.asarray(points)[:, :2]})
    if len(ordered) < 3:
        return np.array(ordered)

    def chain(walk: list[tuple[float, float]]) -> list[tuple[float, float]]:
        corners: list[tuple[float, float]] = []
        for p in walk:
            while len(corners) >= 2:
                (ax, ay), (bx, by) = corners[-2:]
                if (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) > 1e-12:
                    break
                corners.pop()
            corners.append(p)
        return corners[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))
    # END SOLUTION


@exercise("3.3")
def stability_margin(point: Array, polygon: Array) -> float:
    """Return the signed distance in m from `point` (2,) m to the edge of a convex `polygon` (m, 2) m, m >= 3.

    Positive inside, zero on the edge, negative outside. The polygon's corners come counter-clockwise.

    For the edge from a to b, the point of the edge nearest to p is

        a + t (b - a),   t = clip((p - a) . (b - a) / |b - a|^2, 0, 1)

    and p is on the inner side where (b - a) x (p - a) >= 0.
    """
    # BEGIN SOLUTION
    point, polygon = np.asarray(point, dtype=float)[:2], np.asarray(polygon, dtype=float)
    edge = np.roll(polygon, -1, axis=0) - polygon
    to_point = point - polygon
    t = np.clip((to_point * edge).sum(axis=1) / (edge**2).sum(axis=1), 0.0, 1.0)
    distance = np.hypot(*(to_point - t[:, None] * edge).T).min()
    inside = np.all(edge[:, 0] * to_point[:, 1] - edge[:, 1] * to_point[:, 0] >= 0.0)
    return float(distance if inside else -distance)
    # END SOLUTION
