"""3.23, hidden: one joint and many, backward only, hardly a way at all, and none."""

import numpy as np

from shown.day3_humanoid_balance.smooth_ways import between_ticks, way_case, whole_ticks
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded("3.23", points=2, says="one joint or twelve, forward or back: the path is right")
def test_any_number(student, rng):
    cases = []
    for size in (1, 12):
        start, goal, limits = between_ticks(rng, size, 0.01)
        low, high = np.minimum(start, goal), np.maximum(start, goal)
        cases.append(way_case(student, high, low, limits, 0.01, "the way of joints that all go back"))
        cases.append(way_case(student, low, high, limits, 0.01, "the way of joints that all go forward"))
    expect_all(*cases, unit="rad", atol=1e-9)


@graded(
    "3.23",
    points=1,
    says="a path takes no timestep too many; less than one takes one, and so does no path at all",
)
def test_hardly_a_way(student, rng):
    start, limits = rng.uniform(-1.0, 1.0, 4), rng.uniform(1.0, 2.0, 4)
    for goal in (start + 1e-5 * rng.uniform(0.5, 1.0, 4), start.copy()):
        case = way_case(student, start, goal, limits, 0.004, "the way of a hair's breadth")
        expect_all(case, unit="rad", atol=1e-12)
    for ticks in (1, 4, 16, 64):  # exact numbers: no time is left over, and none is needed
        case = way_case(student, *whole_ticks(ticks), "the way of a whole number of ticks")
        expect_all(case, unit="rad", atol=1e-12)
    whole = np.array([0, 4]), np.array([2, 1]), np.array([2, 5])
    expect_all(way_case(student, *whole, 0.25, "the way of whole numbers"), unit="rad", atol=1e-12)
    goal = start + 1.0
    for ticks in range(1, 60):
        quick = np.append(limits[:3] + 900.0, 1.875 / (0.01 * (ticks - 0.998)))
        case = way_case(student, start, goal, quick, 0.01, f"the way of {ticks} ticks")
        expect_all(case, unit="rad", atol=1e-12)
    kept = start.copy(), goal.copy(), limits.copy()
    student.minimum_jerk(start, goal, limits, 0.004)
    unchanged = all(np.array_equal(a, b) for a, b in zip(kept, (start, goal, limits), strict=True))
    expect(unchanged, "the arrays that were handed in have been changed")
