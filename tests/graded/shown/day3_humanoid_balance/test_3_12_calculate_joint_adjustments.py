"""3.12: from what body and trunk should do to 28 joints - and then the robot itself is pushed."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.joints import joint_case
from shown.day3_humanoid_balance.shoves import expect_stands
from shown.day3_humanoid_balance.states import resting, some_state, wanting
from shown.slips import expect_all
from vla_course.course.checking.judging import graded
from vla_course.motion.standing.balance_config import BalanceConfig

FINE = 1e-10
"""rad: joints move by thousandths in a tick, so that a part forgotten is small as well"""


def expect_joints(student, state, what, ankle=(0.0, 0.0), shift=(0.0, 0.0, 0.0)):
    case = joint_case(student, state, BalanceConfig(), np.array(ankle), np.array(shift), what)
    expect_all(case, unit="rad", atol=FINE)


@graded("3.12", points=1, says="with nothing to mend, only arms and head move: home to their posture")
def test_nothing_to_mend(student, rng):
    expect_joints(student, resting(some_state(rng)), "the joint changes with nothing to mend")


@graded("3.12", points=2, says="the body goes on as it moves and accelerates as the ankle strategy asks")
def test_ankle_strategy(student, rng):
    state = resting(some_state(rng))
    state = replace(state, com_velocity=np.append(rng.uniform(-0.01, 0.01, 2), 0.0))
    expect_joints(student, state, "the joint changes of a swaying robot", ankle=rng.uniform(-2.0, 2.0, 2))


@graded("3.12", points=2, says="a spring and a damper bring the body back to its height without bouncing")
def test_height(student, rng):
    state = resting(some_state(rng))
    state = replace(state, com_velocity=np.array([0.0, 0.0, rng.uniform(0.1, 0.3)]))
    shift = np.append(rng.uniform(-0.02, 0.02, 2), rng.uniform(-0.08, -0.03))
    expect_joints(student, state, "the joint changes of a body too high", shift=shift)


@graded("3.12", points=2, says="where the feet end, the trunk bows the way the robot falls: the hip strategy")
def test_hip_strategy(student, rng):
    config, cases = BalanceConfig(), []
    for way in ([0.3, 0.1], [-0.1, 0.3], [-0.2, -0.35]):
        state = resting(some_state(rng))
        zmp = state.support_polygon.mean(axis=0) + np.array(way) * rng.uniform(0.9, 1.1, 2)
        falling = wanting(state, config, zmp)
        what = "the joint changes of a robot about to fall"
        cases.append(joint_case(student, falling, config, np.zeros(2), np.zeros(3), what))
    expect_all(*cases, unit="rad", atol=FINE)


@graded("3.12", points=1, says="a spring and a damper bring a tilted trunk upright, its body shoved along")
def test_trunk(student, rng):
    state = resting(some_state(rng))
    tilt, turn = rng.uniform(0.05, 0.2, (2, 3)) * rng.choice((-1, 1), (2, 3))
    state = replace(state, trunk_tilt=tilt, trunk_angular_velocity=2.0 * turn)
    expect_joints(student, state, "the joint changes of a tilted trunk")


@graded("3.12", points=1, says="the humanoid itself, pushed hard and pulled back at once, stays on its feet")
def test_stands(student, rng):
    expect_stands(student.BalanceController(), along=(1.0, 0.0), impulse=rng.uniform(18.0, 21.0))
