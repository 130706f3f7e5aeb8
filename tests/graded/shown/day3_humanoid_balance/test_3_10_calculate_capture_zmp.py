"""3.10: the zero moment point that would bring the falling robot home."""

import numpy as np

from shown.day3_humanoid_balance.pendulum import fall, seconds_of_speed
from shown.day3_humanoid_balance.states import at, capture_zmp, resting, some_state
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.standing.balance_config import BalanceConfig


def slips(state, config, got):
    """The points that known mistakes give."""
    middle, place = state.support_polygon.mean(axis=0), state.center_of_mass[:2]
    velocity = state.com_velocity[:2]
    height, gravity, k = state.center_of_mass[2], state.gravity, config.dcm_gain
    dcm = place + velocity * np.sqrt(height / gravity)
    away = place - middle
    shift = -away * min(1.0, config.com_reach / max(np.hypot(*away), 1e-12))
    rest = place + shift
    on_earth = place + velocity * np.sqrt(height / 9.81)
    usual = BalanceConfig().dcm_gain
    return {
        "short-of-the-dcm": rest + k * (dcm - rest),
        "rest-forgotten": either(got, (1.0 + k) * dcm, dcm + k * (dcm - place)),
        "runs-with-the-fall": either(got, dcm - k * (dcm - rest), rest - (1.0 + k) * (dcm - rest)),
        "velocity-forgotten": rest + (1.0 + k) * (place - rest),
        "shift-taken-for-rest": shift + (1.0 + k) * (dcm - shift),
        "rest-beyond-reach": middle + (1.0 + k) * (dcm - middle),
        "shift-subtracted": (place - shift) + (1.0 + k) * (dcm - place + shift),
        "gain-fixed": rest + (1.0 + usual) * (dcm - rest),
        "gravity-fixed": rest + (1.0 + k) * (on_earth - rest),
    }


def capture_case(student, state, config, what):
    got = student.BalanceController(config).calculate_capture_zmp(state)
    return Case(what, got, capture_zmp(state, config), slips(state, config, got))


@graded(
    "3.10", points=2, says="the capture ZMP lies beyond the DCM, as seen from the place of rest, by the gain"
)
def test_beyond_the_dcm(student, rng):
    configs = [BalanceConfig(dcm_gain=gain) for gain in rng.uniform(0.5, 4.0, 4)]
    cases = [capture_case(student, some_state(rng), config, "the capture ZMP") for config in configs]
    expect_all(*cases, unit="m")


@graded("3.10", points=1, says="a robot at rest at home needs its ZMP right below it")
def test_at_rest(student, rng):
    state = resting(some_state(rng))
    expect_all(capture_case(student, state, BalanceConfig(), "the capture ZMP of a robot at rest"), unit="m")


@graded("3.10", points=1, says="steered so, a pushed pendulum's DCM runs home, faster with more gain")
def test_runs_home(student, rng):
    state, height = resting(some_state(rng)), BalanceConfig().com_height
    home, angle = state.center_of_mass[:2], rng.uniform(-np.pi, np.pi)
    push, tick, duration = 0.2 * np.array([np.cos(angle), np.sin(angle)]), 0.002, 0.3
    lead = seconds_of_speed(height, state.gravity)
    for gain in (1.0, 2.5):
        controller = student.BalanceController(BalanceConfig(dcm_gain=gain))
        places, velocities, _ = fall(
            home,
            push,
            lambda place, velocity, controller=controller: controller.calculate_capture_zmp(
                at(state, place, velocity)
            ),
            height=height,
            gravity=state.gravity,
            duration=duration,
            tick=tick,
        )
        left = np.hypot(*(places[-1] + lead * velocities[-1] - home)) / (0.2 * lead)
        due = float(np.exp(-gain / lead * tick * (len(places) - 1)))
        expect(
            len(places) == round(duration / tick) and abs(left - due) < 0.03,
            f"with gain {gain} the DCM should have run home but for the share exp(-{gain} omega t)",
            got=float(left),
            expected=due,
        )
