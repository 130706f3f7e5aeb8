"""What the walker and its body keep to while nothing has gone wrong yet."""

from math import cos, hypot, pi, sin, sqrt

import numpy as np
import pytest

from vla_course.motion.polygon import nearest_point
from vla_course.motion.standing.balance_state import BalanceCommands
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World


def speed(walker):
    return hypot(*walker.body.balance.com_velocity[:2])


def test_who_fends_off_a_push_sets_out_only_when_at_rest():
    with World(0) as world:
        humanoid, command = Humanoid(world), VelocityCommand()
        walker = Walker(humanoid, command)
        for _ in range(100):
            walker.tick()
        humanoid.push((0.25 * humanoid.mass, 0.0, 0.0))
        for _ in range(25):
            walker.tick()
        assert speed(walker) > 0.12
        command.forward = 0.3
        ticks, before = 0, speed(walker)
        while walker.phase == "stand" and ticks < 500:
            before = speed(walker)
            walker.tick()
            ticks += 1
        assert walker.phase == "shift"
        assert before < 0.1


@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_a_standing_robot_steps_before_its_dcm_has_left_the_soles(degrees):
    towards = np.array([cos(degrees * pi / 180.0), sin(degrees * pi / 180.0)])
    with World(0) as world:
        humanoid = Humanoid(world)
        walker = Walker(humanoid, VelocityCommand())
        for _ in range(100):
            walker.tick()
        now = walker.body.balance
        limit = no_step_push_limit(now.center_of_mass, now.support_polygon, towards, now.gravity)
        humanoid.push(1.3 * limit * humanoid.mass * np.array([*towards, 0.0]))
        for _ in range(100):
            now = walker.body.balance
            walker.tick()
            if walker.phase == "shift":
                break
        assert walker.phase == "shift"
        omega = sqrt(now.gravity / walker.controller.config.pendulum_height)
        dcm = now.center_of_mass[:2] + now.com_velocity[:2] / omega
        np.testing.assert_array_equal(nearest_point(now.support_polygon, dcm), dcm)


@pytest.mark.parametrize("ahead", [1.0, -1.0])
def test_a_zero_moment_point_asked_for_beyond_the_soles_is_put_at_their_edge(ahead):
    with World(0) as world:
        humanoid = Humanoid(world)
        walker = Walker(humanoid, VelocityCommand())
        for _ in range(50):
            walker.tick()
        body, height = walker.body, walker.controller.config.pendulum_height
        body.stands = False
        body.sense()
        edge = ahead * (ahead * body.balance.support_polygon[:, 0]).max()
        for tick in range(1, 26):
            now = body.balance
            asked = np.array([(edge + ahead * 0.05) * min(1.0, tick / 10.0), 0.0])
            correction = now.gravity / height * (now.center_of_mass[:2] - asked)
            velocity = now.com_velocity[:2] + now.timestep * correction
            joints = now.timestep * (now.posture_velocity + now.motion_map[:, :2] @ velocity)
            body.walk(BalanceCommands(correction, np.zeros(3), joints), height)
            body.advance()
            body.sense()
        force = now.contact_forces
        pressure = force @ now.contact_points[:, 0] / force.sum()
        assert force.sum() == pytest.approx(now.mass * now.gravity, rel=0.02)
        assert ahead * (edge - pressure) == pytest.approx(0.006, abs=0.002)


@pytest.fixture(scope="module")
def brisk_walk():
    """Three seconds of a brisk walk: tick by tick the push felt (N), soles that seek the ground against the carrying
    one, and how far (m) the swing foot is from where it was sent."""
    pushes, seeking, astray = [], [], []
    with World(0) as world:
        walker = Walker(Humanoid(world), VelocityCommand(forward=0.7))
        body = walker.body
        for _ in range(750):
            target = body.swing
            walker.tick()
            pushes.append(np.linalg.norm(body._push))
            if walker.phase != "stand":
                seeking.append((body.awaited, (walker.stance,)))
            if target is not None:
                astray.append(np.linalg.norm(body.foot_pose(target.foot)[0] - target.position))
        assert not walker.humanoid.has_fallen()
    return pushes, seeking, astray


def test_a_landing_foot_is_not_taken_for_a_push(brisk_walk):
    pushes, _, _ = brisk_walk
    assert max(pushes) < 5.0


def test_only_the_foot_that_is_to_carry_seeks_the_ground(brisk_walk):
    _, seeking, _ = brisk_walk
    assert len(seeking) > 500
    assert all(soles == carrying for soles, carrying in seeking)


def test_a_swing_foot_keeps_to_its_way(brisk_walk):
    _, _, astray = brisk_walk
    assert len(astray) > 300
    assert max(astray) < 0.008
