"""3.2, hidden: contact points as a physics engine hands them out - twice, in a row, far away."""

import numpy as np
from scipy.spatial import ConvexHull

from shown.day3_humanoid_balance.ground import feet, turned
from shown.day3_humanoid_balance.rings import expect_hull
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("3.2", points=1, says="a contact point that is reported twice is still one corner")
def test_twice(student, rng):
    corners = feet(rng)
    twice = rng.permutation(np.vstack((corners, corners, corners[:2])))
    expect_hull(student, twice, corners, "the support polygon of contacts reported twice")
    spot = rng.uniform(-0.2, 0.2, (1, 2))
    got = student.support_polygon(np.repeat(spot, 3, axis=0))
    expect_close(got, spot, what="the hull of one point reported three times", unit="m")
    got = student.support_polygon(np.repeat(spot, 2, axis=0))
    expect_close(got, spot, what="the hull of one point reported twice", unit="m")


@graded("3.2", points=1, says="standing on a tightrope, only the two ends of the line are corners")
def test_on_a_line(student, rng):
    for way in (
        (0, 1),
        (1, 0),
        *(rng.integers(1, 6, 2) * (1, up) for up in (1, -1)),
    ):  # upright and level ones too
        steps = rng.permutation(np.arange(-4, 5))
        points = (rng.integers(-9, 10, 2) + steps[:, None] * way) / 64.0
        got = student.support_polygon(points.copy())
        expect(np.shape(got) == (2, 2), "points on one line have a hull of two corners", got=got)
        ends = points[[int(np.argmin(steps)), int(np.argmax(steps))]]
        expect_close(
            np.array(sorted(map(tuple, np.asarray(got)))), ends, what="the ends of the line", unit="m"
        )


@graded("3.2", points=1, says="the support polygon goes along when the robot walks far away and turns")
def test_far_away(student, rng):
    points = rng.uniform(-0.15, 0.15, (25, 2))
    corners = points[ConvexHull(points).vertices]
    angle, away = rng.uniform(-np.pi, np.pi), rng.uniform(40.0, 80.0, 2)
    moved = turned(points, angle) + away
    expect_hull(student, moved, turned(corners, angle) + away, "the hull of contacts 50 m away")
    given = moved.copy()
    student.support_polygon(given)
    expect(np.array_equal(given, moved), "the contact points that were handed in have been changed")


@graded(
    "3.2",
    points=1,
    says="every point of a round sole is a corner, however many there are and however small it is",
)
def test_round_sole(student, rng):
    angle = (np.arange(60) + rng.uniform(-0.3, 0.3, 60)) * np.pi / 30
    rim = 0.05 * np.column_stack((np.cos(angle), np.sin(angle))) + rng.uniform(-0.2, 0.2, 2)
    inner = rim.mean(axis=0) + 0.2 * (rim - rim.mean(axis=0))
    expect_hull(student, rng.permutation(np.vstack((rim, inner))), rim, "the hull of a round sole")
    tip = 0.01 * (rim[::5] - rim.mean(axis=0))
    expect_hull(student, rng.permutation(tip), tip, "the hull of a fingertip, 1 mm wide")
    for tip in (0.1, -0.1):  # its middle corner above the other two, then below
        corners = np.array([[-0.1, 0.0], [0.1, 0.0], [0.02, tip]]) + rng.uniform(-0.01, 0.01, (3, 2))
        expected = corners if tip > 0.0 else corners[::-1]
        expect_hull(student, rng.permutation(corners), expected, "the hull of three contact points")
