"""The first second: a robot that stands still learns which way is up and what its gyro shows at rest."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from vla_course.deployment.estimation.contact_filter import (
    ACCELEROMETER_BIAS,
    GYRO_BIAS,
    ROTATION,
    VELOCITY,
    Belief,
)
from vla_course.deployment.estimation.rotations import level
from vla_course.deployment.estimation.sensors import GRAVITY, Reading, SensorErrors
from vla_course.simulation.robot.state import FloatArray

_AT_REST = 0.01
"""m/s, standard deviation of the velocity of a robot that stands still"""


def aligned(
    readings: Sequence[Reading], position: FloatArray, heading: float, errors: SensorErrors
) -> Belief:
    """Return what to believe of a pelvis that did not move while the readings were taken.

    Their mean specific force points upwards, their mean turn rate is the gyro's bias. What the accelerometer is wrong
    by cannot be told from a tilt: both are believed in together, as the covariance says.

    Args:
        readings: at rest.
        position: (3,) m, of the pelvis; it defines the world frame, and nothing that is measured can tell it.
        heading: rad, likewise.
        errors: how wrong the sensors may be.

    Raises:
        ValueError: there are no readings.
    """
    if not readings:
        raise ValueError("readings is empty, expected some of a robot that stands still")
    seconds = sum(reading.elapsed for reading in readings)
    force = np.mean([reading.specific_force for reading in readings], axis=0)
    belief = Belief(
        rotation=level(force, heading),
        velocity=np.zeros(3),
        position=np.array(position),
        soles=np.zeros((2, 3)),
        gyro_bias=np.mean([reading.gyro for reading in readings], axis=0),
        accelerometer_bias=np.zeros(3),
    )
    # A bias to the left looks like a lean to the right: rotation error = leaning @ bias error.
    leaning = np.array(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 0.0))) / GRAVITY @ belief.rotation
    bias = errors.accelerometer_bias**2 * np.eye(3)
    noise = (errors.accelerometer_noise / GRAVITY) ** 2 / (2.0 * seconds)
    covariance = belief.covariance
    covariance[ACCELEROMETER_BIAS, ACCELEROMETER_BIAS] = bias
    covariance[ROTATION, ROTATION] = leaning @ bias @ leaning.T + noise * np.diag((1.0, 1.0, 0.0))
    covariance[ROTATION, ACCELEROMETER_BIAS] = leaning @ bias
    covariance[ACCELEROMETER_BIAS, ROTATION] = (leaning @ bias).T
    covariance[VELOCITY, VELOCITY] = _AT_REST**2 * np.eye(3)
    spread = errors.gyro_noise / sqrt(2.0 * seconds)
    covariance[GYRO_BIAS, GYRO_BIAS] = spread**2 * np.eye(3)
    return belief
