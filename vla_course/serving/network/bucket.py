"""A token bucket: so much on the average, so much at once."""


class Bucket:
    """Holds up to `size`, filled by `rate` a second.

    Args:
        rate: per second.
        size: at most; full in the beginning.
    """

    def __init__(self, rate: float, size: float) -> None:
        self._rate, self._size = rate, size
        self._left, self._at = size, float("-inf")

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take an amount out at a time of a monotonic clock (s); False, and nothing is taken, if there is less."""
        if now > self._at:
            self._left = min(self._size, self._left + (now - self._at) * self._rate)
            self._at = now
        if amount > self._left:
            return False
        self._left -= amount
        return True
