"""What ten episodes prove: the range of success rates that they leave possible."""

import math

from scipy.special import ndtri

from vla_course.course.exercise import NotAttempted, exercise


@exercise("4.11")
def success_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the lowest and the highest success rate that so many successes leave possible (Wilson 1927).

    Nine of ten episodes went well: is this a robot of 90 %? One of 60 % does as well once in twenty. A rate is
    possible if what was seen lies within z standard deviations of what it promises, the deviation being that of
    *this* rate, sqrt(rate (1 - rate) / n), and z the quantile of the normal distribution that leaves half of
    1 - `confidence` on either side. The interval's ends are the two rates for which it just does.

    (With the deviation of the rate that was seen - the first formula that comes to mind - ten of ten episodes would
    prove a robot that never fails: a deviation of 0, an interval without width.)

    Args:
        successes: how many episodes succeeded, 0 to n.
        n: how many there were, at least 1.
        confidence: above 0 and below 1.

    Returns:
        Both ends, numbers from 0 to 1; exactly 0 below where nothing succeeded, exactly 1 above where all did.

    Raises:
        ValueError: an argument is out of its range.
    """
    raise NotAttempted("4.11")
