"""3.13: how a cart on a table moves in one timestep, and where it presses on the ground."""

import numpy as np

from shown.day3_humanoid_balance.cart_tables import ride, zmp_below
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import expect, graded

UNIT_STATES = np.eye(3)


def model_of(student, timestep, height, *gravity):
    """A, B and C as the student has them, once it is sure that there are three."""
    got = student.cart_table_model(timestep, height, *gravity)
    fits = isinstance(got, tuple | list) and len(got) == 3
    expect(fits, "three things should come back: A, B and C", got=got, expected="A, B, C")
    return got


def a_case(student, timestep, height, *gravity):
    """What becomes of each unit of place, speed and acceleration when nobody jerks: the columns of A."""
    T = timestep
    got, _, _ = model_of(student, timestep, height, *gravity)
    expected = np.column_stack([ride(unit, 0.0, T) for unit in UNIT_STATES])
    euler, whole = expected.copy(), expected.copy()
    euler[0, 2], whole[0, 2] = 0.0, T**2
    slips = {
        "euler-step": euler,
        "factorial-forgotten": whole,
        "transposed": expected.T,
        "change-instead-of-state": expected - UNIT_STATES,
    }
    return Case("A", got, expected, slips)


def b_case(student, timestep, height, *gravity):
    """What one m/s^3 of jerk does to a cart at rest."""
    T, pull = timestep, gravity[0] if gravity else 9.81
    _, got, _ = model_of(student, timestep, height, *gravity)
    expected = ride(np.zeros(3), 1.0, T)
    slips = {
        "b-and-c-swapped": [zmp_below(unit, height, pull) for unit in UNIT_STATES],
        "euler-step": np.array([0.0, 0.0, T]),
        "factorial-forgotten": either(
            got,
            *(np.array([T**3 / a, T**2 / b, T]) for a, b in ((1, 1), (3, 2), (2, 2), (2, 1), (3, 1), (1, 2))),
        ),
        "jerk-order": expected[::-1],
        "matrix-instead-of-vector": either(got, expected[:, None], expected[None, :]),
    }
    return Case("B", got, expected, slips)


def c_case(student, timestep, height, *gravity):
    """The ZMP of each unit of place, speed and acceleration."""
    pull = gravity[0] if gravity else 9.81
    _, _, got = model_of(student, timestep, height, *gravity)
    expected = np.array([zmp_below(unit, height, pull) for unit in UNIT_STATES])
    lever = -expected[2]
    slips = {
        "gravity-sign": np.array([1.0, 0.0, lever]),
        "fraction-upside-down": np.array([1.0, 0.0, -1.0 / lever]),
        "height-forgotten": np.array([1.0, 0.0, -lever / height]),
        "acceleration-forgotten": np.array([1.0, 0.0, 0.0]),
        "gravity-fixed": np.array([1.0, 0.0, -lever * pull / 9.81]),
        "matrix-instead-of-vector": either(got, expected[None, :], expected[:, None]),
    }
    return Case("C", got, expected, slips)


@graded(
    "3.13", points=2, says="left alone, the cart rolls on: position, speed and acceleration make the next ones"
)
def test_rolls_on(student, rng):
    cases = [a_case(student, timestep, rng.uniform(0.6, 0.9)) for timestep in rng.uniform(0.005, 0.5, 4)]
    expect_all(*cases, unit="")


@graded("3.13", points=1, says="a jerk reaches the acceleration first, then the speed, and the position last")
def test_jerk(student, rng):
    cases = [b_case(student, timestep, rng.uniform(0.6, 0.9)) for timestep in rng.uniform(0.1, 0.7, 4)]
    expect_all(*cases, unit="", atol=1e-12)


@graded(
    "3.13", points=1, says="a cart that speeds up has its ZMP behind it, the farther the higher the table"
)
def test_zmp(student, rng):
    heights = rng.uniform(0.5, 2.0, 3)
    expect_all(c_case(student, 0.02, heights[0]), *(c_case(student, 0.02, h, 3.71) for h in heights), unit="")
