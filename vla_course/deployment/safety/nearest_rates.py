"""The nearest rates that keep every limit: least distance programming."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FEASIBLE = 1e-9
"""-, a residual as small as that says that no rates keep all limits"""


def nearest_rates(asked: Array, least: Array, greatest: Array, rows: Array, bounds: Array) -> Array | None:
    """Return the rates nearest to those asked that keep all limits; None where no rates do.

    Minimise |u - asked| such that least <= u <= greatest and rows u >= bounds. For one row alone that is a projection
    in closed form; several rows and a box at once are a least distance problem, solved by non-negative least squares
    (Lawson and Hanson 1974, "Solving Least Squares Problems", chapter 23.4: problem LDP).

    Args:
        asked: (n,) rad/s.
        least, greatest: (n,) rad/s, the box of what each joint may do.
        rows, bounds: (m, n) and (m,), how fast each distance changes, and how fast it may.
    """
    boxed = np.clip(asked, least, greatest)
    if (rows @ boxed >= bounds).all():
        return boxed
    from scipy.optimize import nnls

    unit = np.eye(len(asked))
    sides = np.concatenate((rows, unit, -unit))
    lowest = np.concatenate((bounds, least, -greatest)) - sides @ asked
    stacked = np.vstack((sides.T, lowest))
    goal = np.zeros(len(asked) + 1)
    goal[-1] = 1.0
    dual, _ = nnls(stacked, goal)
    residual = stacked @ dual - goal
    if -residual[-1] < _FEASIBLE:
        return None
    found: Array = asked - residual[:-1] / residual[-1]
    return np.clip(found, least, greatest)
