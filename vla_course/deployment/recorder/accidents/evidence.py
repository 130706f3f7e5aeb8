"""What a flight recording has to say about an accident, as plain arrays on two clocks, and what one concludes of it."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Cause = Literal["push", "load", "slip", "motor", "frozen", "late"]

CAUSES: Final[dict[Cause, str]] = {
    "push": "something pushed the robot",
    "load": "something heavy that nobody had told it of hung on a hand",
    "slip": "the floor did not hold a sole that carried it",
    "motor": "a motor gave less torque than it was asked for",
    "frozen": "the IMU stood still while the robot moved",
    "late": "what the robot sensed reached its controller too late",
}


@dataclass(frozen=True)
class Evidence:
    """What the sensors of a robot, and the cameras of the laboratory, have noted. SI units, world axes.

    There are two clocks. `time` is the robot's. `lab_time` is that of the laboratory's computer, which watches the
    soles with cameras of its own; at any moment it shows `lab_ahead` more than the robot's. `lab_ahead` was found as in
    exercise 5.9, and is negative where the laboratory's clock is behind.
    """

    time: Array
    """(n,) s, the robot's clock, evenly spaced"""
    com_acceleration: Array
    """(n, 3) m/s^2 of the centre of mass, z up: how its velocity changed, per second, since the sample before"""
    sole_forces: Array
    """(n, 2, 3) N, the ground's force on the left and the right sole, mean since the sample before"""
    asked_torques: Array
    """(n, 28) N m, what the controller asked the motors for"""
    given_torques: Array
    """(n, 28) N m, what the motors gave, from their currents"""
    torque_limits: Array
    """(28,) N m, above 0: the most that each motor gives, to either side"""
    lab_time: Array
    """(k,) s, the laboratory's clock"""
    sole_positions: Array
    """(k, 2, 3) m, where the left and the right sole are, as the laboratory's cameras see them"""
    lab_ahead: float
    """s, the laboratory's clock minus the robot's"""
    mass: float
    """kg, as the robot believes"""
    gravity: float
    """m/s^2, downwards"""


@dataclass(frozen=True)
class Diagnosis:
    """What went wrong first, and when."""

    cause: str
    """one of `CAUSES`"""
    time: float
    """s, on the robot's clock"""
