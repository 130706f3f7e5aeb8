"""A robot that balances, walks and works on what it measures."""

from functools import partial

import numpy as np
import pytest

from vla_course.deployment.estimation.contact_filter import FilterNoise
from vla_course.deployment.estimation.errors import errors_of
from vla_course.deployment.estimation.estimated_senses import EstimatedSenses
from vla_course.deployment.estimation.joint_rates import JointRates
from vla_course.deployment.estimation.pelvis_senses import PelvisSenses
from vla_course.deployment.estimation.sensors import SensorErrors
from vla_course.deployment.estimation.velocity_by_legs import LegVelocitySenses
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.environment.foresight import trial
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.senses import SenseNoise
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World


def walk(senses_of, seconds=4.0, velocity=(0.4, 0.0, 0.2), seed=0, friction=1.0, push=None):  # type: ignore[no-untyped-def]
    """Let a robot walk on its estimate; return its senses, its errors, and how far it came, m."""
    with World(seed, ground_friction=friction) as world:
        humanoid = Humanoid(world)
        senses = senses_of(humanoid, world.rng)
        walker = Walker(humanoid, VelocityCommand(*velocity), senses=senses)
        begin, believed, true = humanoid.state().base_position, [], []
        for tick in range(round(seconds / walker.body.tick)):
            if push is not None and tick == 125:
                humanoid.push(push)
            walker.tick()
            believed.append(senses.state())
            true.append(humanoid.state())
        assert not humanoid.has_fallen()
        way = float(np.hypot(*(true[-1].base_position - begin)[:2]))
        return senses, errors_of(believed, true), way


def test_it_walks_on_its_estimate_and_knows_how_fast_it_is_and_what_is_up():
    _, errors, way = walk(EstimatedSenses)
    assert way > 0.9
    assert errors.velocity < 0.004
    assert errors.fastest < 0.02
    assert errors.tilt < 0.015
    assert errors.drift < 0.02 * way
    assert abs(errors.yaw) < 0.01


def test_a_push_is_no_slip_and_does_not_confuse_it():
    _, errors, _ = walk(EstimatedSenses, 3.0, (0.0, 0.0, 0.0), push=(12.0, 8.0, 0.0))
    assert errors.velocity < 0.005
    assert errors.fastest < 0.05


def test_on_ice_soles_slip_and_who_notices_it_knows_better_where_it_is():
    senses, errors, _ = walk(EstimatedSenses, 4.0, (0.4, 0.0, 0.0), friction=0.25)
    believes_all = partial(EstimatedSenses, noise=FilterNoise(gate=1e9))
    blind, worse, _ = walk(believes_all, 4.0, (0.4, 0.0, 0.0), friction=0.25)
    assert senses.slips > 0
    assert blind.slips == 0
    assert errors.velocity < 0.8 * worse.velocity
    assert errors.drift < worse.drift


def test_the_small_filter_of_the_exercise_carries_the_robot_as_well():
    _, errors, way = walk(PelvisSenses, 3.0)
    assert way > 0.6
    assert errors.velocity < 0.01


def test_legs_alone_are_noisier_or_later_than_legs_and_accelerometer():
    _, both, _ = walk(EstimatedSenses, 1.5)
    for memory in (0.004, 0.016):
        _, alone, _ = walk(partial(LegVelocitySenses, memory=memory), 1.5)
        assert alone.velocity > 3.0 * both.velocity


def test_without_errors_in_its_sensors_it_is_right():
    _, errors, _ = walk(partial(EstimatedSenses, errors=SensorErrors.none()), 2.0)
    assert errors.tilt < 1e-3
    assert errors.velocity < 2e-3


def test_the_same_seed_walks_the_same_walk():
    one, other, third = (walk(EstimatedSenses, 0.4, seed=seed)[0].belief for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.position, other.position)
    assert (one.position != third.position).any()


def test_it_feels_its_weight_at_one_point_under_each_sole_and_nothing_in_the_air():
    with World(0) as world:
        humanoid = Humanoid(world)
        senses = EstimatedSenses(humanoid, world.rng)
        for felt, true in zip(senses.sole_contacts(), humanoid.sole_contacts(), strict=True):
            assert len(felt.points) == 1
            assert felt.force == pytest.approx(true.force, abs=25.0)
            np.testing.assert_allclose(felt.forces.sum(axis=0), true.forces.sum(axis=0), atol=25.0)
            centre = true.normal_forces @ true.points / true.force
            np.testing.assert_allclose(felt.points[0], centre, atol=0.015)
        humanoid._body.place((0.0, 0.0, 2.0), (0.0, 0.0, 0.0, 1.0))
        world.step()
        assert [len(contact.points) for contact in senses.sole_contacts()] == [0, 0]


def test_a_trial_of_what_would_come_leaves_what_it_knows_as_it_was():
    ends = []
    for looks_ahead in (False, True):
        env = HumanoidTaskEnv(
            skill="walk", cameras=(), senses_of=lambda humanoid: EstimatedSenses(humanoid, humanoid.world.rng)
        )
        env.reset(seed=3)
        for _ in range(3):
            env.step(np.zeros(ACTION.size))
        if looks_ahead:
            with trial(env.stage, env.robot) as (_, robot):
                for _ in range(20):
                    robot.walker.tick()
        for _ in range(3):
            env.step(np.zeros(ACTION.size))
        ends.append(env.robot.walker.body.state.base_position)
        env.close()
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-9)


def test_a_task_begins_when_the_robot_knows_where_it_stands():
    env = HumanoidTaskEnv(
        skill="walk", cameras=(), senses_of=lambda humanoid: EstimatedSenses(humanoid, humanoid.world.rng)
    )
    _, info = env.reset(seed=0)
    begun = info["time"]
    assert begun >= 2.0
    late = False
    while not late:
        *_, late, info = env.step(np.zeros(ACTION.size))
    assert info["time"] - begun == pytest.approx(env.task.seconds, abs=0.11)
    env.close()


def test_a_commanded_body_and_a_standing_one_take_other_senses_and_one_kind_only():
    with World(0) as world:
        humanoid = Humanoid(world)
        senses = EstimatedSenses(humanoid, world.rng)
        robot = CommandedBody(humanoid, senses=senses)
        np.testing.assert_array_equal(robot.walker.body.state.base_position, senses.belief.position)
        with pytest.raises(ValueError, match="noise and senses are both given"):
            StandingBody(humanoid, RobotModel.of(humanoid), noise=SenseNoise(), senses=senses)
        with pytest.raises(ValueError, match="still is 0"):
            EstimatedSenses(humanoid, world.rng, still=0.0)
        with pytest.raises(ValueError, match="memory is -1"):
            LegVelocitySenses(humanoid, world.rng, -1.0)


def test_tracked_rates_have_no_error_that_stays_and_little_noise():
    rng, rates, dt = np.random.default_rng(0), JointRates(np.zeros(1)), 0.002
    found = []
    for k in range(1, 500):
        found.append(rates.observe(np.array([3.0 * k * dt]) + 5e-5 * rng.normal(size=1), dt)[0])
    assert np.mean(found[50:]) == pytest.approx(3.0, abs=1e-3)
    assert np.std(found[50:]) < 0.5 * 5e-5 * np.sqrt(2.0) / dt


def test_errors_are_only_told_of_what_lines_up():
    with World(0) as world:
        humanoid = Humanoid(world)
        first = humanoid.state()
        world.step()
        with pytest.raises(ValueError, match="each at the same moment"):
            errors_of([first], [humanoid.state()])
