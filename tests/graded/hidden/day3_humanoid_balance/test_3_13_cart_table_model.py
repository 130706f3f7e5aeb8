"""3.13, hidden: a whole ride, and other planets."""

import numpy as np

from shown.day3_humanoid_balance.cart_tables import ride, zmp_below
from shown.day3_humanoid_balance.test_3_13_cart_table_model import a_case, b_case, c_case, model_of
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, graded


@graded("3.13", points=1, says="step by step, the model rides as the cart does, and its ZMP goes along")
def test_a_whole_ride(student, rng):
    timestep, height = rng.uniform(0.01, 0.05), rng.uniform(0.6, 0.9)
    A, B, C = (np.asarray(part, dtype=float) for part in model_of(student, timestep, height))
    state = rides = rng.uniform(-0.3, 0.3, 3)
    rows, expected = [], []
    for jerk in rng.uniform(-20.0, 20.0, 40):
        state, rides = A @ state + B * jerk, ride(rides, jerk, timestep)
        rows.append([*state, C @ state])
        expected.append([*rides, zmp_below(rides, height, 9.81)])
    expect_close(rows, expected, what="place, speed, acceleration and ZMP", atol=1e-8)


@graded("3.13", points=1, says="the model is right for giants, on the Moon and for whole numbers")
def test_giants_and_planets(student, rng):
    worlds = [(0.004, 4.0, 9.81), (0.1, 0.72, 1.62), (0.03, 0.3, 24.8), (3, 5, 4)]
    for case in (a_case, b_case, c_case):
        expect_all(*(case(student, *world) for world in worlds), unit="", atol=1e-12)
