"""3.2: the support polygon is what a rubber band round all contact points would enclose."""

import numpy as np
from scipy.spatial import ConvexHull

from shown.day3_humanoid_balance.ground import feet, inside_point
from shown.day3_humanoid_balance.rings import expect_hull
from shown.slips import either
from vla_course.course.checking.judging import expect_close, graded


@graded("3.2", points=3, says="a rubber band round any cloud of contact points touches just these corners")
def test_cloud(student, rng):
    points = rng.normal(0.0, 0.1, (40, 2))
    expect_hull(student, points, points[ConvexHull(points).vertices], "the hull of 40 contact points")


@graded("3.2", points=2, says="with one foot ahead of the other the robot stands on six corners of its soles")
def test_one_foot_ahead(student, rng):
    corners = feet(rng)
    contacts = np.vstack((corners, [inside_point(rng, corners) for _ in range(4)]))
    expect_hull(student, rng.permutation(contacts), corners, "the support polygon of two feet")


@graded("3.2", points=2, says="with the feet side by side the corners between them are no corners any more")
def test_feet_side_by_side(student, rng):
    heel, toe = -rng.integers(5, 9), rng.integers(9, 14)
    inner, outer = rng.integers(4, 7), rng.integers(10, 16)
    soles = [(x, y) for x in (heel, toe) for y in (-outer, -inner, inner, outer)]
    corners = [(heel, -outer), (toe, -outer), (toe, outer), (heel, outer)]
    # Sixty-fourths of a metre are exact in floating point: the corners in between lie on the edge to the bit.
    expect_hull(
        student,
        rng.permutation(np.array(soles)) / 64.0,
        np.array(corners) / 64.0,
        "the support polygon of two feet side by side",
    )


@graded("3.2", points=1, says="a robot on tiptoe stands on a point, on two tiptoes on a line")
def test_tiptoe(student, rng):
    points = rng.uniform(-0.2, 0.2, (2, 2))
    points = points[np.argsort(points[:, 0])]
    one = student.support_polygon(points[:1].copy())
    nothing = {"nothing-left": either(one, np.zeros(0), np.zeros((0, 2)))}
    expect_close(one, points[:1], what="the hull of one point", unit="m", mistakes=nothing)
    two = student.support_polygon(points.copy())
    is_ring = np.shape(two) == (2, 2)
    ordered = np.array(sorted(map(tuple, np.asarray(two)))) if is_ring else two
    expect_close(ordered, points, what="the hull of two points", unit="m", mistakes=nothing)
