"""3.3: the stability margin is the way to the edge of the support, negative where it has been passed."""

import numpy as np

from shown.day3_humanoid_balance.ground import feet, inside_point, rounded_patch, signed_distance
from shown.day3_humanoid_balance.pictures import margin_picture
from shown.day3_humanoid_balance.slips import either
from vla_course.course.judging import expect_close, graded


def slips(point, polygon, got):
    """The margins that known mistakes give."""
    a, b = polygon, np.roll(polygon, -1, axis=0)
    along = (b - a) / np.linalg.norm(b - a, axis=1)[:, None]
    way = point - a
    to_lines = along[:, 0] * way[:, 1] - along[:, 1] * way[:, 0]
    right = float(signed_distance(point, polygon))
    t = np.clip((way * (b - a)).sum(axis=1) / ((b - a) ** 2).sum(axis=1), 0.0, 1.0)
    to_sides = np.linalg.norm(way - t[:, None] * (b - a), axis=1)
    to_corners = np.linalg.norm(way, axis=1).min()
    sign = np.sign(right)
    return {
        "sign-reversed": -right,
        "unsigned": abs(right),
        "distance-squared": sign * right**2,
        "infinite-line": either(got, to_lines.min(), sign * np.abs(to_lines).min()),
        "corners-only": sign * to_corners,
        "last-side-forgotten": sign * to_sides[:-1].min(),
        "inside-of-any-side": to_sides.min() if np.any(to_lines >= 0.0) else -to_sides.min(),
    }


def expect_margin(student, point, polygon, what, atol=1e-9):
    got = student.stability_margin(point.copy(), polygon.copy())
    margin = float(signed_distance(point, polygon))
    expect_close(
        got,
        margin,
        what=what,
        unit="m",
        atol=atol,
        mistakes=slips(point, polygon, got),
        picture=margin_picture(point, polygon, margin, got),
    )


@graded("3.3", points=3, says="inside, the largest circle round the point that fits has the margin as radius")
def test_inside(student, rng):
    for _ in range(6):
        polygon = rounded_patch(rng)
        expect_margin(student, inside_point(rng, polygon), polygon, "the margin of a point inside")


@graded("3.3", points=3, says="outside, the margin is negative: the way back to the nearest support")
def test_outside(student, rng):
    polygon = rounded_patch(rng)
    middle = polygon.mean(axis=0)
    for corner in polygon:  # beyond a corner, where the nearest place is the corner itself
        place = middle + rng.uniform(1.2, 2.0) * (corner - middle)
        expect_margin(student, place, polygon, "the margin beyond a corner")
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        out = np.array([b[1] - a[1], a[0] - b[0]])
        place = a + rng.uniform(0.3, 0.7) * (b - a) + rng.uniform(0.3, 1.0) * out
        expect_margin(student, place, polygon, "the margin beyond a side")


@graded("3.3", points=1, says="on the very edge nothing is left: the margin is zero")
def test_on_the_edge(student, rng):
    polygon = feet(rng)
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        point = a + rng.uniform(0.2, 0.8) * (b - a)
        got = student.stability_margin(point, polygon.copy())
        expect_close(got, 0.0, what="the margin on the edge", unit="m", mistakes=slips(point, polygon, got))
