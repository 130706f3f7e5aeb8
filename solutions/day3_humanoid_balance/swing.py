"""The swing foot: off the ground, over it, and down where the next step is wanted."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("3.15")
def swing_motion(
    position: Array, velocity: Array, acceleration: Array, goal: Array, time_left: float, ahead: float
) -> tuple[Array, Array, Array]:
    """Return position (n,) m, velocity (n,) m/s and acceleration (n,) m/s^2 of the foot `ahead` s from now.

    Now the foot is at `position`, with `velocity` and `acceleration`; in `time_left` s it must lie at rest on
    `goal` (n,) m. Each axis goes there along a quintic. With d = goal - position and T = time_left:

        x(t) = position + velocity t + acceleration t^2/2 + a t^3 + b t^4 + c t^5

        a = ( 10 d - 6 velocity T - 3/2 acceleration T^2) / T^3
        b = (-15 d + 8 velocity T + 3/2 acceleration T^2) / T^4
        c = (  6 d - 3 velocity T - 1/2 acceleration T^2) / T^5

    It begins where the foot really is, so the goal may change in mid-swing. With no time left (0 or less), or
    `ahead` at its end or beyond, the foot rests on the goal; not a moment earlier.
    """
    # BEGIN SOLUTION
    T, t = time_left, ahead
    if t >= T:
        return goal, np.zeros_like(goal), np.zeros_like(goal)
    d, vT, aTT = goal - position, velocity * T, acceleration * T**2
    a = (10 * d - 6 * vT - 1.5 * aTT) / T**3
    b = (-15 * d + 8 * vT + 1.5 * aTT) / T**4
    c = (6 * d - 3 * vT - 0.5 * aTT) / T**5
    return (
        position + velocity * t + acceleration * t**2 / 2 + a * t**3 + b * t**4 + c * t**5,
        velocity + acceleration * t + 3 * a * t**2 + 4 * b * t**3 + 5 * c * t**4,
        acceleration + 6 * a * t + 12 * b * t**2 + 20 * c * t**3,
    )
    # END SOLUTION
