"""Left and right exchanged: what a robot is told, sees, feels and does, as the robot in a mirror has it.

The humanoid, its cameras and its world are the same in a mirror, so each demonstration is worth two. Positions change
the sign of y, turns about x and z change theirs, and whatever comes in a left and a right changes places
(`layout`: roll and yaw of a joint flip, pitch stays).
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.policy import spoken, told
from vla_course.learning.policy.tools import MOVE, TOOLS
from vla_course.simulation.robot.layout import ACTION, JOINT_NAMES

Floats = NDArray[np.float32]
Swap = tuple[NDArray[np.int64], Floats]
"""from where each number comes, and with which sign"""

_WAY: Final = (1.0, -1.0, 1.0)
"""signs of a position or a velocity"""
_TURN: Final = (-1.0, 1.0, -1.0)
"""signs of a rotation vector or an angular velocity"""
_ROTATION: Final = (1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0)
"""signs of the columns of a rotation matrix between two frames that are both mirrored"""


def mirrored(numbers: Floats, swap: Swap) -> Floats:
    """Return numbers (..., n) as they are in the mirror."""
    source, sign = swap
    return numbers[..., source] * sign


@cache
def of_told() -> Swap:
    """Exchange what a vector of `told` has of left and right."""
    names = told.NAMES
    return np.array([names.index(_other(name)) for name in names]), np.ones(len(names), dtype=np.float32)


@cache
def of_state() -> Swap:
    """Mirror a state (75,)."""
    source, sign = np.arange(STATE.size), np.ones(STATE.size, dtype=np.float32)
    for part in (STATE.positions, STATE.velocities):
        joints, signs = _joints()
        source[part], sign[part] = part.start + joints, signs
    source[STATE.grippers] = source[STATE.grippers][::-1]
    sign[STATE.gravity], sign[STATE.angular_velocity] = _WAY, _TURN
    sign[STATE.odometry] = (1.0, -1.0, -1.0, 1.0)
    sign[STATE.stance], sign[STATE.footing] = (1.0, -1.0, 1.0), (1.0, -1.0, -1.0, -1.0)
    return source, sign


@cache
def of_said() -> Swap:
    """Mirror what a policy says of an action (SIZE,)."""
    source, sign = np.arange(ACTION.size), np.ones(ACTION.size, dtype=np.float32)
    joints, signs = _joints()
    source[ACTION.joints], sign[ACTION.joints] = joints, signs
    sign[ACTION.base_velocity], sign[ACTION.stance] = (1.0, -1.0, -1.0), (1.0, -1.0, 1.0)
    source[ACTION.grippers] = source[ACTION.grippers][::-1]
    place = {number: k for k, number in enumerate(spoken.SPOKEN.tolist())}
    of_action = np.array([place[number] for number in source[spoken.SPOKEN].tolist()])
    moves = np.arange(TOOLS * MOVE).reshape(TOOLS, MOVE)[::-1].ravel() + len(spoken.SPOKEN)
    move = np.array((*_WAY, *_TURN) * TOOLS, dtype=np.float32)
    return np.concatenate((of_action, moves)), np.concatenate((sign[spoken.SPOKEN], move))


def of_tools(tools: Floats) -> Floats:
    """Return poses of both tools (..., 2, 12) as they are in the mirror."""
    return tools[..., ::-1, :] * np.array((*_WAY, *_ROTATION), dtype=np.float32)


def of_places(places: Floats) -> Floats:
    """Return places (..., 4) as they are in the mirror."""
    return places * np.array((*_WAY, 1.0), dtype=np.float32)


def of_table(table: Floats) -> Floats:
    """Return a table (..., 6) as it is in the mirror."""
    return table * np.array((*_WAY, 1.0, -1.0, 1.0), dtype=np.float32)


def of_left(left: Floats) -> Floats:
    """Return what is left to go (..., 3) as it is in the mirror."""
    return left * np.array((1.0, -1.0, -1.0), dtype=np.float32)


@cache
def _joints() -> Swap:
    """Mirror a posture (28,): sides change places, roll and yaw their sign."""
    source = [JOINT_NAMES.index(_other(name)) for name in JOINT_NAMES]
    sign = [-1.0 if name.endswith(("_roll", "_yaw")) else 1.0 for name in JOINT_NAMES]
    return np.array(source), np.array(sign, dtype=np.float32)


def _other(name: str) -> str:
    """Return a name with left and right exchanged."""
    return name.replace("left", "\0").replace("right", "left").replace("\0", "right")
