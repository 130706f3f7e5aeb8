"""3.8: the ankle strategy - accelerate the body so that the zero moment point goes where it should."""

import numpy as np

from shown.day3_humanoid_balance.states import at, capture_zmp, resting, some_state
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.standing.balance_config import BalanceConfig


def plumb_line(place, acceleration, height, gravity):
    """Where a plumb line points that hangs from an accelerating mass at that height: the pendulum's ZMP."""
    hanging = np.append(place, height)
    pull = np.array([-acceleration[0], -acceleration[1], -gravity])
    return (hanging + height / gravity * pull)[:2]


def slips(current, desired, state, config, got):
    """The accelerations that known mistakes give."""
    place, height, gain = state.center_of_mass[:2], config.pendulum_height, config.zmp_gain
    stiffness, away, error = state.gravity / height, place - desired, current - desired
    right = away + gain * error
    return {
        "feedback-sign": stiffness * (away - gain * error),
        "runs-to-the-zmp": either(got, stiffness * (gain * error - away), -stiffness * right),
        "feedback-forgotten": stiffness * away,
        "model-forgotten": stiffness * gain * error,
        "gain-on-everything": stiffness * gain * (away + error),
        "gain-forgotten": stiffness * (away + error),
        "gain-fixed": stiffness * (away + BalanceConfig().zmp_gain * error),
        "height-of-the-body": state.gravity / state.center_of_mass[2] * right,
        "height-fixed": state.gravity / BalanceConfig().pendulum_height * right,
        "gravity-fixed": 9.81 / height * right,
        "root-taken": np.sqrt(stiffness) * right,
        "fraction-upside-down": right / stiffness,
        "three-numbers": np.append(stiffness * right, 0.0),
    }


def correction_case(student, current, desired, state, config, what):
    """The pendulum whose plumb line points at the ZMP desired, corrected by a share of what the feet measure."""
    got = student.ZMPController(config).generate_correction(current.copy(), desired.copy(), state)
    aim = desired + config.zmp_gain * (desired - current)
    # The plumb line moves in proportion to the acceleration: measure by how much, and solve for the aim.
    place, height, gravity = state.center_of_mass[:2], config.pendulum_height, state.gravity
    moved = plumb_line(place, np.ones(2), height, gravity) - place
    return Case(what, got, (aim - place) / moved, slips(current, desired, state, config, got))


@graded(
    "3.8", points=2, says="the body accelerates so that a plumb line hung from it points at the desired ZMP"
)
def test_plumb_line(student, rng):
    cases = []
    for _ in range(4):
        state, config = some_state(rng), BalanceConfig(zmp_gain=rng.uniform(0.2, 0.8))
        desired = state.support_polygon.mean(axis=0) + rng.uniform(-0.08, 0.08, 2)
        cases.append(correction_case(student, desired, desired, state, config, "the acceleration to ask for"))
    expect_all(*cases, unit="m/s^2")


@graded("3.8", points=1, says="what the feet measure beside the desired ZMP is fed back by the given gain")
def test_feedback(student, rng):
    cases = []
    for gain in (0.0, *rng.uniform(0.5, 1.5, 3)):
        state, config = some_state(rng), BalanceConfig(zmp_gain=gain)
        current, desired = state.support_polygon.mean(axis=0) + rng.uniform(-0.08, 0.08, (2, 2))
        cases.append(correction_case(student, current, desired, state, config, "the acceleration to ask for"))
    near = desired + rng.uniform(2e-4, 1e-3, 2) * rng.choice((-1, 1), 2)
    cases.append(correction_case(student, near, desired, state, config, "the answer to an error below 1 mm"))
    expect_all(*cases, unit="m/s^2")


@graded("3.8", points=1, says="a body that does as asked, tick after tick, comes home from a push")
def test_comes_home(student, rng):
    state, config, tick = resting(some_state(rng)), BalanceConfig(), 0.01
    home, angle = state.center_of_mass[:2], rng.uniform(-np.pi, np.pi)
    place, velocity = home, 0.3 * np.array([np.cos(angle), np.sin(angle)])
    controller = student.ZMPController(config)
    for _ in range(200):
        now = at(state, place, velocity)
        desired = capture_zmp(now, config)
        asked = np.asarray(controller.generate_correction(desired, desired, now))
        place, velocity = place + tick * velocity + tick**2 / 2 * asked, velocity + tick * asked
        if not np.hypot(*(place - home)) < 1.0:
            break
    away = float(np.hypot(*(place - home)))
    expect(
        away < 0.01 and bool(np.hypot(*velocity) < 0.02),
        "two seconds after a push the body should be home and at rest",
        got=away,
        expected="less than 0.01 from home",
        unit="m",
    )
