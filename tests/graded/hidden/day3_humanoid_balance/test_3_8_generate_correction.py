"""3.8, hidden: other planets, other bodies, and a robot far from the origin."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.ground import feet
from shown.day3_humanoid_balance.states import some_state
from shown.day3_humanoid_balance.test_3_8_generate_correction import correction_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.motion.standing.balance_config import BalanceConfig


@graded("3.8", points=1, says="slow pendulums and weak gravity ask for another acceleration")
def test_pendulums_and_planets(student, rng):
    cases = []
    for height, gravity in ((4.0, 9.81), (0.72, 1.62), (0.3, 24.8)):
        state = some_state(rng, gravity=gravity)
        config = BalanceConfig(pendulum_height=height, zmp_gain=rng.uniform(0.5, 1.5))
        current, desired = state.support_polygon.mean(axis=0) + rng.uniform(-0.08, 0.08, (2, 2))
        cases.append(correction_case(student, current, desired, state, config, "the acceleration to ask for"))
    expect_all(*cases, unit="m/s^2")


@graded(
    "3.8", points=1, says="far away and the second time it is asked for the same; its state is left as it was"
)
def test_far_away(student, rng):
    config, polygon = BalanceConfig(zmp_gain=rng.uniform(0.5, 1.5)), feet(rng, spread=80.0)
    state = some_state(rng, support_polygon=polygon)
    current, desired = polygon.mean(axis=0) + rng.uniform(-0.08, 0.08, (2, 2))
    case = correction_case(student, current, desired, state, config, "the acceleration far away")
    expect_all(case, unit="m/s^2")
    kept = replace(state, center_of_mass=state.center_of_mass.copy())
    given = current.copy(), desired.copy()
    student.ZMPController(config).generate_correction(*given, state)
    same = np.array_equal(state.center_of_mass, kept.center_of_mass) and np.array_equal(
        given, (current, desired)
    )
    expect(same, "the ZMPs or the state that were handed in have been changed")
    controller = student.ZMPController(config)
    for gravity in (9.81, 1.62, 9.81):
        now = replace(state, gravity=gravity)
        got = np.array(controller.generate_correction(current.copy(), desired.copy(), now))
        new = student.ZMPController(config).generate_correction(current.copy(), desired.copy(), now)
        expect_close(got, new, what="what the same controller answers to its next question", unit="m/s^2")
