"""What 3.2's tests expect of a ring of corners, and the rings that known mistakes give."""

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.ground import distance_to_boundary, from_one_corner
from shown.day3_humanoid_balance.pictures import hull_picture
from vla_course.course.checking.judging import expect, expect_close

Array = NDArray[np.float64]


def expect_hull(student, points: Array, expected: Array, what: str) -> None:
    """Expect the corners of the hull in their order, wherever they begin."""
    got = student.support_polygon(points.copy())
    picture = hull_picture(points, expected, got)
    ring = from_one_corner(got)
    closed = isinstance(ring, np.ndarray) and len(ring) > 1 and np.array_equal(got[0], got[-1])
    expect(
        not closed,
        f"{what}: the first corner comes again at the end",
        got=got,
        expected=expected,
        unit="m",
        mistake="closed-ring",
        picture=picture,
    )
    mistakes = {name: nearest(ring, rings) for name, rings in slips(points, expected).items()}
    expect_close(ring, from_one_corner(expected), what=what, unit="m", mistakes=mistakes, picture=picture)


def slips(points: Array, expected: Array) -> dict[str, list[Array]]:
    """The rings that each mistake can give."""
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    whole = np.unique(points, axis=0)
    on_the_edge = whole[distance_to_boundary(whole, expected) < 1e-6]
    below, above = halves(expected)
    return {
        "clockwise": [expected[::-1]],
        "keeps-straight-corners": [by_angle(on_the_edge)],
        "drops-one-corner-only": [
            np.vstack([looked_back_once(whole)[:-1], looked_back_once(whole[::-1])[:-1]])
        ],
        "bounding-box": [np.array([[left, bottom], [right, bottom], [right, top], [left, top]])],
        "half-of-the-chain": [below, above, below[:-1], above[:-1]],
        "keeps-inner-points": [by_angle(whole)],
    }


def by_angle(points: Array) -> Array:
    """The points (n, 2) as they come in a turn round their middle."""
    away = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


def halves(ring: Array) -> tuple[Array, Array]:
    """The corners from the leftmost to the rightmost below, and those back above; both ends are in both."""
    leftmost, rightmost = np.lexsort(ring.T[::-1])[[0, -1]]
    begun = np.roll(ring, -leftmost, axis=0)
    turn = (rightmost - leftmost) % len(ring)
    return begun[: turn + 1], np.vstack((begun[turn:], begun[:1]))


def looked_back_once(points: Array) -> Array:
    """Half a chain along the points by somebody who takes back one corner at most for each new one."""
    places = (points @ (1.0, 1.0j)).tolist()
    kept = places[:2]
    for place in places[2:]:
        before, last = kept[-2], kept[-1]
        if ((last - before).conjugate() * (place - before)).imag <= 0.0:
            kept.pop()
        kept.append(place)
    return np.column_stack((np.real(kept), np.imag(kept)))


def nearest(ring: object, candidates: list[Array]) -> object:
    """The candidate that the ring is most like, begun at the corner that rings are compared from."""
    rings = [from_one_corner(candidate) for candidate in candidates]
    if not isinstance(ring, np.ndarray):
        return rings[0]
    alike = [candidate for candidate in rings if np.shape(candidate) == ring.shape]
    return min(alike, key=lambda candidate: np.abs(candidate - ring).max(), default=rings[0])
