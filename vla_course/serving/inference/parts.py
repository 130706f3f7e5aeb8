"""The pieces of inference that are exercises; the reference's are loaded where they are used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Newest(Protocol):
    """A bounded queue in which the newest item wins."""

    dropped: int

    def put(self, item: Any) -> Any: ...

    def get(self, timeout: float | None = None) -> Any: ...

    def close(self) -> list[Any]: ...


@dataclass(frozen=True)
class InferenceParts:
    """Who holds frames, says where time goes, which models have to go, and what is done instead."""

    queue: Callable[[int], Newest]
    latency: Callable[[Sequence[Mapping[str, float]]], dict[str, list[float]]]
    evict: Callable[[Mapping[str, int], Mapping[str, float], int, int, Collection[str]], list[str]]
    fallback: Callable[[str, float, float, float, bool], str]

    @classmethod
    def reference(cls) -> InferenceParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day2_streaming_pipeline.fallback import choose_fallback
        from vla_course.reference.day2_streaming_pipeline.latency import latency_by_stage
        from vla_course.reference.day2_streaming_pipeline.memory import models_to_evict
        from vla_course.reference.day2_streaming_pipeline.queues import NewestQueue

        return cls(NewestQueue, latency_by_stage, models_to_evict, choose_fallback)
