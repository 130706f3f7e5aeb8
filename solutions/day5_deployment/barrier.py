"""How fast a joint may go so near its stop: a barrier that is no wall, and brakes that are counted on."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("5.1")
def clip_rates(
    rates: ArrayLike,
    positions: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    fastest: ArrayLike,
    deceleration: float,
    gain: float,
    period: float,
) -> Array:
    """Return the joint speeds nearest to those that were asked for which every joint can keep and still stop in time.

    A joint goes at one speed u for a whole `period`, and is asked again then. Room is what is between it and the stop
    towards which it goes, the upper one for u > 0, the lower one for u < 0. Three bounds hold, the tightest counts:

    - the motor: |u| is at most `fastest`
    - the barrier: in a second at most `gain` times the room is used up (Ames et al. 2019, "Control barrier
      functions", with h the room)
    - the brakes: after this period the joint brakes evenly with `deceleration`, and comes to rest before the stop, or
      just at it. That distance comes *after* what the period itself covers.

    A joint that is beyond a stop, by however little, comes back: at gain times as far as it is beyond, or quicker where
    that is asked, and never faster than `fastest`. A speed that keeps all bounds is returned as it was asked.

    Args:
        rates: (n,) rad/s, what is asked; positive goes to the upper stop.
        positions: (n,) rad, where the joints are now.
        lower, upper: (n,) rad, the stops.
        fastest: (n,) rad/s, or one number for all, positive.
        deceleration: rad/s^2, positive.
        gain: 1/s, positive.
        period: s, positive.

    Returns:
        (n,) rad/s, a new array.
    """
    # BEGIN SOLUTION
    rates, positions = np.asarray(rates, dtype=np.float64), np.asarray(positions, dtype=np.float64)

    def greatest(room: Array) -> Array:
        lost = deceleration * period
        stops = np.sqrt(lost**2 + 2.0 * deceleration * np.abs(room)) - lost
        # Beyond a stop there is no room to brake in: there gain * room is the lesser one, and leads back.
        return np.clip(np.minimum(gain * room, stops), -np.asarray(fastest), fastest)

    return np.clip(rates, -greatest(positions - lower), greatest(np.asarray(upper) - positions))
    # END SOLUTION
