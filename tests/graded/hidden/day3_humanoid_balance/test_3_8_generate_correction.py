"""3.8, hidden: a push that nobody told of, and other planets."""

import numpy as np

from shown.day3_humanoid_balance.states import some_state
from shown.day3_humanoid_balance.test_3_8_generate_correction import expect_correction
from vla_course.course.judging import expect, graded


@graded(
    "3.8", points=1, says="what counts is the ZMP that the feet measure, also while a hand pushes the robot"
)
def test_unannounced_push(student, rng):
    state = some_state(rng)
    middle = state.support_polygon.mean(axis=0)
    measured, desired = middle + rng.uniform(-0.08, 0.08, 2), middle + rng.uniform(-0.04, 0.04, 2)
    before = state.com_acceleration.copy()
    expect_correction(
        student, measured, desired, state, rng.uniform(0.6, 0.9), "the acceleration under a push"
    )
    expect(np.array_equal(state.com_acceleration, before), "the measured acceleration has been changed")


@graded("3.8", points=1, says="giants and other planets take another acceleration for the same error")
def test_giants_and_planets(student, rng):
    for height, gravity in ((4.0, 9.81), (0.72, 1.62), (0.3, 24.8)):
        state = some_state(rng, gravity=gravity)
        state.center_of_mass[2] = height
        measured, desired = rng.uniform(-0.08, 0.08, (2, 2))
        expect_correction(
            student, measured, desired, state, rng.uniform(0.6, 0.9), "the acceleration to ask for"
        )
