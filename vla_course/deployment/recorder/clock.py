"""Two clocks that were never set by each other: what the server's shows more than the robot's, and how sure that is."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WINDOW: Final = 8
"""exchanges that are remembered, as the clock filter of RFC 5905 does (section 10)"""


@dataclass(frozen=True)
class ClockOffset:
    """How far apart two clocks are."""

    offset: float
    """s, the server's clock minus the robot's"""
    error: float
    """s, by which the offset may be wrong, to either side, however unlike both ways were"""


Estimator = Callable[[Array, int], ClockOffset]


class ServerClock:
    """Knows what the server's clock shows, from the exchanges of a robot's link.

    Both clocks are monotonic ones: a wall clock that is set in between would be taken for an offset.

    Args:
        estimator: exercise 5.9; the reference's by default.
    """

    def __init__(self, estimator: Estimator | None = None) -> None:
        self._estimator = estimator or _reference()
        self._exchanges: deque[tuple[float, float, float, float]] = deque(maxlen=WINDOW)
        self._known: ClockOffset | None = None

    def heard(self, sent: float, received: float, answered: float, returned: float) -> None:
        """Take note of an exchange: s, in turn of the robot's, the server's, the server's and the robot's clock."""
        self._exchanges.append((sent, received, answered, returned))
        try:
            self._known = self._estimator(np.array(self._exchanges), WINDOW)
        except ValueError:  # nothing in the window can be used: what was known before is not known any more
            self._known = None

    @property
    def offset(self) -> ClockOffset | None:
        """How far apart the clocks are; None where no exchange could tell."""
        return self._known

    def on_robot(self, server_time: float) -> float:
        """Return a moment of the server's clock on the robot's, s.

        Raises:
            ValueError: no exchange has told how far apart they are.
        """
        if self._known is None:
            raise ValueError(
                "the offset of the server's clock is not known, expected an exchange that can be used"
            )
        return server_time - self._known.offset


def _reference() -> Estimator:
    from vla_course.reference.day5_deployment.clocks import clock_offset

    estimator: Estimator = clock_offset
    return estimator
