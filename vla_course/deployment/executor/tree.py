"""A plan as a sequence of guarded steps, ticked like a behaviour tree; the tick itself is exercise 5.8."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Status(Enum):
    """What a tick of a node answers: it is still at work, it has succeeded, or it has failed."""

    RUNNING = "running"
    SUCCESS = "success"
    FAILURE = "failure"


class Action(Protocol):
    """What a step does, a tick at a time.

    The first tick begins an attempt; after SUCCESS, FAILURE or `halt` the next one begins another.
    """

    @property
    def reason(self) -> str:
        """Why the last attempt failed, in one sentence; else empty."""

    def tick(self) -> Status:
        """Go on for one tick."""

    def halt(self) -> None:
        """End the attempt under way: it is not ticked any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of a plan.

    Attributes:
        name: of the step, for people.
        action: what is done.
        guard: what must hold while it is done: answers "" as long as it does, else what is wrong, in one sentence.
        done: whether the robot perceives that the step is done. Whoever acts may only believe it.
    """

    name: str
    action: Action
    guard: Callable[[], str]
    done: Callable[[], bool]


@dataclass(slots=True, eq=False)
class GuardedSequence:
    """The steps of a plan, one after the other, and how far they have come.

    Attributes:
        steps: in their order.
        attempts: how often each may be tried at most, 1 or more.
        at: index of the step that is due.
        tries: attempts at it that have failed.
        running: whether its action is under way, ticked at least once and not ended.
        status: of the whole: RUNNING until all steps are done, or it has failed.
        reason: why it failed, in one sentence; else empty.
    """

    steps: Sequence[Step]
    attempts: int = 2
    at: int = 0
    tries: int = 0
    running: bool = False
    status: Status = Status.RUNNING
    reason: str = ""

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts is {self.attempts}, expected 1 or more")
