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
    # BEGIN SOLUTION
    if n < 1:
        raise ValueError(f"n is {n}, expected at least one episode")
    if not 0 <= successes <= n:
        raise ValueError(f"successes is {successes}, expected 0 to {n}")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}, expected more than 0 and less than 1")
    z = float(ndtri((1.0 + confidence) / 2.0))
    seen, spread = successes / n, z * z / n
    middle = (seen + spread / 2.0) / (1.0 + spread)
    half = math.sqrt(spread * (seen * (1.0 - seen) + spread / 4.0)) / (1.0 + spread)
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return low, high
    # END SOLUTION
