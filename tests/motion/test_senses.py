"""Senses that err, and a push that is observed through them."""

import numpy as np
import pytest

from vla_course.motion.standing.push_observer import PushObserver
from vla_course.motion.standing.senses import NoisySenses, SenseNoise
from vla_course.motion.walking.loop import walk
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

MASS, TICK = 47.0, 0.004


def test_no_noise_is_the_truth():
    with World(0) as world:
        humanoid = Humanoid(world)
        senses = NoisySenses(humanoid, SenseNoise(), world.rng)
        world.step()
        sensed, true = senses.state(), humanoid.state()
        for name in ("base_position", "base_orientation", "base_linear_velocity", "joint_positions"):
            np.testing.assert_array_equal(getattr(sensed, name), getattr(true, name))


def test_every_reading_has_the_noise_that_was_asked_for_and_one_moment_has_one_reading():
    sizes = {
        "base_position": ("base_position", 0.02),
        "base_linear_velocity": ("base_velocity", 0.01),
        "base_angular_velocity": ("base_angular_velocity", 0.03),
        "joint_positions": ("joint_positions", 0.004),
        "joint_velocities": ("joint_velocities", 0.05),
    }
    noise = SenseNoise(**dict(sizes.values()), base_orientation=0.02, sole_forces=10.0)
    errors = {name: [] for name in sizes}
    turns, forces = [], []
    with World(0) as world:
        humanoid = Humanoid(world)
        senses = NoisySenses(humanoid, noise, world.rng)
        for _ in range(400):
            world.step()
            sensed, true = senses.state(), humanoid.state()
            assert senses.state() is sensed
            for name in sizes:
                errors[name].append(getattr(sensed, name) - getattr(true, name))
            turns.append(2.0 * np.arccos(min(1.0, abs(sensed.base_orientation @ true.base_orientation))))
            felt, there = senses.sole_contacts()[0], humanoid.sole_contacts()[0]
            if there.force > 100.0:
                forces.append(felt.forces.sum(axis=0) - there.forces.sum(axis=0))
    for name, (_, size) in sizes.items():
        assert np.std(errors[name]) == pytest.approx(size, rel=0.1)
    assert np.sqrt(np.mean(np.square(turns))) == pytest.approx(0.02 * np.sqrt(3.0), rel=0.1)
    assert len(forces) > 200
    assert np.std(forces) == pytest.approx(10.0, rel=0.15)


def test_late_senses_tell_what_was():
    with World(0) as world:
        humanoid = Humanoid(world)
        senses = NoisySenses(humanoid, SenseNoise(delay=3 * TICK), world.rng)
        times = []
        for _ in range(8):
            times.append((world.time, senses.state().time))
            world.step()
            world.step()
    for now, told in times[3:]:
        assert now - told == pytest.approx(3 * TICK)
    assert [told for _, told in times[:4]] == [0.0] * 4


@pytest.mark.parametrize("name", ["base_velocity", "delay"])
@pytest.mark.parametrize("number", [-1.0, float("nan")])
def test_noise_that_is_none_is_refused(name, number):
    with pytest.raises(ValueError, match=f"SenseNoise.{name} is {number}"):
        SenseNoise(**{name: number})


def observed(memory, noise, ticks=200, push=(30.0, 0.0, 0.0)):
    """Return pushes (ticks, 3) N that an observer believes in while a constant one acts, beside a known force."""
    rng, observer = np.random.default_rng(0), PushObserver(MASS, TICK, memory)
    velocity, found = np.zeros(3), []
    observer.observe(velocity, None)
    for k in range(ticks):
        known = 50.0 * np.array([np.sin(0.1 * k), np.cos(0.1 * k), 1.0])
        velocity = velocity + (known + push) / MASS * TICK
        observer.observe(velocity + noise * rng.standard_normal(3), known)
        found.append(observer.push)
    return np.array(found)


def test_without_a_memory_a_push_is_newtons_difference():
    np.testing.assert_allclose(observed(0.0, 0.0), np.tile((30.0, 0.0, 0.0), (200, 1)), atol=1e-9)


def test_a_push_is_found_in_a_few_ticks_and_without_an_error_that_stays():
    found = observed(0.012, 0.0)[:, 0]
    assert found[0] < 5.0
    assert found[5] > 15.0
    np.testing.assert_allclose(found[40:], 30.0, atol=1e-3)


def test_noise_on_the_velocity_becomes_a_push_seven_times_smaller_than_by_difference():
    blunt, observed_push = (observed(memory, 0.01)[50:].std(axis=0).mean() for memory in (0.0, 0.012))
    assert blunt == pytest.approx(0.01 * np.sqrt(2.0) * MASS / TICK, rel=0.2)
    assert observed_push < blunt / 7.0


@pytest.mark.parametrize(
    "noise", [SenseNoise(base_velocity=0.02), SenseNoise(delay=3 * TICK)], ids=["noisy", "late"]
)
def test_a_walk_stands_senses_that_err(noise):
    with World(0) as world:
        record = walk(Humanoid(world), VelocityCommand(forward=0.4), 4.0, senses=noise)
    assert not record.fell
    assert record.base_position[-1, 0] > 0.8


def test_noise_is_drawn_by_the_worlds_generator_and_the_same_seed_walks_the_same_walk():
    ends = []
    for seed in (0, 0, 1):
        with World(seed) as world:
            noise = SenseNoise(base_velocity=0.01)
            record = walk(Humanoid(world), VelocityCommand(forward=0.4), 0.4, senses=noise)
            ends.append(record.joint_positions[-1])
    np.testing.assert_array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])
