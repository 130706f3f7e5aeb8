"""3.9, hidden: right at home, just at the end of the reach, and far away in the world."""

import numpy as np

from shown.day3_humanoid_balance.ground import feet
from shown.day3_humanoid_balance.test_3_9_generate_adjustment import shift_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.motion.standing.balance_config import BalanceConfig


@graded(
    "3.9",
    points=1,
    says="a robot at home is not moved, one nearly there goes there, one on tiptoe to its toe",
)
def test_at_home(student, rng):
    # Sixty-fourths of a metre are exact in floating point: the way home is nothing to the bit.
    polygon = rng.integers(-20, 20, 2) / 64.0 + np.array([[-8, -4], [8, -4], [8, 4], [-8, 4]]) / 64.0
    config = BalanceConfig(com_height=0.75)
    home = np.append(polygon.mean(axis=0), 0.75)
    drop, step = np.array([0.0, 0.0, -0.125]), np.array([0.03125, 0.0, 0.0])
    hair, bound = np.array([2.0**-11, -(2.0**-12), 0.0]), BalanceConfig(com_height=0.75, com_reach=0.0)
    expect_all(
        shift_case(student, home - hair, polygon, config, hair, "the shift from half a millimetre"),
        shift_case(
            student, home - step - drop, polygon, bound, drop, "the shift of a robot without any reach"
        ),
        shift_case(student, home, polygon, config, np.zeros(3), "the shift of a robot at home"),
        shift_case(student, home - drop, polygon, config, drop, "the shift right above home"),
        shift_case(student, home, (home + step)[None, :2], config, step, "the shift to a single toe"),
        unit="m",
    )


@graded(
    "3.9",
    points=1,
    says="just short of the reach nothing is cut, just beyond it something is, anywhere and each time anew",
)
def test_around_the_reach(student, rng):
    polygon, away = feet(rng), rng.uniform(40.0, 80.0, 2)
    config = BalanceConfig(com_reach=rng.uniform(0.2, 0.3))
    home = np.append(polygon.mean(axis=0) + away, config.com_height)
    angle = rng.uniform(-np.pi, np.pi)
    towards = np.array([np.cos(angle), np.sin(angle)])
    cases = []
    for factor in (0.98, 0.9995, 1.0005, 1.02):
        com = home - np.append(factor * config.com_reach * towards, 0.1)
        expected = np.append(min(factor, 1.0) * config.com_reach * towards, 0.1)
        what = f"the shift from {factor} of the reach"
        cases.append(shift_case(student, com, polygon + away, config, expected, what))
        given = com.copy(), polygon.copy()
        student.CenterOfMassController(config).generate_adjustment(*given)
        kept = np.array_equal(given[0], com) and np.array_equal(given[1], polygon)
        expect(kept, "the arrays that were handed in have been changed")
    expect_all(*cases, unit="m")
    controller = student.CenterOfMassController(config)
    for feet_of_now in (polygon, polygon + away):
        got = controller.generate_adjustment(home, feet_of_now)
        new = student.CenterOfMassController(config).generate_adjustment(home, feet_of_now)
        expect_close(got, new, what="what the same controller answers after a step", unit="m")
