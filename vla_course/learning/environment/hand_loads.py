"""What hangs on the hands of a robot that is commanded from outside: felt by what the arms sag by, and carried."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ARMS_IN_UPPER, ArmChain
from vla_course.motion.hands.payload import PayloadEstimate
from vla_course.motion.standing.body import StandingBody
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

BLOCKED: Final = 0.05
"""-, of the opening: fingers that are farther open than they were told to be, by that much, hold something"""
AT_REST: Final = 0.2
"""1/s: fingers that are faster are still closing"""


class HandLoads:
    """Lets the servo of a body carry what its hands hold.

    No plan says when a hand carries: fingers that were told to close, and came to rest before they met, do.

    Attributes:
        estimates: of the left and of the right hand's load.
    """

    def __init__(self, humanoid: Humanoid, body: StandingBody) -> None:
        self._humanoid, self._body = humanoid, body
        self.estimates = PayloadEstimate(), PayloadEstimate()
        self._chains = [(ArmChain(side), ArmChain(side)) for side in ARMS_IN_UPPER]
        self._openings = body.state.gripper_openings.copy()

    def tick(self) -> None:
        """Learn from where the arms were sent and where they are, as the body was sensed last."""
        body = self._body
        openings = body.state.gripper_openings
        slow = np.abs(openings - self._openings) < AT_REST * body.tick
        holds = slow & (openings - self._humanoid.gripper_goals > BLOCKED)
        self._openings = openings.copy()
        for hand, estimate in enumerate(self.estimates):
            sag = self._sag(hand) if holds[hand] else np.zeros(3)
            estimate.observe(sag, bool(holds[hand]), body.tick)
            body.hand_forces[hand] = estimate.force

    def _sag(self, hand: int) -> Array:
        """Return the way (3,) m, world axes, from where a tool is to where it was sent."""
        body, (sent, real) = self._body, self._chains[hand]
        sent.move(body.upper_posture[ARMS_IN_UPPER[sent.side]])
        real.move(body.state.joint_positions[ARMS_IN_JOINTS[real.side]])
        way: Array = rotation_matrix(body.state.base_orientation) @ (sent.pose.position - real.pose.position)
        return way
