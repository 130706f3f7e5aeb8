"""Readings that real sensors could have made of what the simulator does."""

import numpy as np
import pytest

from vla_course.deployment.estimation.contact_filter import Belief, ContactFilter, FilterNoise
from vla_course.deployment.estimation.sensors import RobotSensors, SensorErrors
from vla_course.motion.standing.leg_kinematics import LegKinematics
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World


def test_at_rest_the_accelerometer_points_upwards_and_the_gyro_shows_nothing():
    with World(0) as world:
        humanoid = Humanoid(world)
        world.run(1.6)
        sensors, readings = RobotSensors(humanoid, world.rng, SensorErrors.none()), []
        for _ in range(200):
            world.step()
            readings.append(sensors.read())
        up = rotation_matrix(humanoid.state().base_orientation).T @ (0.0, 0.0, 9.81)
    # The mean over a while: on its stiff servos the robot trembles.
    force = np.mean([reading.specific_force for reading in readings], axis=0)
    np.testing.assert_allclose(force, up, atol=0.02)
    np.testing.assert_allclose(np.mean([reading.gyro for reading in readings], axis=0), 0.0, atol=2e-4)


def test_perfect_readings_added_up_are_the_way_that_the_pelvis_went():
    with World(0) as world:
        humanoid = Humanoid(world)
        walker = Walker(humanoid, VelocityCommand(forward=0.4, turning=0.3))
        for _ in range(250):
            walker.tick()
        sensors, begin = RobotSensors(humanoid, world.rng, SensorErrors.none()), humanoid.state()
        reckoner = ContactFilter(
            Belief(
                rotation_matrix(begin.base_orientation),
                begin.base_linear_velocity,
                begin.base_position,
                np.zeros((2, 3)),
                np.zeros(3),
                np.zeros(3),
            )
        )
        step = world.step
        with pytest.MonkeyPatch.context() as patch:

            def step_and_reckon() -> None:
                step()
                reading = sensors.read()
                reckoner.predict(reading.gyro, reading.specific_force, reading.elapsed)

            patch.setattr(world, "step", step_and_reckon)
            for _ in range(250):
                walker.tick()
        end = humanoid.state()
    assert np.linalg.norm(end.base_position - begin.base_position) > 0.2
    np.testing.assert_allclose(reckoner.belief.position, end.base_position, atol=2e-3)
    np.testing.assert_allclose(reckoner.belief.velocity, end.base_linear_velocity, atol=5e-3)
    np.testing.assert_allclose(reckoner.belief.rotation, rotation_matrix(end.base_orientation), atol=1e-6)


def test_noise_has_the_density_of_the_data_sheet_and_biases_stay():
    errors = SensorErrors(gyro_walk=0.0)
    with World(0) as world:
        humanoid = Humanoid(world)
        world.run(1.6)
        perfect = RobotSensors(humanoid, np.random.default_rng(0), SensorErrors.none())
        sensors = RobotSensors(humanoid, np.random.default_rng(1), errors)
        missed = []
        for _ in range(1000):
            world.step()
            missed.append(sensors.read().gyro - perfect.read().gyro)
    deviation = errors.gyro_noise * np.sqrt(500.0 / 2.0)
    assert np.std(missed, axis=0) == pytest.approx([deviation] * 3, rel=0.1)
    assert np.abs(np.mean(missed, axis=0)).max() > 3.0 * deviation / np.sqrt(1000)


def test_an_encoder_shows_steps_and_a_zero_of_its_own():
    errors = SensorErrors()
    with World(0) as world:
        humanoid = Humanoid(world)
        sensors = RobotSensors(humanoid, world.rng, errors)
        world.step()
        shown, true = sensors.read().joints, humanoid.state().joint_positions
    steps = shown / errors.encoder_step
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)
    assert 0.2 * errors.encoder_zero < np.std(shown - true) < 3.0 * errors.encoder_zero


def test_the_soles_feel_the_weight_where_it_presses():
    with World(0) as world:
        humanoid = Humanoid(world, heading=0.7)
        sensors = RobotSensors(humanoid, world.rng, SensorErrors.none())
        world.run(1.6)
        reading, contacts = sensors.read(), humanoid.sole_contacts()
        places = [humanoid.link_pose(f"{contact.side}_sole") for contact in contacts]
    assert sum(force[2] for force in reading.forces) == pytest.approx(9.81 * humanoid.mass, rel=0.02)
    for force, at, contact, (position, turn) in zip(
        reading.forces, reading.pressures, contacts, places, strict=True
    ):
        rotation = rotation_matrix(turn)
        np.testing.assert_allclose(rotation @ force, contact.forces.sum(axis=0), atol=1e-9)
        centre = contact.normal_forces @ contact.points / contact.force
        np.testing.assert_allclose(position + rotation[:, :2] @ at, centre, atol=1e-4)


def test_legs_see_the_soles_where_they_are():
    with World(0) as world:
        humanoid = Humanoid(world, heading=1.0)
        humanoid.command(humanoid.state().joint_positions + 0.1)
        world.run(0.1)
        state, (places, turns) = humanoid.state(), LegKinematics().soles(humanoid.state().joint_positions)
        for side, place, turn in zip(("left", "right"), places, turns, strict=True):
            position, orientation = humanoid.link_pose(f"{side}_sole")
            base = rotation_matrix(state.base_orientation)
            np.testing.assert_allclose(state.base_position + base @ place, position, atol=1e-6)
            np.testing.assert_allclose(base @ turn, rotation_matrix(orientation), atol=1e-6)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="SensorErrors.gyro_noise is -1"):
        SensorErrors(gyro_noise=-1.0)
    with World(0) as world, pytest.raises(RuntimeError, match="expected a step of the world"):
        RobotSensors(Humanoid(world), world.rng).read()


def test_a_filter_for_worse_sensors_trusts_them_less():
    usual, worse = FilterNoise.of(SensorErrors()), FilterNoise.of(SensorErrors().times(10.0))
    assert worse.gyro == pytest.approx(10.0 * usual.gyro)
    assert worse.kinematics > usual.kinematics
