"""What pushes the robot: the force that explains how its centre of mass moves beyond weight and ground.

Newton says it at once, push = m c'' - (ground + weight), but c'' has to come from a measured velocity, and whoever
divides the noise of one reading by a tick of 4 ms feels blows: 1 cm/s makes 170 N. So the push is *observed*: a
model predicts the velocity from the forces that are known, and what the measurement differs from it corrects, a
little at each tick, the velocity and the push that is believed in.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class PushObserver:
    """Estimates the velocity of the centre of mass, and the push on it, from measured velocity and known force.

    Along each axis, with the velocity v, the push d over the mass, a tick dt and the known acceleration a:

        v- = v + (a + d) dt,    r = measured - v-
        v  = v- + (1 - p^2) r,    d = d + (1 - p)^2 r / dt

    Both errors die out with p^k: a critically damped alpha-beta (or g-h) filter (Brookner 1998, "Tracking and Kalman
    Filtering Made Easy", chapter 1; the filter of Benedict and Bordner 1962 has other gains). With p = 0 it believes
    the measurement and nothing else, and d is Newton's difference above.

    Args:
        mass: kg.
        tick: s, between two measurements.
        memory: s, in which an error shrinks to 1/e; 0 for none.
    """

    def __init__(self, mass: float, tick: float, memory: float) -> None:
        p = exp(-tick / memory) if memory > 0.0 else 0.0
        self._velocity_gain, self._push_gain = 1.0 - p * p, (1.0 - p) ** 2
        self._mass, self._tick = mass, tick
        self.velocity: Array | None = None
        self.push: Array = np.zeros(3)
        """(3,) N"""

    def observe(self, measured: Array, known_force: Array | None) -> Array:
        """Take in a measured velocity (3,) m/s, a tick after the last; return the velocity believed in.

        `known_force` (3,) N is the mean of ground, weight and hands over that tick; None before there was any.
        """
        if self.velocity is None or known_force is None:
            self.velocity = measured
            return measured
        expected = self.velocity + (known_force + self.push) * (self._tick / self._mass)
        missed = measured - expected
        self.velocity = expected + self._velocity_gain * missed
        self.push = self.push + self._push_gain * self._mass / self._tick * missed
        return self.velocity
