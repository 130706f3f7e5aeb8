"""3.12, hidden: the limit of the hip strategy, any gains and ticks, and pushes from other sides."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.joints import expect_joints
from shown.day3_humanoid_balance.shoves import expect_stands
from shown.day3_humanoid_balance.states import resting, some_config, some_state, wanting
from vla_course.course.judging import expect, graded
from vla_course.motion.balance_config import BalanceConfig


@graded("3.12", points=1, says="the trunk never bows harder than its limit, about either axis")
def test_hip_limit(student, rng):
    config = BalanceConfig()
    for way in ([3.0, 0.4], [-0.4, 3.0], [-2.0, -2.5]):
        state = resting(some_state(rng))
        state = wanting(state, config, state.support_polygon.mean(axis=0) + np.array(way))
        state = replace(state, trunk_tilt=rng.uniform(-0.2, 0.2, 3))
        expect_joints(student, state, config, np.zeros(2), np.zeros(3), "the joint changes of a hard bow")


@graded("3.12", points=2, says="everything at once, under any gains, gravity and control rate")
def test_everything_at_once(student, rng):
    for gravity, timestep in ((9.81, 0.002), (9.81, 0.005), (1.62, 0.001)):
        config = some_config(rng)
        state = some_state(rng, gravity=gravity, timestep=timestep)
        ankle, shift = rng.uniform(-2.0, 2.0, 2), rng.uniform(-0.08, 0.08, 3)
        before = state.com_velocity.copy(), state.trunk_angular_velocity.copy(), state.posture_velocity.copy()
        expect_joints(student, state, config, ankle, shift, "the joint changes")
        after = state.com_velocity, state.trunk_angular_velocity, state.posture_velocity
        expect(all(map(np.array_equal, before, after)), "the state that was handed in has been changed")


@graded("3.12", points=1, says="pushed from the side, the humanoid itself stays on its feet")
def test_stands_a_push_from_the_side(student, rng):
    side = rng.choice((-1.0, 1.0))
    impulse = rng.uniform(20.0, 22.0)
    expect_stands(student.BalanceController(), heading=0.0, along=(0.0, side), impulse=impulse)


@graded("3.12", points=1, says="it stands as well far from the origin, looking another way, pushed askew")
def test_stands_elsewhere(student, rng):
    heading, angle = rng.uniform(-np.pi, np.pi), rng.uniform(-0.7, 0.7)
    along = (np.cos(angle), np.sin(angle))
    impulse = rng.uniform(15.0, 17.0)
    expect_stands(student.BalanceController(), heading=heading, along=along, impulse=impulse, away=50.0)
