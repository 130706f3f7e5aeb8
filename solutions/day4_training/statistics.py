"""Actions in radians, metres a second and openings, brought to one scale, and back."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.training.action_statistics import ActionStatistics

STILL = 1e-6
"""a range narrower than this is rounding, not movement"""


@exercise("4.2")
def fit_statistics(
    values: NDArray[np.float32],
    lower: float = 0.01,
    upper: float = 0.99,
    *,
    episodes: NDArray[np.int64] | None = None,
    held_out: Collection[int] = (),
) -> ActionStatistics:
    """Return the range of each number of an action over the frames that a policy may learn from.

    A wrist turns by a degree where a shoulder turns by ninety: unless each number is brought to a scale of its
    own, the loss hears the shoulder only. Quantiles, not the smallest and the largest value: one kick in ten
    thousand frames would otherwise squeeze all that the expert meant into a corner.

    Frames of held-out episodes do not count, not even for their range. What is fitted to them is not held out any
    more: the validation loss is then a little too good, and by how much nobody can say.

    Args:
        values: (N, A), a row for each frame, of all episodes.
        lower, upper: quantiles at the ends of the range, 0 <= lower < upper <= 1, linear between the two values
            beside them. Each of the A numbers has its own.
        episodes: (N,), the number of the episode that each row is from; None: nothing is held out.
        held_out: the numbers of the episodes that are kept for validation, in a list, a tuple or a set.

    Returns:
        `low` and `high` (A,) float32. Where the two quantiles are closer than `STILL`, the number hardly ever
        moves (a gripper that is open in 999 of 1000 frames): its range is 2 wide, its middle being that of the
        quantiles, so that it is normalised to about 0, moves keep their size, and nothing is divided by zero.

    Raises:
        ValueError: `values` has not two axes, no frame counts, a number of a frame that counts is not finite,
            the quantiles are not in order, or `episodes` has not a number for each row.
    """
    # BEGIN SOLUTION
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"values is {values.shape}, expected (frames, numbers)")
    if not 0.0 <= lower < upper <= 1.0:
        raise ValueError(f"lower is {lower} and upper {upper}, expected 0 <= lower < upper <= 1")
    if episodes is not None:
        if np.shape(episodes) != (len(values),):
            raise ValueError(f"episodes is {np.shape(episodes)}, expected ({len(values)},): one for each row")
        values = values[~np.isin(episodes, list(held_out))]
    if not len(values):
        raise ValueError("no frame counts: values is empty, or all its episodes are held out")
    if not np.isfinite(values).all():
        frame, number = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(f"values holds {values[frame, number]} as number {number}, expected finite numbers")
    low, high = np.quantile(values, (lower, upper), axis=0)
    middle, still = (low + high) / 2.0, high - low < STILL
    low, high = np.where(still, middle - 1.0, low), np.where(still, middle + 1.0, high)
    return ActionStatistics(low.astype(np.float32), high.astype(np.float32))
    # END SOLUTION


def normalise(values: NDArray[np.float32], statistics: ActionStatistics) -> NDArray[np.float32]:
    """Return values (..., A) with `low` at -1 and `high` at 1, float32.

    What lies beyond the range is kept, not cut: it comes out beyond -1 or 1, and `denormalise` gives it back.
    """
    low, high = _range(statistics)
    return (2.0 * (values - low) / (high - low) - 1.0).astype(np.float32)


def denormalise(values: NDArray[np.float32], statistics: ActionStatistics) -> NDArray[np.float32]:
    """Return normalised values (..., A) in their own units again, float32: what `normalise` was given."""
    low, high = _range(statistics)
    return (low + (values + 1.0) / 2.0 * (high - low)).astype(np.float32)


def _range(statistics: ActionStatistics) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """In float64, or the last digits are lost between here and there. Raises ValueError where a range is empty."""
    low, high = statistics.low.astype(np.float64), statistics.high.astype(np.float64)
    if not (high > low).all():
        number = int(np.argmin(high > low))
        raise ValueError(
            f"statistics.high is {high[number]} for number {number}, expected more than its low, {low[number]}"
        )
    return low, high
