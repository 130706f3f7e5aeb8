"""3.7, hidden: a robot already lost, other planets, and another way to stand in the world."""

import numpy as np

from shown.day3_humanoid_balance.ground import feet, inside_point, rounded_patch, turned
from shown.day3_humanoid_balance.test_3_7_no_step_push_limit import limit_case, slips
from shown.slips import Case, expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "3.7",
    points=1,
    says="a robot whose centre of mass is outside of its support, however little, takes no push at all",
)
def test_already_lost(student, rng):
    polygon = rounded_patch(rng)
    middle, cases = polygon.mean(axis=0), []
    for corner in polygon:
        outside = middle + rng.uniform(1.1, 1.6) * (corner - middle)
        com = np.append(outside, rng.uniform(0.5, 0.9))
        for arrow in (middle - outside, outside - middle, rng.normal(size=2)):
            got = student.no_step_push_limit(com, polygon, arrow)
            forgotten = {"lost-robot-pushed": slips(com, polygon, arrow, 9.81, got)["lost-robot-pushed"]}
            cases.append(Case("the push that a lost robot takes", got, 0.0, forgotten))
    a, b = polygon[:2]
    out = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a))
    just = np.append((a + b) / 2.0 + 1e-4 * out, 0.7)
    got = student.no_step_push_limit(just, polygon, -out)
    forgotten = {"lost-robot-pushed": slips(just, polygon, -out, 9.81, got)["lost-robot-pushed"]}
    cases.append(Case("the push that a robot takes whose weight is 0.1 mm outside", got, 0.0, forgotten))
    expect_all(*cases, unit="N s/kg")


@graded(
    "3.7", points=1, says="the greatest push is right for giants, under any gravity, on soles of many corners"
)
def test_giants_and_planets(student, rng):
    polygon = feet(rng)
    place, arrow = inside_point(rng, polygon), rng.normal(size=2)
    cases = [
        limit_case(student, np.append(place, height), polygon, arrow, "the greatest push", gravity)
        for height, gravity in ((4.0, 9.81), (0.72, 1.62), (0.3, 24.8))
    ]
    for arrow in np.array([[1.0, 0.2], [-0.3, 1.0], [-1.0, -0.1], [0.2, -1.0]]):
        disc = rounded_patch(rng, corners=24)
        com = np.append(disc.mean(axis=0), 0.7)
        cases.append(limit_case(student, com, disc, arrow, "the greatest push on many corners"))
    expect_all(*cases, unit="N s/kg")


@graded("3.7", points=1, says="turned and carried far away, the same robot takes the same push")
def test_far_away(student, rng):
    polygon = rounded_patch(rng)
    com = np.append(inside_point(rng, polygon), rng.uniform(0.5, 0.9))
    arrow, angle, away = rng.normal(size=2), rng.uniform(-np.pi, np.pi), rng.uniform(50.0, 90.0, 2)
    expect_all(limit_case(student, com, polygon, arrow, "the greatest push"), unit="N s/kg")
    there = np.append(turned(com[None, :2], angle)[0] + away, com[2])
    given = there, turned(polygon, angle) + away, turned(arrow[None], angle)[0]
    kept = [array.copy() for array in given]
    got = student.no_step_push_limit(*given)
    here = student.no_step_push_limit(com, polygon, arrow)
    expect_close(got, here, what="the push far away", unit="N s/kg", atol=1e-8)
    expect(all(map(np.array_equal, given, kept)), "the arrays that were handed in have been changed")
    square = np.array([[-2, -1], [2, -1], [2, 1], [-2, 1]])
    whole = student.no_step_push_limit(np.array([0, 0, 1]), square, np.array([3, 0]), 9)
    expect_close(whole, 6.0, what="the push of whole numbers", unit="N s/kg")
    edge = student.no_step_push_limit(np.array([0, -1, 1]), square, np.array([0, 2]), 9)
    expect_close(edge, 6.0, what="the push away from the edge that the robot stands on", unit="N s/kg")
    over = student.no_step_push_limit(np.array([0, -1, 1]), square, np.array([1, -2]), 9)
    expect_close(over, 0.0, what="the push over the edge that the robot stands on", unit="N s/kg")
