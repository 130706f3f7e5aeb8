"""The piece of the executor that is an exercise; the reference's is loaded where it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vla_course.deployment.executor.tree import GuardedSequence, Status


@dataclass(frozen=True)
class ExecutorParts:
    """Who ticks a guarded sequence."""

    tick: Callable[[GuardedSequence], Status]

    @classmethod
    def reference(cls) -> ExecutorParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day5_deployment import plans

        return cls(plans.tick_sequence)
