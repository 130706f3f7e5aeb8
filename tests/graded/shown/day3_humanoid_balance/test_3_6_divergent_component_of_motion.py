"""3.6: the divergent component of motion is the one spot above which the falling robot comes to rest."""

import numpy as np

from shown.day3_humanoid_balance.pendulum import seconds_of_speed
from shown.slips import Case, expect_all
from vla_course.course.checking.judging import graded


def slips(com, velocity, gravity):
    """The points that known mistakes give."""
    here, speed, height = com[:2], velocity[:2], com[2]
    omega = np.sqrt(gravity / height)
    return {
        "times-omega": here + speed * omega,
        "root-forgotten": here + speed / omega**2,
        "velocity-sign": here - speed / omega,
        "velocity-forgotten": here,
        "center-of-mass-forgotten": speed / omega,
        "gravity-fixed": here + speed / np.sqrt(9.81 / height),
        "three-numbers": com + velocity / omega,
    }


def dcm_case(student, com, velocity, what, *gravity):
    got = student.divergent_component_of_motion(com.copy(), velocity.copy(), *gravity)
    pull = gravity[0] if gravity else 9.81
    expected = com[:2] + velocity[:2] * seconds_of_speed(com[2], pull)
    return Case(what, got, expected, slips(com, velocity, pull))


@graded("3.6", points=3, says="a pendulum let fall with its ZMP on the DCM comes to rest above it")
def test_comes_to_rest(student, rng):
    coms = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9), (4, 3))
    cases = [dcm_case(student, com, rng.uniform(-0.8, 0.8, 3), "the DCM") for com in coms]
    expect_all(*cases, unit="m")


@graded("3.6", points=1, says="the DCM of a robot at rest lies right below its centre of mass")
def test_at_rest(student, rng):
    com = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9))
    sinking = np.array([0.0, 0.0, rng.uniform(-0.5, -0.1)])
    expect_all(
        dcm_case(student, com, np.zeros(3), "the DCM of a robot at rest"),
        dcm_case(student, com, sinking, "the DCM of a robot that sinks straight down"),
        unit="m",
    )
