"""Chunks of actions in real time: how long an answer takes, and what to play while the next one is on its way."""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("2.6")
def steps_to_wait(delays: ArrayLike, period: float, percentile: float = 95.0) -> int:
    """Return for how many actions a robot should expect to wait for its next chunk.

    It is the percentile of the delays that were measured, in whole periods, rounded up: an action that has begun is
    carried out. It is not their mean, for half of all answers would come too late; nor the worst ever seen, for the
    first call of a model, which loads and compiles, would commit the robot to too many old actions for ever. A
    thousandth of a period beyond a whole number is not rounded up: floating point knows no exact 0.1.

    Args:
        delays: (n,) s, measured of late, in any order; n is at least 1.
        period: s, of an action.
        percentile: 0 to 100, of all answers those that are to come in time, interpolated linearly between delays.

    Returns:
        A whole number of actions; 0 where an answer takes no time.

    Raises:
        ValueError: there is no delay, one is negative or not finite, or `period` is not above 0.
    """
    # BEGIN SOLUTION
    measured = np.asarray(delays, dtype=np.float64)
    if measured.size == 0:
        raise ValueError("delays is empty, expected at least one")
    wrong = measured[~((measured >= 0.0) & np.isfinite(measured))]
    if wrong.size:
        raise ValueError(f"delays holds {wrong[0]}, expected finite seconds, not negative")
    if not period > 0:
        raise ValueError(f"period is {period} s, expected above 0")
    return ceil(float(np.percentile(measured, percentile)) / period - 1e-3)
    # END SOLUTION


@exercise("2.7")
def ensemble_weights(decided: ArrayLike, m: float = 0.01) -> Array:
    """Return how much each of several predictions of the same moment counts (temporal ensembling).

        w_i = exp(-m i) / sum_j exp(-m j),    i = 0 for the prediction that was decided first

    So the oldest counts most (Zhao, Kumar, Levine and Finn 2023, "Learning fine-grained bimanual manipulation with
    low-cost hardware", algorithm 2). That sounds wrong and is not: what was decided and begun is to be carried on with,
    and the new comes in slowly; with m = 0 all count alike, with m below 0 the newest counts most.

    Args:
        decided: (n,) s, when the picture was taken that each prediction was decided on, in any order. Of two at the
            same time the one that stands first is the older.
        m: -, how fast the new comes in: the smaller, the faster.

    Returns:
        (n,), in the order of `decided`, adding up to 1; (0,) where there is none.
    """
    # BEGIN SOLUTION
    times = np.asarray(decided, dtype=np.float64)
    rank = np.empty(len(times))
    rank[np.argsort(times, kind="stable")] = np.arange(len(times))
    # exp of numbers that are 0 at most: neither weight nor sum can overflow, whatever the sign of m.
    exponent = -m * rank
    weights: Array = np.exp(exponent - exponent.max(initial=-np.inf))
    return weights / weights.sum()
    # END SOLUTION


@exercise("2.8")
def cross_fade(old: Array, new: Array, due: ArrayLike, begins: float, lasts: float) -> Array:
    """Return the actions of a robot that fades from one chunk to the next, blended by when they are due.

    From `begins` on the fraction of the new chunk rises evenly, and is 1 at `begins + lasts`. What counts is when an
    action is due, not which row of a chunk it is: the rows of two chunks that were decided at different times do not
    belong together. Both are commanded positions of the joints: chunks that are relative to the state they were decided
    on have to be made absolute first.

    Args:
        old: (n, A) what the chunk so far says for the moments `due`.
        new: (n, A) what the next one says for the same moments.
        due: (n,) s, on the robot's clock, as `begins`.
        begins: s, when the next chunk came.
        lasts: s, how long the fade takes; 0: from `begins` on the new one alone.

    Returns:
        (n, A); before `begins` the old one.

    Raises:
        ValueError: `old` and `new` are of different shapes, or `lasts` is negative.
    """
    # BEGIN SOLUTION
    if np.shape(old) != np.shape(new):
        raise ValueError(f"new has shape {np.shape(new)}, expected that of old, {np.shape(old)}")
    if lasts < 0.0:
        raise ValueError(f"lasts is {lasts}, expected 0 s or more")
    since = np.asarray(due, dtype=np.float64) - begins
    fraction = np.clip(since / lasts, 0.0, 1.0) if lasts > 0.0 else (since >= 0.0).astype(np.float64)
    return (1.0 - fraction)[:, None] * old + fraction[:, None] * new
    # END SOLUTION


@exercise("2.9")
def merge_prefix(committed: Array, chunk: Array, passed: int) -> Array:
    """Return what is left to play of a chunk that was decided with its first actions given, when it comes.

    A robot that asks for a chunk goes on meanwhile, and tells the policy what it will do until the answer comes: the
    committed prefix. The answer has to go on from there. Its first d rows stand for the same actions as the prefix,
    but a network gives them back roughly; what was committed is kept as it was, to the bit (Black et al. 2025,
    training-time action conditioning). Rows whose time has passed when the chunk comes are left out.

    Args:
        committed: (d, A), the prefix that was given to the policy.
        chunk: (H, A), what it answered; row 0 is due when it was asked.
        passed: how many rows are over by now; it may be fewer than d (a fast answer) or more (a slow one).

    Returns:
        (H - passed, A), a new array; (0, A) where all of the chunk has passed.

    Raises:
        ValueError: the prefix is longer than the chunk or its actions are of another size, or `passed` is negative.
    """
    # BEGIN SOLUTION
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:]:
        raise ValueError(
            f"committed has shape {committed.shape}, expected {chunk.shape[1:]} numbers in {len(chunk)} rows at most"
        )
    if passed < 0:
        raise ValueError(f"passed is {passed}, expected 0 or more")
    merged = np.array(chunk)
    merged[: len(committed)] = committed
    return merged[passed:]
    # END SOLUTION
