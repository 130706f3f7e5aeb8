"""What 3.2's tests expect of a ring of corners, and the rings that known mistakes give."""

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.ground import from_one_corner
from shown.day3_humanoid_balance.pictures import hull_picture
from vla_course.course.judging import expect, expect_close

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
    ordered = sorted({(float(x), float(y)) for x, y in points})
    backward = ordered[::-1]
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    whole = np.unique(points, axis=0)
    away = whole - whole.mean(axis=0)
    by_angle = whole[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    halves = [half_chain(walk) for walk in (ordered, backward)]
    return {
        "clockwise": [expected[::-1]],
        "keeps-straight-corners": [
            np.vstack([half_chain(walk, drop_straight=False)[:-1] for walk in (ordered, backward)])
        ],
        "drops-one-corner-only": [
            np.vstack([half_chain(walk, only_once=True)[:-1] for walk in (ordered, backward)])
        ],
        "bounding-box": [np.array([[left, bottom], [right, bottom], [right, top], [left, top]])],
        "half-of-the-chain": [*halves, *(half[:-1] for half in halves)],
        "keeps-inner-points": [by_angle],
    }


def half_chain(walk, *, drop_straight: bool = True, only_once: bool = False) -> Array:
    """One half of the monotone chain, right or with one of two things forgotten."""
    corners: list[tuple[float, float]] = []
    for p in walk:
        while len(corners) >= 2:
            (ax, ay), (bx, by) = corners[-2:]
            turn = (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax)
            if turn > 0.0 or (turn == 0.0 and not drop_straight):
                break
            corners.pop()
            if only_once:
                break
        corners.append(p)
    return np.array(corners)


def nearest(ring: object, candidates: list[Array]) -> object:
    """The candidate that the ring is most like, begun at the corner that rings are compared from."""
    rings = [from_one_corner(candidate) for candidate in candidates]
    if not isinstance(ring, np.ndarray):
        return rings[0]
    alike = [candidate for candidate in rings if np.shape(candidate) == ring.shape]
    return min(alike, key=lambda candidate: np.abs(candidate - ring).max(), default=rings[0])
