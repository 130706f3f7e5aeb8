"""The numbers that a policy says of an action, and how: as changes from what is now.

A chunk that is relative to the state it was predicted at is centred on zero whatever the posture, and its error does
not add up from step to step, as it would if each action told the change from the one before (Chi et al., Universal
Manipulation Interface, 2024, section III).

Of the arms a policy says two things: how their joints move, and how their tools move in space. The first is a posture,
learned roughly; the second is what counts, and an error in it does not grow along the arm. Inverse kinematics
(exercise 3.22) brings them together: the tool goes where it was said to go, and the arm stays as near as it can to the
posture that was said.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy.tools import MOVE, TOOLS, chains, moved, moves_to
from vla_course.motion.arms.chain import ARM_SIZE
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.simulation.robot.layout import ACTION, ARMS

Floats = NDArray[np.float32]

_ALL: Final = np.arange(ACTION.size)
SPOKEN: Final = np.concatenate(
    [_ALL[part] for part in (ACTION.arms, ACTION.head, ACTION.base_velocity, ACTION.stance, ACTION.grippers)]
)
"""(24,) where the numbers that a policy says lie in an action; those of the legs are the balance stack's"""
SIZE: Final = len(SPOKEN) + TOOLS * MOVE
"""numbers that a policy says of an action: 24 of its own, then the moves of both tools"""
CONTINUOUS: Final = np.concatenate(
    (~np.isin(SPOKEN, np.r_[_ALL[ACTION.base_velocity], _ALL[ACTION.grippers]]), np.ones(TOOLS * MOVE, dtype=np.bool_))
)
"""(SIZE,) which of them are of postures, that go on from where they are; a step and a grip begin and end at once"""
STILL: Final = 0.1
"""-, of the fastest: a base velocity that is said to be less is none. A step of 3 cm or 3 degrees is not worth making,
and a network never says 0: its robot would tread on the spot, where it is to stand"""
LEAP: Final = 0.35
"""rad, farther from the posture that was said inverse kinematics has found another one: then it is not believed"""
_RELATIVE: Final = np.isin(SPOKEN, np.r_[_ALL[ACTION.arms], _ALL[ACTION.head]])


def posture(state: Floats) -> Floats:
    """Return what the robot's state (..., 75) would be as the numbers (..., 24) of an action.

    Base velocity, stance and grippers are 0: they are said as they are.
    """
    action = np.zeros((*state.shape[:-1], ACTION.size), dtype=np.float32)
    action[..., ACTION.joints] = joint_range().to_unit(state[..., STATE.positions])
    return np.where(_RELATIVE, action[..., SPOKEN], np.float32(0.0))


def spoken(actions: Floats, tools: Floats, state: Floats, now: Floats) -> Floats:
    """Return what a policy says of a chunk.

    Args:
        actions: (..., H, 36).
        tools: (..., H, 2, 12) where their joints bring the tools, as `tools_of` has it.
        state: (..., 75) when the chunk begins.
        now: (..., 2, 12) where the tools are then.

    Returns:
        (..., H, SIZE).
    """
    numbers = actions[..., SPOKEN] - posture(state)[..., None, :]
    moves = moves_to(tools, now[..., None, :, :])
    return np.concatenate((numbers, moves.reshape(*moves.shape[:-2], TOOLS * MOVE)), axis=-1)


def acted(numbers: Floats, state: Floats, now: Floats, solver: ArmSolver | None = None) -> Floats:
    """Return the actions (H, 36) that were said, cut to -1 to 1.

    Args:
        numbers: (H, SIZE) that a policy says.
        state: (75,) when the chunk begins.
        now: (2, 12) where the tools are then.
        solver: brings joints and tools together; None: joints alone count.
    """
    actions = np.zeros((len(numbers), ACTION.size), dtype=np.float32)
    actions[:, SPOKEN] = np.clip(numbers[:, : len(SPOKEN)] + posture(state), -1.0, 1.0)
    base = actions[:, ACTION.base_velocity]
    base[np.abs(base) < STILL] = 0.0
    if solver is not None:
        joints = joint_range()
        lower, width = joints.lower[ARMS], (joints.upper - joints.lower)[ARMS]
        arms = lower + (actions[:, ACTION.arms] + 1.0) / 2.0 * width
        moves = numbers[:, len(SPOKEN) :].reshape(-1, TOOLS, MOVE)
        for row, move in zip(arms.reshape(-1, TOOLS, ARM_SIZE), moves, strict=True):
            for side, chain in enumerate(chains()):
                rest = row[side].astype(np.float64)
                answer = solver.solve(chain, moved(move[side], now[side]), rest, rest)
                if np.abs(answer.joints - rest).max() < LEAP:
                    row[side] = answer.joints
        actions[:, ACTION.arms] = np.clip(2.0 * (arms - lower) / width - 1.0, -1.0, 1.0)
    return actions
