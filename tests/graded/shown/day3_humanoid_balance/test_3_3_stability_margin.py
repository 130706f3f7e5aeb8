"""3.3: the stability margin is the way to the edge of the support, negative where it has been passed."""

import numpy as np

from shown.day3_humanoid_balance.ground import feet, inside_point, rounded_patch, signed_distance
from shown.day3_humanoid_balance.pictures import margin_picture
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import graded


def slips(point, polygon, got):
    """The margins that known mistakes give."""
    a, b = polygon, np.roll(polygon, -1, axis=0)
    along = (b - a) / np.linalg.norm(b - a, axis=1)[:, None]
    way = point - a
    to_lines = along[:, 0] * way[:, 1] - along[:, 1] * way[:, 0]
    right = float(signed_distance(point, polygon))
    t = np.clip((way * (b - a)).sum(axis=1) / ((b - a) ** 2).sum(axis=1), 0.0, 1.0)
    to_sides = np.linalg.norm(way - t[:, None] * (b - a), axis=1)
    sign = np.sign(right)
    return {
        "unsigned": abs(right),
        "sign-reversed": -right,
        "distance-squared": sign * right**2,
        "infinite-line": either(got, to_lines.min(), sign * np.abs(to_lines).min()),
        "corners-only": sign * np.linalg.norm(way, axis=1).min(),
        "last-side-forgotten": sign * to_sides[:-1].min(),
    }


def margin_case(student, point, polygon, what):
    got = student.stability_margin(point.copy(), polygon.copy())
    margin = float(signed_distance(point, polygon))
    picture = margin_picture(point, polygon, margin, got)
    return Case(what, got, margin, slips(point, polygon, got), picture)


@graded("3.3", points=3, says="inside, the largest circle round the point that fits has the margin as radius")
def test_inside(student, rng):
    patches = [rounded_patch(rng) for _ in range(6)]
    points = [(inside_point(rng, patch), patch) for patch in patches]
    expect_all(*(margin_case(student, *one, "the margin of a point inside") for one in points), unit="m")


@graded("3.3", points=3, says="outside, the margin is negative: the way back to the nearest support")
def test_outside(student, rng):
    polygon = rounded_patch(rng)
    middle, cases = polygon.mean(axis=0), []
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        beyond = middle + rng.uniform(1.2, 2.0) * (a - middle)  # the nearest place is the corner itself
        cases.append(margin_case(student, beyond, polygon, "the margin beyond a corner"))
        out = np.array([b[1] - a[1], a[0] - b[0]])
        place = a + rng.uniform(0.3, 0.7) * (b - a) + rng.uniform(0.3, 1.0) * out
        cases.append(margin_case(student, place, polygon, "the margin beyond a side"))
    expect_all(*cases, unit="m")


@graded("3.3", points=1, says="on the very edge nothing is left: the margin is zero")
def test_on_the_edge(student, rng):
    polygon = feet(rng)
    nexts = np.roll(polygon, -1, axis=0)
    points = polygon + rng.uniform(0.2, 0.8, (len(polygon), 1)) * (nexts - polygon)
    expect_all(*(margin_case(student, one, polygon, "the margin on the edge") for one in points), unit="m")
