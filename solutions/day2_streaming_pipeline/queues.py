"""A queue in which the newest frame wins: a robot acts on what is, not on what was."""

import threading
from collections import deque
from typing import Generic, TypeVar

from vla_course.course.exercise import NotAttempted, exercise

Item = TypeVar("Item")


class NewestQueue(Generic[Item]):
    """Holds a few items between two threads; where it is full, the oldest makes room.

    Args:
        capacity: items that it holds at most, 1 or more.
        changed: guards all that is in here, and whoever waits for an item waits for it; None: a new one.

    Attributes:
        dropped: how many had to make room so far.

    Raises:
        ValueError: `capacity` is below 1, or no whole number.
    """

    def __init__(self, capacity: int, changed: threading.Condition | None = None) -> None:
        if type(capacity) is not int or capacity < 1:
            raise ValueError(f"capacity is {capacity}, expected a whole number, at least 1")
        self._items: deque[Item] = deque()
        self._capacity = capacity
        self._changed = changed or threading.Condition()
        self._closed = False
        self.dropped = 0

    @exercise("2.2")
    def put(self, item: Item) -> Item | None:
        """Put an item in, at once, whatever is in there; wake one who waits for it.

        Where the queue is full, the item that has been in there longest makes room: a robot that acts on the oldest of
        three frames acts on the world of a tenth of a second ago. Nobody waits for room, for that would be the
        camera. What is in there is looked at and changed while `_changed` is held, for others take items meanwhile;
        each item that had to make room is counted in `dropped`.

        Args:
            item: anything but None.

        Returns:
            What had to make room for it - the oldest, never the item itself - so that whoever sent it can be told;
            None where there was room.

        Raises:
            RuntimeError: the queue is closed.
        """
        # BEGIN SOLUTION
        with self._changed:
            if self._closed:
                raise RuntimeError("the queue is closed, expected it open")
            oldest = self._items.popleft() if len(self._items) == self._capacity else None
            self.dropped += oldest is not None
            self._items.append(item)
            self._changed.notify()
            return oldest
        # END SOLUTION

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
