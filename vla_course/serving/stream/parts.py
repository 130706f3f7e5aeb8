"""The pieces of a stream that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StreamParts:
    """Who lets preparing and inference overlap, and who makes one answer of whatever happens."""

    overlapped: Callable[..., AsyncIterator[Any]]
    one_answer: Callable[..., Awaitable[Any]]

    @classmethod
    def reference(cls) -> StreamParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day2_streaming_pipeline.overlap import one_answer, overlapped

        return cls(overlapped, one_answer)
