"""What the numbers of an action mean: -1 to 1, in the layout of `simulation.robot.layout.ACTION`."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.learning.model.joint_range import JointRange
from vla_course.simulation.robot.layout import ACTION

Array = NDArray[np.float64]

VELOCITIES: Final = (0.4, 0.2, 0.6)
"""m/s forward, m/s leftward and rad/s, what an action of 1 asks of the base"""
STANDS: Final = 0.05
"""-, parts of the base velocity nearer to 0 than that ask for none: noise is no reason to step"""


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """An action in units."""

    joints: Array
    """(28,) rad"""
    base_velocity: Array
    """(3,) m/s, m/s, rad/s"""
    grippers: Array
    """(2,) 0 closed to 1 open"""


def read_action(action: ArrayLike, joints: JointRange) -> Wish:
    """Return what an action (33,) in -1 to 1 asks for; numbers beyond are cut.

    Joints go from their lower to their upper limit, the base from one way at full `VELOCITIES` to the other, grippers
    from closed to open.

    Raises:
        ValueError: wrong shape, or a number that is not finite.
    """
    numbers = np.asarray(action, dtype=np.float64)
    if numbers.shape != (ACTION.size,):
        raise ValueError(f"action has shape {numbers.shape}, expected ({ACTION.size},)")
    if not np.isfinite(numbers).all():
        first = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise ValueError(f"action[{first}] is {numbers[first]}, expected a finite number from -1 to 1")
    numbers = np.clip(numbers, -1.0, 1.0)
    share = (numbers + 1.0) / 2.0
    velocity = numbers[ACTION.base_velocity]
    velocity[np.abs(velocity) < STANDS] = 0.0
    return Wish(
        joints.lower + share[ACTION.joints] * np.subtract(joints.upper, joints.lower, dtype=np.float64),
        velocity * VELOCITIES,
        share[ACTION.grippers],
    )


def write_action(wish: Wish, joints: JointRange) -> NDArray[np.float32]:
    """Return the action (33,) that asks for a wish; what is beyond its limits is cut."""
    action = np.zeros(ACTION.size, dtype=np.float32)
    action[ACTION.joints] = joints.to_unit(wish.joints)
    action[ACTION.base_velocity] = np.clip(wish.base_velocity / VELOCITIES, -1.0, 1.0)
    action[ACTION.grippers] = np.clip(2.0 * wish.grippers - 1.0, -1.0, 1.0)
    return action
