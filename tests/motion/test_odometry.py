"""Odometry: how far legs and gyro say that the robot has come, against how far it has."""

import numpy as np
import pytest

from vla_course.motion.standing.odometry import GYRO_BIAS, LegOdometry
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.world.rotation import heading_of, rotation_matrix, wrapped
from vla_course.simulation.world.world import World

DOWN = np.array((0.0, 0.0, -1.0))
STILL = np.zeros(3)


def observe(odometry, walker, dt):
    """Let it read what the sensors of a robot say: nothing of where the robot is."""
    state, (left, right) = walker.body.state, walker.body.contacts
    to_pelvis = rotation_matrix(state.base_orientation).T
    odometry.observe(
        state.joint_positions,
        -to_pelvis[:, 2],
        to_pelvis @ state.base_angular_velocity,
        (left.force, right.force),
        dt,
    )


@pytest.mark.parametrize("seed", range(3))
def test_it_drifts_by_a_few_percent_on_a_random_walk(seed):
    rng = np.random.default_rng(seed)
    with World(seed) as world:
        humanoid = Humanoid(world, position=rng.uniform(-3, 3, 2), heading=rng.uniform(-3, 3))
        source = VelocityCommand()
        walker = Walker(humanoid, source)
        odometry = LegOdometry(rng)
        observe(odometry, walker, 0.0)
        first, heading = walker.body.state.base_position[:2], heading_of(walker.body.state.base_orientation)
        before, length, turned, landings = walker.body.state, 0.0, 0.0, 0
        for _ in range(4):
            source.forward, source.leftward, source.turning = rng.uniform(-1, 1, 3) * (0.4, 0.15, 0.5)
            for _ in range(500):
                swings = walker.phase == "single"
                walker.tick()
                landings += swings and walker.phase != "single"
                observe(odometry, walker, walker.body.tick)
                now = walker.body.state
                length += np.hypot(*(now.base_position - before.base_position)[:2])
                turned += wrapped(heading_of(now.base_orientation) - heading_of(before.base_orientation))
                before = now
    c, s = np.cos(heading), np.sin(heading)
    x, y = now.base_position[:2] - first
    missed = np.hypot(*(odometry.position - (c * x + s * y, c * y - s * x)))
    assert length > 1.0
    assert 0.0 < missed < 0.03 * length
    assert odometry.turn == pytest.approx(turned, abs=0.05)
    assert abs(odometry.steps - landings) <= 1  # the last foot may just be coming down
    assert landings > 10


def test_full_turns_are_counted():
    odometry = LegOdometry()
    for _ in range(1000):
        odometry.observe(HOME_POSTURE, DOWN, np.array((0.0, 0.0, 1.0)), (200.0, 200.0), 0.01)
    assert odometry.turn == pytest.approx(10.0)


def test_a_gyro_that_errs_drifts_by_its_bias():
    ends = []
    for seed in range(40):
        odometry = LegOdometry(np.random.default_rng(seed))
        for _ in range(250):
            odometry.observe(HOME_POSTURE, DOWN, STILL, (200.0, 200.0), 0.4)
        ends.append(odometry.turn / 100.0)
    assert np.std(ends) == pytest.approx(GYRO_BIAS, rel=0.3)
    assert len(set(ends)) == 40


def test_it_counts_from_where_it_is_told():
    odometry = LegOdometry()
    odometry.observe(HOME_POSTURE, DOWN, np.array((0.0, 0.0, 1.0)), (200.0, 200.0), 0.5)
    odometry.begin()
    odometry.observe(HOME_POSTURE, DOWN, STILL, (200.0, 200.0), 0.5)
    assert (odometry.turn, odometry.steps) == (0.0, 0)
    np.testing.assert_allclose(odometry.position, 0.0, atol=1e-12)


def test_the_pelvis_goes_where_legs_lean_over_soles_that_stay():
    leaning = HOME_POSTURE.copy()
    leaning[[4, 10]] += 0.1  # both ankles: the shins tip backwards
    odometry = LegOdometry()
    odometry.observe(HOME_POSTURE, DOWN, STILL, (200.0, 200.0), 0.0)
    tipped = np.array((np.sin(0.1), 0.0, -np.cos(0.1)))
    odometry.observe(leaning, tipped, STILL, (200.0, 200.0), 0.1)
    ahead, left = odometry.position
    assert abs(ahead) == pytest.approx(0.074, abs=0.01)  # 0.74 m high, by 0.1 rad
    assert left == pytest.approx(0.0, abs=1e-3)
