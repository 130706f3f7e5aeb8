"""Is the new policy better, or did it only have the easier episodes?"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.evaluation.paired_result import PairedResult


@exercise("4.12")
def paired_test(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> PairedResult:
    """Return how two policies differ over the same episodes, and how easily chance would have done it (McNemar 1947).

    Both were given the same n scenes, commands and seeds. Where both succeed or both fail the scene was easy or
    hopeless, and says nothing of the difference. What speaks are the episodes in which just one of them succeeded: if
    both were equally good, each of those would fall to either side like a coin. The p-value is the exact one: the
    probability that so many coins fall at least as unevenly, to whichever side, as they did.

    Of 200 episodes, 22 gained and 8 lost are p = 0.02. The same successes, 160 before and 174 after, compared as if
    they were of 400 unrelated episodes, would be p = 0.06.

    Args:
        before: (n,) bool, whether each episode succeeded with the first policy.
        after: (n,) bool, the same episodes in the same order with the second.

    Returns:
        `gained` and `lost`: in how many episodes only the second, only the first succeeded. `difference`: the
        success rate of the second minus that of the first. `p_value`: 0 to 1; 1 where no episode speaks.

    Raises:
        ValueError: the two are not bool arrays of one shape (n,), or n is 0. (Numbers are refused: a success rate of
            0.9 an episode, cut to a bool, would be a success.)
    """
    # BEGIN SOLUTION
    before, after = np.asarray(before), np.asarray(after)
    if before.dtype != np.bool_ or after.dtype != np.bool_:
        raise ValueError(f"before and after are {before.dtype} and {after.dtype}, expected bool")
    if before.shape != after.shape or before.ndim != 1 or not before.size:
        raise ValueError(
            f"before is {before.shape} and after {after.shape}, expected one shape (n,), n at least 1"
        )
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    # Both tails, which are alike; where the coins fall evenly they overlap.
    p_value = min(1.0, 2.0 * float(bdtr(min(gained, lost), gained + lost, 0.5)))
    return PairedResult(gained, lost, (gained - lost) / len(before), p_value)
    # END SOLUTION
