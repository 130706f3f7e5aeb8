"""The newest messages, within bounds of time and of bytes."""

from collections import deque
from collections.abc import Iterator
from typing import Final

from vla_course.deployment.recorder.messages import NANO, Message

OVERHEAD: Final = 250
"""bytes that a message takes beside its data, about: a tuple, a number, a place in a row"""


class Memory:
    """Keeps the messages of the last `seconds`, as long as they take no more than `limit` bytes; the oldest go first.

    Attributes:
        size: bytes that it takes, `OVERHEAD` counted.
        dropped: messages that had to go because of `limit`, before their time.
    """

    def __init__(self, seconds: float, limit: int) -> None:
        self._span = seconds * NANO
        self._limit = limit
        self._kept: deque[Message] = deque()
        self.size = 0
        self.dropped = 0

    def add(self, message: Message) -> None:
        """Take a message, and let go of what is too old or too much."""
        self._kept.append(message)
        self.size += len(message.data) + OVERHEAD
        while self._kept[0].time < message.time - self._span:
            self._drop()
        while self.size > self._limit:
            self._drop()
            self.dropped += 1

    def take(self) -> list[Message]:
        """Return all of it and keep nothing."""
        taken = list(self._kept)
        self._kept.clear()
        self.size = 0
        return taken

    def _drop(self) -> None:
        self.size -= len(self._kept.popleft().data) + OVERHEAD

    def __iter__(self) -> Iterator[Message]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
