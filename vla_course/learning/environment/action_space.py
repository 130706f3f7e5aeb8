"""What the numbers of an action mean: -1 to 1, in the layout of `simulation.robot.layout.ACTION`."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.learning.model.joint_range import JointRange
from vla_course.motion.hands.reach import COM_HEIGHTS, STANCE_LIMITS
from vla_course.motion.standing.balance_config import STANDING
from vla_course.simulation.robot.layout import ACTION

Array = NDArray[np.float64]

VELOCITIES: Final = (0.4, 0.2, 0.6)
"""m/s forward, m/s leftward and rad/s, what an action of 1 asks of the base"""
STANDS: Final = 0.05
"""-, parts of the base velocity nearer to 0 than that ask for none: noise is no reason to step"""
STANCES: Final = (0.70, 0.55, 0.16)
"""rad bowed, rad turned to the left and m raised, what an action of 1 asks of the stance; 0 is upright"""

LOWEST_STANCE, HIGHEST_STANCE = (
    np.array((limit.bow, limit.turn, height - STANDING.com_height))
    for limit, height in zip(STANCE_LIMITS, COM_HEIGHTS, strict=True)
)
"""(3,) rad, rad and m, least and greatest bow, turn and height that an action can ask for"""


@dataclass(frozen=True, slots=True, eq=False)
class BodyCommand:
    """An action in units: what arms, head, feet, trunk and grippers are to do until the next one."""

    joints: Array
    """(28,) rad, where the joints are to be; those of the legs are the balance stack's and are not read"""
    base_velocity: Array
    """(3,) m/s ahead, m/s to the left, rad/s: how the middle between the feet is to move"""
    stance: Array
    """(3,) bow rad, turn rad, height m of a robot on its feet; 0 is upright at its own height"""
    grippers: Array
    """(2,) left and right, 0 closed to 1 open"""


def read_action(action: ArrayLike, joints: JointRange) -> BodyCommand:
    """Return what an action (36,) in -1 to 1 asks for; numbers beyond are cut.

    Joints go from their lower to their upper limit, the base from one direction at full `VELOCITIES` to the other,
    the stance from -`STANCES` to `STANCES`, cut to what the legs of Day 3's hands use, grippers from closed to open.

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
    fraction = (numbers + 1.0) / 2.0
    velocity = numbers[ACTION.base_velocity]
    velocity[np.abs(velocity) < STANDS] = 0.0
    stance = numbers[ACTION.stance] * STANCES
    stance = np.clip(stance, LOWEST_STANCE, HIGHEST_STANCE)
    return BodyCommand(
        joints.lower + fraction[ACTION.joints] * np.subtract(joints.upper, joints.lower, dtype=np.float64),
        velocity * VELOCITIES,
        stance,
        fraction[ACTION.grippers],
    )


def write_action(command: BodyCommand, joints: JointRange) -> NDArray[np.float32]:
    """Return the action (36,) that asks for a command; what is beyond its limits is cut."""
    action = np.zeros(ACTION.size, dtype=np.float32)
    action[ACTION.joints] = joints.to_unit(command.joints)
    action[ACTION.base_velocity] = np.clip(command.base_velocity / VELOCITIES, -1.0, 1.0)
    action[ACTION.stance] = np.clip(command.stance / STANCES, -1.0, 1.0)
    action[ACTION.grippers] = np.clip(2.0 * command.grippers - 1.0, -1.0, 1.0)
    return action
