"""3.3, hidden: every side counts, wherever the robot is and however small its foothold."""

import numpy as np

from shown.day3_humanoid_balance.ground import feet, inside_point, rounded_patch, turned
from shown.day3_humanoid_balance.test_3_3_stability_margin import margin_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "3.3",
    points=1,
    says="near each side in turn, the margin is the distance to just that side, however many there are",
)
def test_near_each_side(student, rng):
    polygon = feet(rng)
    cases = []
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        inwards = np.array([a[1] - b[1], b[0] - a[0]]) / np.linalg.norm(b - a)
        for offset in (0.01, -0.01):
            place = a + 0.5 * (b - a) + offset * inwards
            cases.append(margin_case(student, place, polygon, "the margin a centimetre from a side"))
    round_toe = np.array([[0.1 - 0.01 * y * y, 0.1 * y] for y in np.linspace(-1.0, 1.0, 21)])
    blunt = np.vstack((round_toe, [[-0.1, 0.1], [-0.1, -0.1]]))  # most of its corners are at its toe
    for x in (-0.05, 0.0, 0.03, 0.07, 0.12):
        cases.append(
            margin_case(student, np.array([x, 0.01]), blunt, "the margin on a sole with a round toe")
        )
    expect_all(*cases, unit="m")


@graded("3.3", points=1, says="the margin is the same far away, and for a foothold of a few millimetres")
def test_far_away_and_tiny(student, rng):
    polygon = rounded_patch(rng)
    away, angle = rng.uniform(50.0, 90.0, 2), rng.uniform(-np.pi, np.pi)
    for factor in (0.8, 1.3):
        point = polygon.mean(axis=0) + factor * (polygon[0] - polygon.mean(axis=0))
        here = student.stability_margin(point, polygon)
        there = student.stability_margin(turned(point[None], angle)[0] + away, turned(polygon, angle) + away)
        expect_close(there, here, what="the margin of the same stance far away", unit="m")
        expect_all(margin_case(student, point, polygon, "the margin"), unit="m")
        tiny = margin_case(student, point / 64.0, polygon / 64.0, "the margin on a tiny foothold")
        expect_all(tiny, unit="m", atol=1e-11)


@graded(
    "3.3", points=1, says="a triangle or a diamond in whole centimetres has the margins that a ruler measures"
)
def test_triangle_in_whole_numbers(student, rng):
    legs = np.array([[0, 0], [4, 0], [0, 3]]) + rng.integers(-20, 20, 2)
    for point, margin in [((1, 1), 1.0), ((7, 0), -3.0), ((-3, -4), -5.0), ((4, 3), -2.4), ((2, -1), -1.0)]:
        place = np.array(point) + legs[0]
        got = student.stability_margin(place, legs)
        expect_close(got, margin, what="the margin at the triangle", unit="cm")
    diamond = np.array([[3, 0], [0, 3], [-3, 0], [0, -3]]) + legs[0]
    level = [((0, 0), 4.5**0.5), ((1, 0), 2.0**0.5), ((5, 0), -2.0), ((-5, 0), -2.0), ((4, 3), -(8.0**0.5))]
    for point, margin in level:
        got = student.stability_margin(np.array(point) + legs[0], diamond)
        expect_close(got, margin, what="the margin level with a corner", unit="cm")
    given = legs.copy()
    student.stability_margin(inside_point(rng, legs), given)
    expect(np.array_equal(given, legs), "the polygon that was handed in has been changed")
