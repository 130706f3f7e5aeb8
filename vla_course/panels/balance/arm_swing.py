"""An arm that is swung while all else is held still: what it does to the centre of mass, and to angular momentum."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

_SHOULDER, _ELBOW = JOINT_NAMES.index("right_shoulder_pitch"), JOINT_NAMES.index("right_elbow")
_BASE = 6
"""numbers of a generalised velocity that belong to the pelvis"""


@dataclass(frozen=True, eq=False)
class Motion:
    """What a ZMP formula is fed with; SI units, world frame."""

    mass: float
    center_of_mass: Array
    com_acceleration: Array
    angular_momentum_rate: Array


def arm_swing(pitch: float, acceleration: float = 20.0) -> Motion:
    """Return what a robot at rest does at the moment in which its stretched right arm is swung forward and up.

    Args:
        pitch: rad, where the arm is: 0 hangs down, pi/2 is held out level ahead.
        acceleration: rad/s^2, of the shoulder.
    """
    with World() as world:
        humanoid = Humanoid(world)
        state, model = humanoid.state(), RobotModel.of(humanoid)
    joints = state.joint_positions.copy()
    # A shoulder pitch that lifts the arm ahead is negative (`layout`).
    joints[_SHOULDER], joints[_ELBOW] = -pitch, 0.0
    model.update(
        replace(
            state,
            joint_positions=joints,
            joint_velocities=np.zeros(len(joints)),
            base_linear_velocity=np.zeros(3),
            base_angular_velocity=np.zeros(3),
        )
    )
    swung = np.zeros(_BASE + len(joints))
    swung[_BASE + _SHOULDER] = -acceleration
    # From rest: no velocity, so accelerations are the Jacobians' alone.
    return Motion(
        model.mass,
        model.center_of_mass,
        model.com_jacobian @ swung,
        model.angular_momentum_matrix @ swung,
    )
