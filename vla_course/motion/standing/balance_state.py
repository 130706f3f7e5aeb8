"""What a balance controller knows at one tick: plain numbers, no simulator inside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class BalanceState:
    """Everything a standing controller may look at, in SI units and the world frame.

    Accelerations and rates are means over the last tick, contact forces those of its last simulation step.
    """

    time: float
    """s"""
    timestep: float
    """s, until the next tick"""
    mass: float
    """kg, the whole robot"""
    gravity: float
    """m/s^2, positive"""
    center_of_mass: Array
    """(3,) m, its height above the ground under the feet: a pendulum stands on the ground that it has"""
    com_velocity: Array
    """(3,) m/s"""
    com_acceleration: Array
    """(3,) m/s^2"""
    angular_momentum_rate: Array
    """(3,) N m, rate of the angular momentum about the centre of mass"""
    contact_points: Array
    """(n, 3) m, where the ground touches the soles"""
    contact_forces: Array
    """(n,) N, the normal force at each point"""
    support_polygon: Array
    """(m, 2) m, its corners, counter-clockwise"""
    trunk_tilt: Array
    """(3,) rad, rotation vector that takes the upright trunk to the trunk as it is"""
    trunk_angular_velocity: Array
    """(3,) rad/s"""
    joint_positions: Array
    """(28,) rad"""
    motion_map: Array
    """(28, 6) joint velocities per unit of [CoM velocity (3) m/s; trunk angular velocity (3) rad/s],
    both soles staying where they are"""
    posture_velocity: Array
    """(28,) rad/s, joint velocities that bring arms and head home and moves neither CoM nor trunk"""


@dataclass(frozen=True)
class BalanceCommands:
    """What one tick of balance control asks for."""

    zmp_correction: Array
    """(2,) m/s^2, horizontal acceleration of the centre of mass"""
    com_adjustment: Array
    """(3,) m, shift that would bring the centre of mass home"""
    joint_adjustments: Array
    """(28,) rad, change of every joint until the next tick"""
