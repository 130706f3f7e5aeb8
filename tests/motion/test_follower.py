"""An arm on a straight way, without physics: its commands neither leap nor come to the stops."""

import numpy as np
import pytest

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.ik_config import FOLLOWING, reference_solver
from vla_course.motion.arms.pose import Pose, pose_error
from vla_course.motion.hands.follower import ACCELERATION, SPEED, STOP_GAP, STOP_RATE, Follower

DT = 0.004
BENT = np.array([-2.11, 0.32, 1.33, -0.44, -1.07, 1.01, 0.29])
"""the right arm as it lowers a bottle at the end of its reach, its shoulder all but at its stop"""


def follow(goal, rest, ticks=500, start=BENT):
    """Lead the right arm from `start` towards a tool moved by `goal` m, and return the commands (n, 7) rad."""
    chain, follower = ArmChain("right"), Follower(reference_solver()(FOLLOWING))
    chain.move(start)
    begin, command, speed = chain.pose, start, np.zeros(7)
    commands = [command, command]
    for tick in range(ticks):
        share = min(1.0, 2.0 * tick / ticks)
        target = Pose(begin.position + share * np.array(goal), begin.rotation)
        chain.move(command)
        following = follower.follow(chain, pose_error(target, chain.pose), command, speed, rest, DT)
        speed, command = (following - command) / DT, following
        commands.append(command)
    return np.array(commands)


@pytest.mark.parametrize("goal", [(0.06, 0.1, -0.02), (0.1, 0.05, -0.1), (0.0, 0.15, 0.0), (0.2, 0.0, 0.1)])
def test_no_joint_leaps_from_one_tick_to_the_next(goal):
    commands = follow(goal, BENT + (0.0, 0.3, 0.0, 0.0, 0.0, 0.0, 0.6))
    speeds = np.diff(commands, axis=0) / DT
    assert np.abs(speeds).max() <= SPEED + 1e-9
    # A brake before a stop may be as hard as its rate times the speed, which here is slower than SPEED.
    hardest = max(ACCELERATION, STOP_RATE * np.abs(speeds).max())
    assert np.abs(np.diff(speeds, axis=0)).max() <= hardest * DT + 1e-9


@pytest.mark.parametrize("goal", [(0.06, 0.1, -0.02), (0.0, 0.15, 0.0)])
def test_no_joint_comes_to_its_stop(goal):
    chain = ArmChain("right")
    commands = follow(goal, BENT + (0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0))
    away = np.minimum(commands - chain.lower, chain.upper - commands)
    assert away.min() >= STOP_GAP - 1e-9
    assert away.min() < STOP_GAP + 0.01  # one is led there indeed


def test_an_arm_beyond_that_gap_is_not_thrown_back():
    at_stop = BENT.copy()
    at_stop[1] = 0.395
    commands = follow((0.0, 0.0, 0.0), at_stop, start=at_stop)
    assert np.abs(np.diff(commands, axis=0)).max() <= ACCELERATION * DT * DT + 1e-9


def test_a_tool_in_free_reach_arrives():
    start = np.array([-0.3, -0.35, 0.0, -1.5, 0.0, 0.3, 0.0])
    goal = np.array((0.05, -0.05, 0.05))
    commands = follow(goal, start, start=start)
    chain = ArmChain("right")
    chain.move(start)
    begin = chain.pose.position
    chain.move(commands[-1])
    np.testing.assert_allclose(chain.pose.position, begin + goal, atol=0.001)
