"""3.12, hidden: the limit of the hip strategy, any gains and ticks, and pushes from other sides."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.joints import joint_case
from shown.day3_humanoid_balance.shoves import expect_stands
from shown.day3_humanoid_balance.states import resting, some_config, some_state, wanting
from shown.day3_humanoid_balance.test_3_12_calculate_joint_adjustments import FINE
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.standing.balance_config import BalanceConfig


@graded("3.12", points=1, says="the trunk never bows harder than its limit, about either axis")
def test_hip_limit(student, rng):
    config, cases = BalanceConfig(), []
    for way in ([3.0, 0.4], [-0.4, 3.0], [-2.0, -2.5]):
        state = resting(some_state(rng))
        state = wanting(state, config, state.support_polygon.mean(axis=0) + np.array(way))
        state = replace(state, trunk_tilt=rng.uniform(-0.2, 0.2, 3))
        what = "the joint changes of a hard bow"
        cases.append(joint_case(student, state, config, np.zeros(2), np.zeros(3), what))
        other = some_config(rng)
        state = wanting(state, other, state.support_polygon.mean(axis=0) + np.array(way))
        cases.append(
            joint_case(student, state, other, np.zeros(2), np.zeros(3), "a hard bow with other limits")
        )
    expect_all(*cases, unit="rad", atol=FINE)


@graded("3.12", points=2, says="everything at once, under any gains, gravity and control rate")
def test_everything_at_once(student, rng):
    cases = []
    for gravity, timestep in ((9.81, 0.002), (9.81, 0.005), (1.62, 0.001)):
        state = some_state(rng, gravity=gravity, timestep=timestep)
        ankle, shift = rng.uniform(-12.0, 12.0, 2), rng.uniform(-0.08, 0.08, 3)
        watched = ("com_velocity", "trunk_tilt", "trunk_angular_velocity", "posture_velocity")
        before = [getattr(state, name).copy() for name in watched]
        cases.append(joint_case(student, state, some_config(rng), ankle, shift, "the joint changes"))
        kept = all(
            np.array_equal(getattr(state, name), was) for name, was in zip(watched, before, strict=True)
        )
        expect(kept, "the state that was handed in has been changed")
    expect_all(*cases, unit="rad", atol=FINE)


@graded("3.12", points=2, says="it stands as well far away, looking another way, shoved from any side")
def test_stands_elsewhere(student, rng):
    heading, angle = rng.uniform(-np.pi, np.pi, 2)
    along, impulse = (np.cos(angle), np.sin(angle)), rng.uniform(18.0, 20.0)
    expect_stands(student.BalanceController(), along=along, impulse=impulse, heading=heading, away=50.0)
