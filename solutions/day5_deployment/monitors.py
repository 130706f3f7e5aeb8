"""Is the world still the one that the policy knows? Small signs add up, and strangeness has a measure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("5.3")
def cusum_threshold(episodes: Sequence[ArrayLike], slack: float, rate: float) -> float:
    """Return from where on a CUSUM is an alarm, so that at most so many undisturbed episodes raise a false one.

    A CUSUM (Page 1954) adds up scores z, decision by decision: S is what it was, and z, less `slack`; where that is
    below 0 it is 0. It begins every episode at 0, and S *above* the threshold is an alarm. Only scores that are too
    high count: a camera cannot be less moved than not at all.

    How high may S rise where nothing is wrong? Ask undisturbed episodes that nothing was fitted to, and of each only
    how high S rose at most: decisions a tenth of a second apart are almost the same decision, whole episodes are
    experiments of their own. A new episode is as likely to take any place among them: of n held-out episodes and the
    new one together, each is the highest in one case of n + 1, among the highest two in two of n + 1, and so on. The
    threshold is the lowest of the n maxima that a new episode's maximum exceeds in at most a fraction `rate` of cases.

    Args:
        episodes: n, of each its scores (m,), in standard deviations from the usual; m may differ.
        slack: k, by how much a score must be beyond the usual to count, 0 or more.
        rate: of undisturbed episodes, above 0 and below 1, meant as it is written: 0.29 of a hundred cases are 29.

    Returns:
        The threshold, one of the n maxima.

    Raises:
        ValueError: n episodes cannot promise so small a rate (none can promise less than 1 / (n + 1)); an episode has
            no score, or one that is not finite; `slack` or `rate` is out of its range.
    """
    # BEGIN SOLUTION
    if not 0.0 < rate < 1.0:
        raise ValueError(f"rate is {rate}, expected more than 0 and less than 1")
    if not slack >= 0.0:
        raise ValueError(f"slack is {slack}, expected 0 or more")
    maxima = []
    for number, scores in enumerate(episodes):
        values = np.asarray(scores, dtype=np.float64)
        if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
            raise ValueError(f"episode {number} is {values}, expected scores (m,), finite, at least one")
        total = highest = 0.0
        for score in values.tolist():
            total = max(0.0, total + score - slack)
            highest = max(highest, total)
        maxima.append(highest)
    # 1e-9: 0.29 * 100 is 28.999999999999996, and 29 cases of a hundred are meant.
    beyond = min(int(rate * (len(maxima) + 1) + 1e-9), len(maxima))
    if beyond < 1:
        raise ValueError(
            f"rate is {rate}, expected at least 1 / {len(maxima) + 1}, which {len(maxima)} episodes can promise"
        )
    return sorted(maxima)[-beyond]
    # END SOLUTION


@exercise("5.4")
def mahalanobis(features: ArrayLike, known: ArrayLike, shrinkage: float = 0.1) -> Array:
    """Return how far features are from those that are known, in standard deviations along the way (Mahalanobis 1936).

    Ten centimetres are nothing for a hand that moves by a metre, and a lot for a camera that is bolted down. So the
    difference d from the mean of what is known is measured by the covariance C of what is known,

        distance = sqrt(d^T C^-1 d),

    which also hears what numbers do together: a knee that bends while its hip does not.

    A covariance of many numbers from few examples is almost flat along some directions, or wholly: whatever differs a
    little there is infinitely strange. So it is shrunk towards a round one of the same size (Ledoit and Wolf 2004):

        C = (1 - shrinkage) S + shrinkage m I,

    S the sample covariance (the sum of squares over n - 1, as `np.cov` has it), m the mean of its p variances, and I
    the identity.

    Args:
        features: (q, p), to be judged, in any number; the answer for one does not depend on the others.
        known: (n, p), n at least 2, of what is usual.
        shrinkage: above 0, which leaves no direction flat, to 1, which leaves only the size.

    Returns:
        (q,) distances, 0 at the mean of what is known.

    Raises:
        ValueError: the shapes do not go together, n is below 2, a number is not finite, the known features are all
            the same (number by number: the mean of three 0.1 is not 0.1), or `shrinkage` is out of its range.
    """
    # BEGIN SOLUTION
    rows, usual = np.asarray(features, dtype=np.float64), np.asarray(known, dtype=np.float64)
    if rows.ndim != 2 or usual.ndim != 2 or rows.shape[1] != usual.shape[1]:
        raise ValueError(f"features are {rows.shape} and known {usual.shape}, expected (q, p) and (n, p)")
    if not (np.isfinite(rows).all() and np.isfinite(usual).all()):
        raise ValueError("features or known hold a number that is not finite, expected finite ones")
    if not 0.0 < shrinkage <= 1.0:
        raise ValueError(f"shrinkage is {shrinkage}, expected more than 0 and at most 1")
    if (usual == usual[:1]).all():
        raise ValueError(f"known are all the same, {len(usual)} of them, expected at least two that differ")
    middle = usual.mean(axis=0)
    spread = usual - middle
    sample = spread.T @ spread / (len(usual) - 1)
    size = np.trace(sample) / len(sample)
    covariance = (1.0 - shrinkage) * sample + shrinkage * size * np.eye(len(sample))
    away = rows - middle
    squared: Array = (away * np.linalg.solve(covariance, away.T).T).sum(axis=1)
    return np.sqrt(squared)
    # END SOLUTION
