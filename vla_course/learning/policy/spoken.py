"""The numbers of an action that a policy says, and how: joints and stance as changes from where they are now.

A chunk that is relative to the state it was predicted at is centred on zero whatever the posture, and its error does
not add up from step to step, as it would if each action told the change from the one before (Chi et al., Universal
Manipulation Interface, 2024, section III).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import STANCES
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]

ALL: Final = np.arange(ACTION.size)
SPOKEN: Final = np.concatenate(
    [ALL[part] for part in (ACTION.arms, ACTION.head, ACTION.base_velocity, ACTION.stance, ACTION.grippers)]
)
"""(24,) where the numbers that a policy says lie in an action; those of the legs are the balance stack's"""
SIZE: Final = len(SPOKEN)
_STANCES: Final = np.array(STANCES, dtype=np.float32)
_RELATIVE: Final = np.isin(SPOKEN, np.r_[ALL[ACTION.arms], ALL[ACTION.head], ALL[ACTION.stance]])


def posture(state: Floats) -> Floats:
    """Return what the robot's state (..., 71) would be as the spoken numbers (..., 24) of an action.

    Base velocity and grippers are 0: they are said as they are.
    """
    action = np.zeros((*state.shape[:-1], ACTION.size), dtype=np.float32)
    action[..., ACTION.joints] = joint_range().to_unit(state[..., STATE.positions])
    action[..., ACTION.stance] = state[..., STATE.stance] / _STANCES
    return np.where(_RELATIVE, action[..., SPOKEN], np.float32(0.0))


def spoken(actions: Floats, state: Floats) -> Floats:
    """Return the spoken numbers (..., H, 24) of a chunk of actions (..., H, 36), relative to a state (..., 71)."""
    return actions[..., SPOKEN] - posture(state)[..., None, :]


def acted(numbers: Floats, state: Floats) -> Floats:
    """Return the actions (..., H, 36) that spoken numbers (..., H, 24) mean in a state (..., 71), cut to -1 to 1."""
    actions = np.zeros((*numbers.shape[:-1], ACTION.size), dtype=np.float32)
    actions[..., SPOKEN] = np.clip(numbers + posture(state)[..., None, :], -1.0, 1.0)
    return actions
