"""A steady beat: no faster than asked, and what was missed is not made up for in a burst."""

from __future__ import annotations

from math import floor, isfinite


class Pacer:
    """Says when the next slot of a beat is.

    Args:
        rate: Hz.

    Raises:
        ValueError: `rate` is not above 0, or not finite.
    """

    def __init__(self, rate: float) -> None:
        if not (rate > 0.0 and isfinite(rate) and isfinite(1.0 / rate)):
            raise ValueError(f"rate is {rate}, expected a finite number of Hz, more than 0")
        self._period = 1.0 / rate
        self._next: float | None = None

    def wait(self, now: float) -> float:
        """Return for how many s to wait until the next slot, and take it.

        Slots lie a whole number of periods apart, whatever is done in between: a late one does not move those after it,
        and those that have gone by are skipped. Nobody waits for longer than a period: with a clock that went back a
        new beat begins.

        Args:
            now: s, monotonic.
        """
        if self._next is None or self._next - now > self._period * (1.0 + 1e-9):
            self._next = now
        behind = floor((now - self._next) / self._period + 1e-9)
        slot = self._next + max(behind, 0) * self._period
        self._next = slot + self._period
        return max(slot - now, 0.0)
