"""5.7: where the pelvis is, by an accelerometer and the soles that stand."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.pelvises import (
    CORRECTION,
    GATE,
    MEAN,
    SOLES,
    SPREAD,
    Moment,
    some_moment,
    standing_off,
)
from shown.slips import expect_all
from vla_course.course.checking.judging import graded

CARRIES, AIR = 220.0, 0.0


@graded(
    "5.7",
    points=2,
    says="in the air the pelvis goes where its accelerometer says, gravity and bias taken off",
)
def test_prediction(student, rng):
    moments = [some_moment(rng) for _ in range(2)]
    cases = [case for moment in moments for case in moment.case(student, "both feet in the air", MEAN)[:2]]
    expect_all(*cases, unit="m or m/s")


@graded(
    "5.7",
    points=1,
    says="in the air it becomes less certain, position and velocity by the same wrong acceleration",
)
def test_uncertainty(student, rng):
    covariance = some_moment(rng).case(student, "both feet in the air", SPREAD)[2]
    expect_all(covariance, unit="1e-6", atol=1e-6)


@graded(
    "5.7", points=1, says="a sole that stands corrects position and velocity, each as far as it is uncertain"
)
def test_one_sole(student, rng):
    moment = some_moment(rng, (CARRIES, AIR))
    moment = standing_off(moment, 0.005 * rng.normal(size=(2, 3)))
    expect_all(*moment.case(student, "left sole stands", CORRECTION), unit="SI or 1e-6", atol=1e-6)


@graded("5.7", points=1, says="two soles that stand tell more than one, and one in the air tells nothing")
def test_which_soles(student, rng):
    both = standing_off(some_moment(rng, (CARRIES, CARRIES)), 0.004 * rng.normal(size=(2, 3)))
    right = standing_off(some_moment(rng, (10.0, CARRIES)), 0.004 * rng.normal(size=(2, 3)))
    cases = [
        *both.case(student, "both soles stand", SOLES),
        *right.case(student, "only the right sole stands", SOLES),
    ]
    expect_all(*cases, unit="SI or 1e-6", atol=1e-6)


@graded("5.7", points=1, says="a sole that slipped farther than chance explains is not believed")
def test_slips(student, rng):
    cases = []
    for part, what in (
        (0.5, "a sole within the gate"),
        (1.6, "a sole beyond the gate"),
        (40.0, "a sole far off"),
    ):
        moment = _at_distance(some_moment(rng, (CARRIES, AIR)), part, rng)
        cases += moment.case(student, what, GATE)
    cases += _second_sole(rng).case(student, "a right sole that contradicts the left", GATE)
    expect_all(*cases, unit="SI or 1e-6", atol=1e-6)


def _at_distance(moment: Moment, part: float, rng: np.random.Generator) -> Moment:
    """Return the moment with a left sole at that part of the gate, squared."""
    missed = np.zeros((2, 3))
    missed[0] = 0.01 * rng.normal(size=3)
    once = standing_off(moment, missed)
    distance = once.distance(0, *once.predicted())
    return standing_off(moment, missed * np.sqrt(part * moment.noise.gate / distance))


def _second_sole(rng: np.random.Generator) -> Moment:
    """Return a robot that is unsure where it is; its left sole says so, and its right one 4 cm to the side."""
    moment = some_moment(rng, (CARRIES, CARRIES))
    unsure = replace(moment.belief, covariance=25.0 * moment.belief.covariance)
    return standing_off(replace(moment, belief=unsure), np.array(((0.0, 0.0, 0.0), (0.0, 0.04, 0.0))))
