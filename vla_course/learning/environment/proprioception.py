"""What the robot feels of itself, as a policy gets it: one vector, no place in the world."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.rotation import rotation_matrix


@dataclass(frozen=True, slots=True, eq=False)
class StateLayout:
    """Where each named part lies in a state vector of `size` numbers.

    `positions` (28) rad and `velocities` (28) rad/s of the joints in the order of `layout.JOINT_NAMES`; `grippers` (2)
    the left and right opening, 0 closed to 1 open; in the pelvis frame `gravity` (3), the direction in which things
    fall, and `angular_velocity` (3) rad/s: what an inertial sensor tells.
    """

    positions: slice
    velocities: slice
    grippers: slice
    gravity: slice
    angular_velocity: slice
    size: int


STATE: Final = StateLayout(
    positions=slice(0, 28),
    velocities=slice(28, 56),
    grippers=slice(56, 58),
    gravity=slice(58, 61),
    angular_velocity=slice(61, 64),
    size=64,
)
SPAN: Final[NDArray[np.float32]] = np.concatenate(
    (np.full(28, 4.0), np.full(28, 100.0), np.full(2, 1.1), np.full(3, 1.0), np.full(3, 50.0)),
    dtype=np.float32,
)
"""(64,), how far from 0 each number of a state vector can be: beyond that sensors say no more"""
SPAN.flags.writeable = False


def proprioception(state: RobotState) -> NDArray[np.float32]:
    """Return the state vector (64,) of a robot, laid out as `STATE` says."""
    to_pelvis = rotation_matrix(state.base_orientation).T
    felt = np.concatenate(
        (
            state.joint_positions,
            state.joint_velocities,
            state.gripper_openings,
            to_pelvis @ (0.0, 0.0, -1.0),
            to_pelvis @ state.base_angular_velocity,
        ),
        dtype=np.float32,
    )
    return np.clip(felt, -SPAN, SPAN)
