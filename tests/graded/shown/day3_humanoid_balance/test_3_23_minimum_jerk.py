"""3.23: the smoothest way, as fast as the slowest joint allows."""

import numpy as np

from shown.day3_humanoid_balance.smooth_ways import between_ticks, way_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded(
    "3.23", points=3, says="the path is the quintic that begins and ends at rest, in the shortest time allowed"
)
def test_the_way(student, rng):
    cases = []
    for timestep in (0.004, 0.01, 0.02):
        start, goal, limits = between_ticks(rng, 7, timestep)
        cases.append(way_case(student, start, goal, limits, timestep, "the way"))
    expect_all(*cases, unit="rad", atol=1e-9)


@graded("3.23", points=2, says="all joints start and arrive together, and none is faster than its own limit")
def test_together(student, rng):
    timestep = 0.004
    start, goal, limits = between_ticks(rng, 5, timestep)
    limits = limits * rng.uniform(0.3, 3.0, 5)
    case = way_case(student, start, goal, limits, timestep, "the way of joints with limits of their own")
    expect_all(case, unit="rad", atol=1e-9)
    speeds = np.abs(np.diff(np.asarray(case.got), axis=0)).max(axis=0) / timestep
    over = float((speeds / limits).max())
    expect(over <= 1.0, "a joint is faster than its limit", got=over, expected=1.0, unit="of the limit")
