"""Where both hands are by the arms' joints alone: a pose of each tool in the pelvis frame, as numbers a policy learns.

A pose is 12 numbers: position m, then the three columns of its rotation. A move is 6: a way m and a rotation vector
rad, both along the axes of the pelvis.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from vla_course.motion.arms.chain import ARM_SIZE, ArmChain
from vla_course.motion.arms.pose import Pose
from vla_course.simulation.robot.layout import SIDES

Floats = NDArray[np.float32]

POSE, MOVE = 12, 6
"""numbers of a pose, and of a move"""
TOOLS: Final = len(SIDES)


@cache
def chains() -> tuple[ArmChain, ...]:
    """Return both arms, left and right; whoever asks moves them."""
    return tuple(ArmChain(side) for side in SIDES)


def tools_of(arms: NDArray[np.floating]) -> Floats:
    """Return where the tools are (n, 2, 12) of arms whose joints are at (n, 14) rad."""
    found = np.empty((len(arms), TOOLS, POSE), dtype=np.float32)
    for row, joints in zip(found, np.asarray(arms, dtype=np.float64), strict=True):
        for tool, chain, arm in zip(row, chains(), joints.reshape(TOOLS, ARM_SIZE), strict=True):
            chain.move(arm)
            tool[:3], tool[3:] = chain.pose.position, chain.pose.rotation.T.ravel()
    return found


def moves_to(tools: Floats, now: Floats) -> Floats:
    """Return the moves (..., 6) that lead from poses `now` (..., 12) to `tools` (..., 12)."""
    tools, now = np.broadcast_arrays(tools, now)
    turned = _rotations(tools) @ _rotations(now).swapaxes(-1, -2)
    vectors = Rotation.from_matrix(turned.reshape(-1, 3, 3)).as_rotvec().reshape(*tools.shape[:-1], 3)
    return np.concatenate((tools[..., :3] - now[..., :3], vectors), axis=-1).astype(np.float32)


def moved(move: NDArray[np.floating], now: Floats) -> Pose:
    """Return the pose to which a move (6,) leads from a pose `now` (12,)."""
    turn = Rotation.from_rotvec(np.asarray(move[3:], dtype=np.float64)).as_matrix()
    return Pose(np.asarray(now[:3] + move[:3], dtype=np.float64), turn @ _rotations(now))


def _rotations(poses: Floats) -> NDArray[np.float64]:
    """Return the rotations (..., 3, 3) of poses (..., 12)."""
    columns = np.asarray(poses[..., 3:], dtype=np.float64)
    return columns.reshape(*poses.shape[:-1], 3, 3).swapaxes(-1, -2)
