"""Accidents are what their names say, recorded so that what came first can be found, and shipped."""

from pathlib import Path

import numpy as np
import pytest

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.accidents.accident import accident
from vla_course.deployment.recorder.accidents.evidence import CAUSES, Cause
from vla_course.deployment.recorder.accidents.flights import evidence_of, record_accident
from vla_course.deployment.recorder.clock import ServerClock
from vla_course.deployment.recorder.flight import read_flight
from vla_course.reference.day5_deployment.diagnosis import diagnose

SHIPPED = sorted(Path("data/flights").glob("*.mcap"))


@pytest.mark.parametrize("cause", CAUSES)
def test_a_robot_that_walked_falls_soon_after_something_went_wrong(cause: Cause) -> None:
    made = accident(cause, np.random.default_rng(3))
    assert made.truth.cause == cause
    assert 1.2 < made.truth.time < made.fell_at < made.truth.time + 3.5
    evidence = made.evidence()
    assert evidence.time[0] < made.truth.time - 0.8
    assert evidence.time[-1] > made.fell_at
    assert np.allclose(np.diff(evidence.time), 0.008)


def test_the_same_chance_makes_the_same_accident() -> None:
    one, other = (accident("slip", np.random.default_rng(8)).evidence() for _ in range(2))
    assert np.array_equal(one.sole_forces, other.sole_forces)
    assert one.lab_ahead == other.lab_ahead


def test_a_frozen_imu_says_the_same_again_and_again_while_the_robot_turns() -> None:
    made = accident("frozen", np.random.default_rng(1))
    after = [sample for sample in made.samples if sample.true.time > made.truth.time]
    said = np.array([sample.believed.base_angular_velocity for sample in after])
    true = np.array([sample.true.base_angular_velocity for sample in after])
    assert np.ptp(said, axis=0).max() == 0.0
    assert np.ptp(true, axis=0).max() > 1.0


def test_what_is_late_was_true_some_hundredths_of_a_second_ago() -> None:
    made = accident("late", np.random.default_rng(1))
    for sample in made.samples:
        late = sample.true.time - sample.believed.time
        assert (late == 0.0) if sample.true.time < made.truth.time else (late <= 0.052)
    assert late > 0.028


def test_a_load_pulls_with_its_weight() -> None:
    made = accident("load", np.random.default_rng(2))
    evidence = made.evidence()
    since = evidence.time - made.truth.time
    weight = np.array([0.0, 0.0, -evidence.mass * evidence.gravity])
    other = evidence.mass * evidence.com_acceleration - evidence.sole_forces.sum(axis=1) - weight
    assert np.linalg.norm(other[since < 0.0].mean(axis=0)) < 2.0
    pulls = other[(since > 0.2) & (since < 0.5)].mean(axis=0)
    assert 110.0 < -pulls[2] < 170.0
    assert np.hypot(*pulls[:2]) < 40.0


def test_a_recording_says_what_the_arrays_say(tmp_path: Path) -> None:
    path = tmp_path / "flight.mcap"
    truth = record_accident("push", np.random.default_rng(4), path)
    flight = read_flight(path)
    assert diagnose(evidence_of(flight)).cause == truth.cause == "push"
    made = accident("push", np.random.default_rng(4)).evidence()
    told = evidence_of(flight)
    kept = np.isin(made.time.round(9), told.time.round(9))
    assert kept.sum() == len(told.time)
    assert np.abs(made.sole_forces[kept] - told.sole_forces).max() < 0.06
    assert np.abs(made.given_torques[kept] - told.given_torques).max() < 0.06
    times, pictures = flight.pictures("lab")
    assert len(pictures) >= 5
    assert pictures[0].shape == (96, 128, 3)
    assert np.allclose(np.diff(times), 0.2, atol=0.01)


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_what_ships_is_whole_and_does_not_say_what_happened(path: Path) -> None:
    flight = read_flight(path)
    assert flight.remark == ""
    assert path.stat().st_size < 250_000
    assert {topics.JOINTS, topics.IMU, topics.SOLES, topics.LAB, "/camera/lab"} <= set(flight.topics)
    assert [event.text for event in flight.events()] == ["fall: the robot lies on the ground"]
    data = path.read_bytes().lower()
    assert not any(f'"{cause}"'.encode() in data for cause in CAUSES)


def test_six_flights_ship() -> None:
    assert len(SHIPPED) == len(CAUSES)


def test_what_the_server_noted_is_put_on_the_robots_clock() -> None:
    clock = ServerClock()
    with pytest.raises(ValueError, match="not known"):
        clock.on_robot(5.0)
    clock.heard(10.0, 1010.02, 1010.03, 10.05)
    assert clock.offset is not None
    assert clock.on_robot(1010.02) == pytest.approx(10.02)
    assert clock.offset.error == pytest.approx(0.02)
    clock.heard(11.0, 1013.0, 1013.0, 14.0)
    assert clock.on_robot(1010.02) == pytest.approx(10.02), "a slow exchange is not believed"
