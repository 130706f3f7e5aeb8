"""3.12: from what body and trunk should do to 28 joints - and then the robot itself is pushed."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.joints import expect_joints
from shown.day3_humanoid_balance.shoves import expect_stands
from shown.day3_humanoid_balance.states import resting, some_state, wanting
from vla_course.course.judging import graded
from vla_course.motion.balance_config import BalanceConfig

STILL = np.zeros(3)


@graded("3.12", points=1, says="with nothing to mend, only arms and head move: home to their posture")
def test_nothing_to_mend(student, rng):
    state = resting(some_state(rng))
    expect_joints(
        student, state, BalanceConfig(), np.zeros(2), STILL, "the joint changes with nothing to mend"
    )


@graded("3.12", points=2, says="the body goes on as it moves and accelerates as the ankle strategy asks")
def test_ankle_strategy(student, rng):
    state = resting(some_state(rng))
    state = replace(state, com_velocity=np.append(rng.uniform(-0.02, 0.02, 2), 0.0))
    expect_joints(student, state, BalanceConfig(), rng.uniform(-2.0, 2.0, 2), STILL, "the joint changes")


@graded("3.12", points=2, says="a spring and a damper bring the body back to its height without bouncing")
def test_height(student, rng):
    state = resting(some_state(rng))
    state = replace(state, com_velocity=np.array([0.0, 0.0, rng.uniform(0.1, 0.3)]))
    shift = np.append(rng.uniform(-0.02, 0.02, 2), rng.uniform(-0.08, -0.03))
    expect_joints(student, state, BalanceConfig(), np.zeros(2), shift, "the joint changes of a body too high")


@graded("3.12", points=1, says="a spring and a damper bring a tilted trunk upright again")
def test_trunk(student, rng):
    state = resting(some_state(rng))
    tilt, turn = rng.uniform(0.05, 0.2, (2, 3)) * rng.choice((-1, 1), (2, 3))
    state = replace(state, trunk_tilt=tilt, trunk_angular_velocity=2.0 * turn)
    expect_joints(student, state, BalanceConfig(), np.zeros(2), STILL, "the joint changes of a tilted trunk")


@graded("3.12", points=2, says="where the feet end, the trunk bows the way the robot falls: the hip strategy")
def test_hip_strategy(student, rng):
    config = BalanceConfig()
    for way in ([0.3, 0.1], [-0.1, 0.3], [-0.2, -0.35]):
        state = resting(some_state(rng))
        wanted = state.support_polygon.mean(axis=0) + np.array(way) * rng.uniform(0.9, 1.1, 2)
        state = wanting(state, config, wanted)
        expect_joints(
            student, state, config, np.zeros(2), STILL, "the joint changes of a robot about to fall"
        )


@graded("3.12", points=1, says="the humanoid itself, pushed in the chest, stays on its feet")
def test_stands_a_push(student, rng):
    expect_stands(student.BalanceController(), heading=0.0, along=(1.0, 0.0), impulse=rng.uniform(20.0, 22.0))
