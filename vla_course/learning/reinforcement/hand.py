"""What a correction moves: the hand is turned beside how the clone would have turned it.

Where a thing is and how the hand turns are said in the frame of the tool - x along the fingers, y across them - in
which pointing too far to one side is the same number wherever the arm is. Of the left hand both are told as the right
hand in a mirror has them: what is learnt with one hand is known to the other.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

SIZE: Final = 2
"""numbers of a correction: turns of the tool about its y and its z axis"""
MOST: Final = 0.3
"""rad, by which a correction of 1 turns the tool until the next decision"""
_DAMPING: Final = 0.05
"""m, of the least squares: near the end of its reach an arm is not asked for more than it can do"""


class HandFrame:
    """The tool of the arm on a side, in the pelvis frame; of the left one all is told as in a mirror."""

    def __init__(self, side: Side) -> None:
        self._chain, self._arm = ArmChain(side), ARMS_IN_JOINTS[side]
        self._across = 1.0 if side == "right" else -1.0
        limits = joint_range()
        self._lower = limits.lower[self._arm].astype(np.float64)
        self._width = (limits.upper - limits.lower)[self._arm].astype(np.float64)

    def then(self, place: Floats, action: Floats) -> Array:
        """Return a place (3,) m of the pelvis frame in the frame that the tool has when an action (36,) is done."""
        self._chain.move(self._joints(action))
        there: Array = self._chain.pose.rotation.T @ (place - self._chain.pose.position)
        return there * (1.0, self._across, 1.0)

    def _joints(self, action: Floats) -> Array:
        """Return where the arm's joints (7,) rad are to be."""
        joints: Array = self._lower + (action[ACTION.joints][self._arm] + 1.0) / 2.0 * self._width
        return joints

    def corrected(self, action: Floats, turn: Array) -> Floats:
        """Return an action (36,) with its tool turned by `turn` (2,) rad; 0 leaves every bit as it is.

        The tool stays where it is, as far as the arm can do both; of all ways to turn it the joints go the shortest.
        """
        self._chain.move(self._joints(action))
        twist = np.concatenate(
            (np.zeros(3), self._chain.pose.rotation @ (0.0, turn[0], self._across * turn[1]))
        )
        jacobian = self._chain.jacobian
        square = jacobian @ jacobian.T + _DAMPING**2 * np.eye(6)
        change = jacobian.T @ np.linalg.solve(square, twist)
        moved = action.copy()
        moved[ACTION.joints][self._arm] += (2.0 * change / self._width).astype(np.float32)
        return np.clip(moved, -1.0, 1.0)
