"""3.6: the divergent component of motion is the one spot above which the falling robot comes to rest."""

import numpy as np

from shown.day3_humanoid_balance.pendulum import seconds_of_speed
from vla_course.course.judging import expect_close, graded


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


def expect_dcm(student, com, velocity, gravity, what):
    given = (com.copy(), velocity.copy()) + (() if gravity is None else (gravity,))
    gravity = gravity or 9.81
    expect_close(
        student.divergent_component_of_motion(*given),
        com[:2] + velocity[:2] * seconds_of_speed(com[2], gravity),
        what=what,
        unit="m",
        mistakes=slips(com, velocity, gravity),
    )


@graded("3.6", points=3, says="a pendulum let fall with its ZMP on the DCM comes to rest above it")
def test_comes_to_rest(student, rng):
    for _ in range(4):
        com = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9))
        expect_dcm(student, com, rng.uniform(-0.8, 0.8, 3), None, "the DCM")


@graded("3.6", points=1, says="the DCM of a robot at rest lies right below its centre of mass")
def test_at_rest(student, rng):
    com = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9))
    sinking = np.array([0.0, 0.0, rng.uniform(-0.5, -0.1)])
    for velocity, what in ((np.zeros(3), "at rest"), (sinking, "that sinks straight down")):
        expect_dcm(student, com, velocity, None, f"the DCM of a robot {what}")
