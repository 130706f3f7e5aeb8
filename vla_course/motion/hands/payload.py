"""How heavy is what the hand holds? What the arm sags by tells."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RATE = 3000.0
"""N/(m s), how fast the belief in a load grows with the sag of the hand; a stiffness of 400 N/m makes it 0.13 s"""
LARGEST = 30.0
"""N, nothing heavier is believed"""
FORGET = 6.0
"""1/s, how fast an empty hand forgets"""


class PayloadEstimate:
    """Integral action with a meaning: the force (3,) N on the hand that explains why it hangs too low.

    Attributes:
        force: (3,) N, world frame.
    """

    def __init__(self) -> None:
        self.force = np.zeros(3)

    @property
    def mass(self) -> float:
        """kg, of what hangs on the hand, as far as known."""
        return max(0.0, -float(self.force[2]) / 9.81)

    def observe(self, sag: Array, carries: bool, dt: float) -> None:
        """Learn from `sag` (3,) m, the way from where the hand is to where it was sent, over `dt` s."""
        if carries:
            self.force[2] = min(0.0, max(-LARGEST, self.force[2] - RATE * sag[2] * dt))
        else:
            self.force *= 1.0 - FORGET * dt
            if abs(self.force[2]) < 0.05:
                self.force[2] = 0.0
