"""A queue in which the newest frame wins: a robot acts on what is, not on what was."""

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class NewestQueue(Generic[Item]):
    """Holds a few items between two threads; where it is full, the oldest makes room.

    Args:
        capacity: items that it holds at most, 1 or more.

    Attributes:
        dropped: how many had to make room so far.

    Raises:
        ValueError: `capacity` is below 1.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}, expected at least 1")
        self._items: deque[Item] = deque()
        self._capacity = capacity
        self._changed = threading.Condition()
        self._closed = False
        self.dropped = 0

    def put(self, item: Item) -> Item | None:
        """Put an item in, at once, whatever is in there; wake one who waits for it.

        Returns:
            What had to make room for it - the oldest, never the item itself - so that whoever sent it can be told;
            None where there was room.

        Raises:
            RuntimeError: the queue is closed.
        """
        with self._changed:
            if self._closed:
                raise RuntimeError("the queue is closed, expected it open")
            oldest = self._items.popleft() if len(self._items) == self._capacity else None
            self.dropped += oldest is not None
            self._items.append(item)
            self._changed.notify()
            return oldest

    def get(self, timeout: float | None = None) -> Item | None:
        """Return the item that was put in first of those that are there; wait for one.

        Args:
            timeout: s, for which to wait at most; None: until there is one, or the queue is closed.

        Returns:
            None where none came in time, or the queue is closed and empty.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed, timeout)
            return self._items.popleft() if self._items else None

    def close(self) -> list[Item]:
        """Take no more and let nobody wait any longer; return what was still in there, the oldest first."""
        with self._changed:
            self._closed = True
            left = list(self._items)
            self._items.clear()
            self._changed.notify_all()
            return left
