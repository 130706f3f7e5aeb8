"""3.8: the ankle strategy - accelerate the body so that the zero moment point goes where it should."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.states import some_state
from vla_course.course.judging import expect_close, graded
from vla_course.motion.balance_config import BalanceConfig


def zmp_of(state, acceleration):
    """The plumb line of the accelerating body: gravity and inertia, from the centre of mass to z = 0."""
    height = state.center_of_mass[2]
    return state.center_of_mass[:2] - acceleration[:2] * height / state.gravity


def slips(current, desired, state, gain):
    """The accelerations that known mistakes give."""
    measured, height, gravity = state.com_acceleration[:2], state.center_of_mass[2], state.gravity
    stiffness, error = gravity / height, current - desired
    return {
        "error-sign": measured - gain * stiffness * error,
        "measured-acceleration-forgotten": gain * stiffness * error,
        "gain-forgotten": measured + stiffness * error,
        "gain-fixed": measured + BalanceConfig().zmp_gain * stiffness * error,
        "omega-not-squared": measured + gain * np.sqrt(stiffness) * error,
        "fraction-upside-down": measured + gain / stiffness * error,
        "omega-forgotten": measured + gain * error,
        "gravity-fixed": measured + gain * 9.81 / height * error,
        "foot-measurement-ignored": measured + gain * stiffness * (zmp_of(state, measured) - desired),
        "three-dimensional": state.com_acceleration + np.append(gain * stiffness * error, 0.0),
    }


def expect_correction(student, current, desired, state, gain, what):
    got = student.ZMPController(BalanceConfig(zmp_gain=gain)).generate_correction(current, desired, state)
    # What we want of it: the plumb line moves from where it is by the share `gain` of the error.
    wanted = zmp_of(state, state.com_acceleration) + gain * (desired - current)
    height = state.center_of_mass[2]
    expect_close(
        got,
        (state.center_of_mass[:2] - wanted) * state.gravity / height,
        what=what,
        unit="m/s^2",
        mistakes=slips(current, desired, state, gain),
    )
    return np.asarray(got)


@graded("3.8", points=2, says="the body accelerates so that the ZMP moves by the given share of its error")
def test_share_of_the_error(student, rng):
    for gain in (1.0, rng.uniform(0.15, 0.35), rng.uniform(0.6, 0.9)):
        state = some_state(rng)
        current = zmp_of(state, state.com_acceleration)
        desired = current + rng.uniform(-0.05, 0.05, 2)
        expect_correction(student, current, desired, state, gain, "the acceleration to ask for")


@graded("3.8", points=1, says="tick after tick the ZMP closes in on the one desired")
def test_closes_in(student, rng):
    state, gain = some_state(rng), rng.uniform(0.15, 0.35)
    desired = zmp_of(state, state.com_acceleration) + rng.uniform(0.02, 0.05, 2) * rng.choice((-1, 1), 2)
    for _ in range(8):  # each tick the body does as asked, and the next tick measures it
        current = zmp_of(state, state.com_acceleration)
        asked = expect_correction(student, current, desired, state, gain, "the acceleration of the next tick")
        state = replace(state, com_acceleration=np.append(asked, 0.0))


@graded("3.8", points=1, says="where the ZMP is as desired, the body goes on accelerating as it does")
def test_nothing_to_mend(student, rng):
    state, gain = some_state(rng), rng.uniform(0.6, 0.9)
    zmp = zmp_of(state, state.com_acceleration)
    expect_correction(student, zmp, zmp.copy(), state, gain, "the acceleration with nothing to mend")
