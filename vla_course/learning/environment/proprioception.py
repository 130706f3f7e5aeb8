"""What the robot feels of itself, as a policy gets it: one vector, no place in the world."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.rotation import rotation_matrix


@dataclass(frozen=True, slots=True, eq=False)
class StateLayout:
    """Where each named part lies in a state vector of `size` numbers.

    `positions` (28) rad and `velocities` (28) rad/s of the joints in the order of `layout.JOINT_NAMES`; `grippers` (2)
    the left and right opening, 0 closed to 1 open; in the pelvis frame `gravity` (3), the direction in which things
    fall, and `angular_velocity` (3) rad/s: what an inertial sensor tells. `odometry` (4) is how far the robot has come
    since it got its command, as legs and gyro count it (`motion.standing.odometry`): ahead m, to the left m, turned
    rad, steps made. `stance` (3) is the one that the balance stack holds: bow rad, turn rad, height m. `footing` (4)
    tells where the robot would stand if it closed its feet now (`motion.walking.footing`), as the pelvis looks: m
    ahead, m to the left, rad; and which foot makes the next step, 1 the left, -1 the right one, 0 when it stands.
    """

    positions: slice
    velocities: slice
    grippers: slice
    gravity: slice
    angular_velocity: slice
    odometry: slice
    stance: slice
    footing: slice
    size: int


STATE: Final = StateLayout(
    positions=slice(0, 28),
    velocities=slice(28, 56),
    grippers=slice(56, 58),
    gravity=slice(58, 61),
    angular_velocity=slice(61, 64),
    odometry=slice(64, 68),
    stance=slice(68, 71),
    footing=slice(71, 75),
    size=75,
)
SPAN: Final[NDArray[np.float32]] = np.concatenate(
    (
        np.full(28, 4.0),
        np.full(28, 100.0),
        np.full(2, 1.1),
        np.full(3, 1.0),
        np.full(3, 50.0),
        (50.0, 50.0, 50.0, 500.0),
        np.full(3, 1.0),
        (2.0, 2.0, 4.0, 1.0),
    ),
    dtype=np.float32,
)
"""(75,), how far from 0 each number of a state vector can be: beyond that sensors say no more"""
SPAN.flags.writeable = False


def proprioception(
    state: RobotState,
    odometry: ArrayLike = (0.0, 0.0, 0.0, 0.0),
    stance: ArrayLike = (0.0, 0.0, 0.0),
    footing: ArrayLike = (0.0, 0.0, 0.0, 0.0),
) -> NDArray[np.float32]:
    """Return the state vector (75,) of a robot, laid out as `STATE` says.

    Args:
        state: of which joints, grippers and what an inertial sensor feels are taken, and nothing else.
        odometry: (4,) ahead m, to the left m, turned rad, steps; of a robot that has just got its command: 0.
        stance: (3,) bow rad, turn rad, height m; of a robot that stands upright: 0.
        footing: (4,) m ahead, m to the left, rad, side; of a robot whose feet stand together below it: 0.
    """
    to_pelvis = rotation_matrix(state.base_orientation).T
    felt = np.concatenate(
        (
            state.joint_positions,
            state.joint_velocities,
            state.gripper_openings,
            to_pelvis @ (0.0, 0.0, -1.0),
            to_pelvis @ state.base_angular_velocity,
            odometry,
            stance,
            footing,
        ),
        dtype=np.float32,
    )
    return np.clip(felt, -SPAN, SPAN)
