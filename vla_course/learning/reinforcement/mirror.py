"""The robot in a mirror: what the left hand is to do becomes a task of the right one, and one skill serves both.

Left and right of the body are alike. Seen in a mirror the arms and legs change places, what rolls or yaws turns the
other way, and what pitches stays as it is (`simulation.robot.layout`).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.simulation.robot.layout import (
    ACTION,
    HEAD,
    JOINT_NAMES,
    LEFT_ARM,
    LEFT_LEG,
    RIGHT_ARM,
    RIGHT_LEG,
)

Floats = NDArray[np.float32]

_ALL: Final = np.arange(len(JOINT_NAMES))
_OTHERS: Final = np.concatenate([_ALL[part] for part in (RIGHT_LEG, LEFT_LEG, RIGHT_ARM, LEFT_ARM, HEAD)])
_TURNS: Final = np.array(
    [1.0 if name.endswith(("pitch", "knee", "elbow")) else -1.0 for name in JOINT_NAMES], dtype=np.float32
)


def _signs(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float32)


def mirrored_state(state: Floats) -> Floats:
    """Return a state vector (..., 71) as it looks in the mirror."""
    seen = state.copy()
    for joints in (STATE.positions, STATE.velocities):
        seen[..., joints] = _TURNS * state[..., joints][..., _OTHERS]
    seen[..., STATE.grippers] = state[..., STATE.grippers][..., ::-1]
    seen[..., STATE.gravity] *= _signs(1.0, -1.0, 1.0)
    seen[..., STATE.angular_velocity] *= _signs(-1.0, 1.0, -1.0)
    seen[..., STATE.odometry] *= _signs(1.0, -1.0, -1.0, 1.0)
    seen[..., STATE.stance] *= _signs(1.0, -1.0, 1.0)
    return seen


def mirrored_action(action: Floats) -> Floats:
    """Return an action (..., 36) as it looks in the mirror: the joints' limits are mirrored, too."""
    seen = action.copy()
    seen[..., ACTION.joints] = _TURNS * action[..., ACTION.joints][..., _OTHERS]
    seen[..., ACTION.base_velocity] *= _signs(1.0, -1.0, -1.0)
    seen[..., ACTION.stance] *= _signs(1.0, -1.0, 1.0)
    seen[..., ACTION.grippers] = action[..., ACTION.grippers][..., ::-1]
    return seen


def mirrored_place(place: Floats) -> Floats:
    """Return a place (..., 3) m in the pelvis frame as it looks in the mirror."""
    return place * _signs(1.0, -1.0, 1.0)
