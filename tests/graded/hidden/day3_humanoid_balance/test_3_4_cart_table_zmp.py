"""3.4, hidden: the same law where a body weighs less."""

import numpy as np

from shown.day3_humanoid_balance.test_3_4_cart_table_zmp import zmp_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("3.4", points=1, says="on the Moon the ZMP runs farther from the same acceleration")
def test_moon(student, rng):
    com = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9))
    acceleration = np.append(rng.uniform(0.3, 1.0, 2), 0.0)
    cases = [
        zmp_case(student, com, acceleration, f"the ZMP under gravity {gravity} m/s^2", gravity)
        for gravity in (1.62, 3.71, 24.8)
    ]
    expect_all(*cases, unit="m")
    given = com.copy(), acceleration.copy()
    student.cart_table_zmp(*given)
    expect(np.array_equal(given, (com, acceleration)), "the arrays that were handed in have been changed")
    whole = student.cart_table_zmp(np.array([1, 2, 3]), np.array([4, -8, 0]), 6)
    expect_close(whole, [-1.0, 6.0], what="the ZMP of whole numbers", unit="m")
