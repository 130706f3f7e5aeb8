"""The last seconds on the disk, as a ring of small files: what is left of a flight whose recorder was killed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vla_course.deployment.recorder.messages import NANO, Message
from vla_course.deployment.recorder.segment import Segment

PATTERN: Final = "ring-*.mcap"


class Ring:
    """Writes messages to segment after segment and deletes those that are older than is asked for.

    Args:
        folder: where the segments go.
        keeps: s, of which messages stay at least.
        each: s, of one segment.
        limit: bytes of all segments; the oldest go first.
    """

    def __init__(self, folder: Path, keeps: float, each: float, limit: int) -> None:
        self._folder, self._keeps, self._each, self._limit = folder, keeps * NANO, each * NANO, limit
        self._done: list[Segment] = []
        self._open: Segment | None = None
        self._number = 0

    @property
    def last(self) -> int:
        """ns, when what was written last was recorded; 0 before."""
        return max((one.last for one in self._all()), default=0)

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(one.size for one in self._all())

    def write(self, messages: Sequence[Message]) -> None:
        """Put messages on the disk, as one chunk. Raises OSError: they are not there; the next call begins anew."""
        if not messages:
            return
        try:
            if self._open is None:
                self._number += 1
                self._open = Segment(self._folder / f"ring-{self._number:06d}.mcap")
            self._open.write(messages)
            self._open.flush()
        except OSError:
            self._give_up()
            raise
        if self._open.last - (self._open.first or 0) >= self._each:
            self._next()
        self._forget(messages[-1].time)

    def close(self) -> None:
        """Delete the segments: whoever comes to an end by himself leaves no ring behind."""
        if self._open is not None:
            self._open.abandon()
        for one in self._all():
            one.path.unlink(missing_ok=True)
        self._done, self._open = [], None

    def _all(self) -> list[Segment]:
        return [*self._done, *([self._open] if self._open else [])]

    def _next(self) -> None:
        done, self._open = self._open, None
        if done is not None:
            self._done.append(done)
            done.close()

    def _give_up(self) -> None:
        """Leave a segment that could not be written as it is; what is whole in it can be read."""
        done, self._open = self._open, None
        if done is not None:
            self._done.append(done)
            done.abandon()

    def _forget(self, now: int) -> None:
        while self._done and (self._done[0].last < now - self._keeps or self.size > self._limit):
            self._done.pop(0).path.unlink(missing_ok=True)
