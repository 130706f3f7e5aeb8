"""What a filter of inertial sensor and standing soles can know, and what it cannot."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from vla_course.deployment.estimation.contact_filter import (
    ACCELEROMETER_BIAS,
    GYRO_BIAS,
    POSITION,
    ROTATION,
    SIZE,
    SOLES,
    VELOCITY,
    Belief,
    ContactFilter,
    FilterNoise,
)
from vla_course.deployment.estimation.rotations import exponential, logarithm, quaternion_of

UP = np.array((0.0, 0.0, 9.81))
SEEN = np.array(((0.03, 0.09, -0.72), (0.03, -0.09, -0.72)))
DT = 0.002


def somewhere(rng: np.random.Generator) -> Belief:
    """Return a belief about a robot that moves and turns, sure of nothing but place and heading."""
    spread = np.zeros(SIZE)
    spread[0:2], spread[VELOCITY] = 0.01, 0.05
    spread[GYRO_BIAS], spread[ACCELEROMETER_BIAS] = 0.002, 0.05
    return Belief(
        Rotation.from_rotvec(0.3 * rng.normal(size=3)).as_matrix(),
        0.3 * rng.normal(size=3),
        rng.normal(size=3),
        np.zeros((2, 3)),
        0.001 * rng.normal(size=3),
        0.02 * rng.normal(size=3),
        np.diag(spread**2),
    )


def stand(belief: Belief, rng: np.random.Generator, steps: int) -> tuple[ContactFilter, list[np.ndarray]]:
    """Let a robot stand on both soles for some steps; return its filter and its variances over them."""
    filter_ = ContactFilter(belief)
    for foot in (0, 1):
        filter_.set_down(foot, SEEN[foot])
    variances = []
    for _ in range(steps):
        force = belief.rotation.T @ UP + 0.03 * rng.normal(size=3)
        filter_.predict(0.004 * rng.normal(size=3), force, DT)
        for foot in (0, 1):
            filter_.correct(foot, SEEN[foot] + 2e-4 * rng.normal(size=3))
        variances.append(filter_.belief.covariance.diagonal().copy())
    return filter_, variances


def upright() -> Belief:
    belief = somewhere(np.random.default_rng(0))
    return replace(belief, rotation=np.eye(3), velocity=np.zeros(3))


def test_place_and_heading_are_never_known_better_and_tilt_and_velocity_soon_are():
    _, variances = stand(upright(), np.random.default_rng(1), 500)
    first, last = variances[0], variances[-1]
    for unknown in (2, *range(*POSITION.indices(SIZE))):
        # In the first fifth of a second the soles take back what an unknown velocity did.
        history = np.array([variance[unknown] for variance in variances[100:]])
        assert (np.diff(history) > -1e-6 * history[:-1]).all()
        assert history[-1] > 1.2 * history[0]
    assert (last[VELOCITY] < 0.05 * first[VELOCITY]).all()
    assert (last[:2] <= first[:2]).all()


def test_where_the_robot_is_and_where_it_faces_makes_no_difference_to_the_filter():
    moved, turn = np.array((30.0, -20.0, 1.0)), Rotation.from_euler("z", 2.0).as_matrix()
    here = somewhere(np.random.default_rng(2))
    big = np.eye(SIZE)
    for part in (ROTATION, VELOCITY, POSITION, *SOLES):
        big[part, part] = turn
    # The same errors, counted on the right about another origin.
    lever = np.array(((0.0, -moved[2], moved[1]), (moved[2], 0.0, -moved[0]), (-moved[1], moved[0], 0.0)))
    for part in (POSITION, *SOLES):
        big[part, ROTATION] = lever @ turn
    there = Belief(
        turn @ here.rotation,
        turn @ here.velocity,
        turn @ here.position + moved,
        here.soles @ turn.T + moved,
        here.gyro_bias,
        here.accelerometer_bias,
        big @ here.covariance @ big.T,
    )
    (one, _), (other, _) = (stand(belief, np.random.default_rng(3), 100) for belief in (here, there))
    np.testing.assert_allclose(other.belief.rotation, turn @ one.belief.rotation, atol=1e-9)
    np.testing.assert_allclose(other.belief.velocity, turn @ one.belief.velocity, atol=1e-9)
    np.testing.assert_allclose(other.belief.position, turn @ one.belief.position + moved, atol=1e-8)
    np.testing.assert_allclose(other.belief.gyro_bias, one.belief.gyro_bias, atol=1e-9)


@pytest.mark.parametrize("part", [ROTATION, VELOCITY, GYRO_BIAS, ACCELEROMETER_BIAS], ids=str)
def test_an_error_grows_as_the_covariance_says(part):
    rng, quiet = np.random.default_rng(4), FilterNoise(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    true = somewhere(rng)
    for k in range(3):
        error = np.zeros(SIZE)
        error[part][k] = 1e-5
        believed = replace(true, covariance=np.outer(error, error))
        right, wrong = ContactFilter(replace(true), quiet), ContactFilter(believed, quiet)
        wrong._move(error)
        for step in range(100):
            gyro, force = np.array((0.5, -0.3, 1.0)), UP + np.sin(0.1 * step) * np.array((2.0, 1.0, -1.0))
            right.predict(gyro, force, DT)
            wrong.predict(gyro, force, DT)
        a, b = wrong.belief, right.belief
        turned = logarithm(a.rotation @ b.rotation.T)
        turn = a.rotation @ b.rotation.T
        came = np.concatenate((turned, a.velocity - turn @ b.velocity, a.position - turn @ b.position))
        # Of one error alone the covariance is the product of what became of it with itself.
        itself = range(SIZE)[part][k]
        promised = a.covariance[:9, itself] / np.sqrt(a.covariance[itself, itself])
        np.testing.assert_allclose(came, promised, atol=0.01 * np.abs(came).max() + 1e-9)


def test_a_sole_that_jumps_is_refused_and_leaves_the_belief_alone():
    filter_, _ = stand(upright(), np.random.default_rng(5), 200)
    before, covariance = filter_.belief.position, filter_.belief.covariance.copy()
    assert not filter_.correct(0, SEEN[0] + (0.0, 0.05, 0.0))
    np.testing.assert_array_equal(filter_.belief.position, before)
    np.testing.assert_array_equal(filter_.belief.covariance, covariance)


def test_rotations_are_those_of_scipy():
    rng = np.random.default_rng(6)
    for size in (1e-9, 1e-5, 0.1, 3.0):
        vector = size * rng.normal(size=3) / 2.0
        rotation = Rotation.from_rotvec(vector)
        np.testing.assert_allclose(exponential(vector), rotation.as_matrix(), atol=1e-12)
        np.testing.assert_allclose(
            logarithm(rotation.as_matrix()), rotation.as_rotvec(), rtol=1e-6, atol=1e-12
        )
        quaternion = rotation.as_quat(canonical=True)
        np.testing.assert_allclose(quaternion_of(rotation.as_matrix()), quaternion, atol=1e-9)


def test_with_a_gate_of_0_no_sole_is_believed():
    for gate, believed in ((16.3, True), (0.0, False)):
        filter_ = ContactFilter(upright(), FilterNoise(gate=gate))
        filter_.set_down(0, SEEN[0])
        before = filter_.belief.covariance.copy()
        filter_.correct(0, SEEN[0] + 1e-4)
        assert (filter_.belief.covariance < before).any() == believed
