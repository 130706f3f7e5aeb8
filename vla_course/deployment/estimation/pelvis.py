"""The small filter's world: place and velocity of a pelvis whose attitude is known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PelvisBelief:
    """Where the pelvis is believed to be and how fast, world frame."""

    position: Array
    """(3,) m"""
    velocity: Array
    """(3,) m/s"""
    covariance: Array
    """(6, 6), of position and velocity in this order, m and m/s"""


@dataclass(frozen=True, eq=False)
class PelvisReading:
    """What is known over one step of the filter; left sole before right."""

    dt: float
    """s, how long it lasts"""
    rotation: Array
    """(3, 3), from the pelvis frame to the world"""
    specific_force: Array
    """(3,) m/s^2, pelvis frame: what the accelerometer shows"""
    bias: Array
    """(3,) m/s^2, pelvis frame: what the accelerometer is known to show too much"""
    soles: Array
    """(2, 3) m, where the legs see the soles now, pelvis frame"""
    footholds: Array
    """(2, 3) m, where each sole was set down, world frame"""
    loads: Array
    """(2,) N"""


@dataclass(frozen=True)
class PelvisNoise:
    """What the filter takes its sensors for."""

    acceleration: float = 0.2
    """m/s^2, standard deviation of what the accelerometer shows, along each axis"""
    sole: float = 0.002
    """m, standard deviation of where a foothold says that the pelvis is, along each axis"""
    least_load: float = 60.0
    """N, a sole that bears less tells nothing"""
    gate: float = 16.3
    """-, a sole whose squared Mahalanobis distance is greater has slipped, and tells nothing"""
    gravity: float = 9.81
    """m/s^2"""


PelvisStep = Callable[[PelvisBelief, PelvisReading, PelvisNoise], PelvisBelief]
"""goes on by one reading: exercise 5.7"""


def reference_step() -> PelvisStep:
    """Return the reference's; loaded only where nobody brings another."""
    from vla_course.reference.day5_deployment.estimation import pelvis_step

    step: PelvisStep = pelvis_step
    return step
