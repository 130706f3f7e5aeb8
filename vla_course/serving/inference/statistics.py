"""How a stream has been doing of late: rate, percentiles of latency, drops, misses; in memory that does not grow."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from vla_course.serving.inference.parts import InferenceParts

LAST: Final = 900
"""packets that percentiles are taken over: half a minute at 30 Hz"""


@dataclass(frozen=True)
class Report:
    """What was counted.

    Attributes:
        count: of packets since the beginning, by code.
        missed: packets of these that came after their deadline.
        rate: Hz, of answers over the packets that are remembered; 0 before there are two.
        latency: of each stage, and as "total", its 50th, 95th and 99th percentile in s over those packets.
    """

    count: Mapping[str, int]
    missed: int
    rate: float
    latency: Mapping[str, list[float]]

    @property
    def answered(self) -> int:
        """Packets since the beginning."""
        return sum(self.count.values())


class RollingStatistics:
    """Counts packets; safe to use from several threads.

    Args:
        last: packets that percentiles and rate are taken over.
        clock: s, monotonic.
        parts: who takes percentiles, by default the reference.

    Raises:
        ValueError: `last` is below 2.
    """

    def __init__(
        self,
        last: int = LAST,
        clock: Callable[[], float] = time.monotonic,
        parts: InferenceParts | None = None,
    ) -> None:
        if last < 2:
            raise ValueError(f"last is {last}, expected at least 2")
        self._clock, self._parts = clock, parts or InferenceParts.reference()
        self._lock = threading.Lock()
        self._stages: deque[dict[str, float]] = deque(maxlen=last)
        self._at: deque[float] = deque(maxlen=last)
        self._count: Counter[str] = Counter()
        self._missed = 0

    def add(self, code: str, stages: Mapping[str, float], missed: bool = False) -> None:
        """Count a packet.

        Args:
            code: how it was answered.
            stages: s, of each that it went through.
            missed: whether its answer came after its deadline.
        """
        with self._lock:
            self._count[code] += 1
            self._missed += missed
            self._stages.append(dict(stages))
            self._at.append(self._clock())

    def report(self) -> Report:
        """Return what was counted by now."""
        with self._lock:
            count, missed = dict(self._count), self._missed
            stages, at = list(self._stages), list(self._at)
        lasted = at[-1] - at[0] if at else 0.0
        rate = (len(at) - 1) / lasted if lasted > 0.0 else 0.0
        return Report(count, missed, rate, self._parts.latency(stages))
