"""3.10, hidden: far from home, and where things fall slowly."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.ground import feet
from shown.day3_humanoid_balance.states import some_state
from shown.day3_humanoid_balance.test_3_10_calculate_capture_zmp import capture_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.motion.standing.balance_config import BalanceConfig


@graded(
    "3.10",
    points=1,
    says="far from home, the robot heads for a place of rest within its reach, at any speed and gain",
)
def test_far_from_home(student, rng):
    cases = []
    for _ in range(3):
        state = some_state(rng)
        config = BalanceConfig(com_reach=rng.uniform(0.02, 0.05), dcm_gain=rng.uniform(0.5, 4.0))
        angle = rng.uniform(-np.pi, np.pi)
        off = rng.uniform(0.08, 0.15) * np.array([np.cos(angle), np.sin(angle)])
        state.center_of_mass[:2] = state.support_polygon.mean(axis=0) + off
        before = state.center_of_mass.copy()
        cases.append(capture_case(student, state, config, "the capture ZMP of a robot far from home"))
        hurled = replace(state, com_velocity=rng.uniform(2.0, 3.0, 3))
        cases.append(capture_case(student, hurled, config, "the capture ZMP of a robot that is hurled away"))
        bare = replace(config, dcm_gain=0.0)
        cases.append(capture_case(student, state, bare, "the capture ZMP without any gain"))
        kept = np.array_equal(state.center_of_mass, before)
        expect(kept, "the centre of mass in the state has been changed")
    expect_all(*cases, unit="m")


@graded(
    "3.10",
    points=1,
    says="the capture ZMP is right for giants, under any gravity, far away, and each time anew",
)
def test_giants_and_planets(student, rng):
    cases = []
    for height, gravity in ((4.0, 9.81), (0.72, 1.62), (0.3, 24.8)):
        polygon = feet(rng, spread=80.0)
        com = np.append(polygon.mean(axis=0) + rng.uniform(-0.03, 0.03, 2), height)
        state = replace(some_state(rng, support_polygon=polygon, gravity=gravity), center_of_mass=com)
        config = BalanceConfig(dcm_gain=rng.uniform(0.5, 4.0))
        cases.append(capture_case(student, state, config, "the capture ZMP"))
        home = np.append(polygon.mean(axis=0) + rng.uniform(-5e-4, 5e-4, 2), height)
        nearly = replace(state, center_of_mass=home, com_velocity=rng.uniform(-1e-3, 1e-3, 3))
        cases.append(capture_case(student, nearly, config, "the capture ZMP of a robot that is nearly home"))
    expect_all(*cases, unit="m")
    controller, first = student.BalanceController(config), some_state(rng)
    for now in (first, state, first):
        got = np.array(controller.calculate_capture_zmp(now))
        new = student.BalanceController(config).calculate_capture_zmp(now)
        expect_close(got, new, what="what the same controller answers to its next question", unit="m")
