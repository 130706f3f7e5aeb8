"""Day 3, your own model in your own preview: a cart on a table is led from foot to foot."""

import numpy as np

from shown.day3_humanoid_balance.cart_tables import footfalls, walk, zmps_below
from vla_course.course.checking.judging import expect, graded


@graded(
    "day3-preview", points=2, says="on your own parts alone, the ZMP is never 12 mm away from its footsteps"
)
def test_follows_the_steps(student, rng):
    timestep, height = 0.02, float(rng.uniform(0.7, 1.0))
    controller = student.PreviewController(timestep, height)
    wanted = footfalls(timestep, float(rng.uniform(0.07, 0.1)), start=1.7)
    states = walk(controller.step, wanted, round(1.6 / timestep))
    off = float(np.abs(zmps_below(states, height, 9.81) - wanted[: len(states)]).max())
    expect(
        len(states) == len(wanted) and off < 0.012,
        "the ZMP leaves its steps: the sole would tip",
        got=off,
        expected="less than 0.012",
        unit="m",
    )
