"""3.1, hidden: the same robot elsewhere, in whole kilograms, of one part, and of many light ones."""

import numpy as np

from shown.day3_humanoid_balance.test_3_1_center_of_mass import merged, slips
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "3.1",
    points=1,
    says="the centre of mass is right far away, in whole numbers, for one part and for many light ones",
)
def test_far_away_in_whole_numbers_and_alone(student, rng):
    masses, positions = rng.uniform(1.0, 8.0, 6), rng.uniform(-1.0, 1.0, (6, 3))
    away = rng.uniform(50.0, 90.0, 3)
    given = masses.copy(), positions + away
    expect_close(
        student.center_of_mass(*given),
        merged(masses, positions) + away,
        what="the centre of mass of a robot far away",
        unit="m",
        mistakes=slips(masses, positions + away),
    )
    kept = np.array_equal(given[0], masses) and np.array_equal(given[1], positions + away)
    expect(kept, "the masses or positions that were handed in have been changed")

    whole, corners = np.array([2, 1, 1]), np.array([[0, 0, 1], [4, 0, 1], [0, 8, 5]])
    expect_close(
        student.center_of_mass(whole, corners),
        [1.0, 2.0, 2.0],
        what="the centre of mass of parts given in whole numbers",
        unit="m",
        mistakes=slips(whole, corners),
    )

    only = rng.uniform(-1.0, 1.0, 3)
    expect_close(
        student.center_of_mass(masses[:1], only[None, :]),
        only,
        what="the centre of mass of a single part",
        unit="m",
        mistakes=slips(masses[:1], only[None, :]),
    )

    light, fingers = rng.uniform(0.005, 0.05, 30), rng.uniform(-1.0, 1.0, (30, 3))
    expect_close(
        student.center_of_mass(light, fingers),
        merged(light, fingers),
        what="the centre of mass of thirty light parts",
        unit="m",
        mistakes=slips(light, fingers),
    )
