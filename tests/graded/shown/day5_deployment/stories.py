"""What becomes of a plan, told tick by tick: what moved, what was halted, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vla_course.course.checking.beside import beside
from vla_course.deployment.executor.scripted_steps import play


@dataclass(frozen=True)
class Told:
    """What the ticks of a plan did, one entry a tick."""

    answered: list[str]
    """the status that each tick answered"""
    statuses: list[str]
    """and the one that the sequence then had"""
    reasons: list[str]
    calls: list[list[str]]
    running: list[bool]
    """whether the sequence then said that an action was under way"""

    @property
    def moved(self) -> list[list[str]]:
        """The actions that were ticked or halted, tick by tick."""
        return [[call for call in calls if call.startswith(("tick", "halt"))] for calls in self.calls]

    def count(self, call: str) -> int:
        """How often something was called."""
        return sum(calls.count(call) for calls in self.calls)

    @property
    def unguarded(self) -> list[int]:
        """The ticks in which an action was ticked whose guard had not been asked before it, in that tick."""
        return [
            number
            for number, calls in enumerate(self.calls)
            for k, call in enumerate(calls)
            if call.startswith("tick") and call.replace("tick", "guard") not in calls[:k]
        ]


def ticked(student: Any, steps: list[list[Any]], attempts: int, ticks: int) -> Told:
    """Let the student's function tick a plan of scripted steps."""
    told = beside(student, play)(student.tick_sequence, steps, attempts, ticks)
    return Told(*(list(column) for column in zip(*told, strict=True)))
