"""3.6, hidden: giants, dwarfs and other planets."""

import numpy as np

from shown.day3_humanoid_balance.test_3_6_divergent_component_of_motion import dcm_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "3.6", points=1, says="tall robots and weak gravity fall slowly: the same speed carries the DCM farther"
)
def test_giants_and_planets(student, rng):
    velocity = rng.uniform(0.2, 0.8, 3)
    cases = []
    for height, gravity in ((0.05, 9.81), (0.2, 9.81), (4.0, 9.81), (0.72, 1.62), (0.72, 24.8)):
        com = np.append(rng.uniform(-0.5, 0.5, 2), height)
        what = f"the DCM at height {height} m under {gravity} m/s^2"
        cases.append(dcm_case(student, com, velocity, what, gravity))
    expect_all(*cases, unit="m")


@graded(
    "3.6",
    points=1,
    says="the DCM goes along with the robot, far away, fast or slow, and leaves its inputs as they were",
)
def test_far_away(student, rng):
    com = np.append(rng.uniform(50.0, 90.0, 2), rng.uniform(0.5, 0.9))
    velocity = rng.uniform(-0.8, 0.8, 3)
    expect_all(
        dcm_case(student, com, velocity, "the DCM far away"),
        dcm_case(student, com, 0.001 * velocity, "the DCM of a robot that hardly moves"),
        unit="m",
    )
    given = com.copy(), velocity.copy()
    student.divergent_component_of_motion(*given)
    expect(np.array_equal(given, (com, velocity)), "the arrays that were handed in have been changed")
    for height, dcm in ((1, [4.0, 1.0]), (4, [5.0, 3.0])):
        whole = student.divergent_component_of_motion(np.array([3, -1, height]), np.array([3, 6, 9]), 9)
        expect_close(whole, dcm, what="the DCM of whole numbers", unit="m")
