"""The range that each number of an action moves in: what normalising needs to know."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ActionStatistics:
    """Lower and upper end (A,) float32 of each number's range, in its own unit; `high` is above `low`."""

    low: NDArray[np.float32]
    high: NDArray[np.float32]
