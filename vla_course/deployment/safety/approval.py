"""A human in the loop: what the robot is unsure of is proposed, and silence is no consent."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from vla_course.learning.environment.action_space import BodyCommand

Verdict = Literal["waiting", "approved", "refused", "timed out"]


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """What somebody is asked about."""

    number: int
    """counts up: an answer is to this one and to no other"""
    command: BodyCommand
    """what the policy wants to do"""
    words: str
    """the same for a person: the sentence, the step of a plan"""
    since: float
    """s, on the clock, when it was asked"""


class Approval:
    """Asks one thing at a time; every answer is to a number, so that nobody approves what they have not seen.

    Silence is no consent: after `patience` s the answer is no. An approval holds for as long as it says, and for what
    was approved; all other limits of the safety layer hold as ever. Safe to use from any thread.

    Args:
        patience: s, to wait for an answer.
        holds: s, for which the approved policy may then go on without being asked again.
        clock: s, monotonic.

    Attributes:
        words: what the robot is about to do, for the next proposal; set it with every new command.

    Raises:
        ValueError: a time is not positive.

    A clock that went back, or is none, tells no time: then nobody has said yes, and nothing waits any more.
    """

    def __init__(
        self, patience: float = 10.0, holds: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        for name, value in (("patience", patience), ("holds", holds)):
            if not isinstance(value, int | float) or not value > 0.0:
                raise ValueError(f"{name} is {value!r}, expected more than 0 s")
        self.patience, self.holds, self._clock = patience, holds, clock
        self.words = ""
        self._lock = threading.Lock()
        self._numbers = 0
        self._proposal: Proposal | None = None
        self._verdict: Verdict = "waiting"
        self._edit: Callable[[BodyCommand], BodyCommand] | None = None
        self._answered, self._until = 0.0, float("-inf")

    @property
    def pending(self) -> Proposal | None:
        """What waits for an answer now; None where nothing does."""
        with self._lock:
            return self._proposal if self._state() == "waiting" else None

    @property
    def verdict(self) -> Verdict:
        """What became of the last proposal."""
        with self._lock:
            return self._state()

    def propose(self, command: BodyCommand, words: str = "") -> Proposal:
        """Ask about a command; what was asked before is taken back."""
        with self._lock:
            return self._propose(command, words or self.words)

    def approve(self, number: int) -> None:
        """Say yes. Raises ValueError: this is not what is being asked, or it is too late."""
        self._answer(number, "approved", None)

    def refuse(self, number: int) -> None:
        """Say no. Raises ValueError: this is not what is being asked, or it is too late."""
        self._answer(number, "refused", None)

    def edit(self, number: int, change: Callable[[BodyCommand], BodyCommand]) -> None:
        """Say yes to something else: while the approval holds, `change` makes of each command the one carried out.

        Raises:
            ValueError: this is not what is being asked, or it is too late; or `change` is no function.
        """
        if not callable(change):
            raise ValueError(f"change is {change!r}, expected a function of a BodyCommand")
        self._answer(number, "approved", change)

    def withdraw(self) -> None:
        """Take back the proposal, and any approval that still holds."""
        with self._lock:
            self._proposal, self._until = None, float("-inf")

    def decide(self, command: BodyCommand) -> BodyCommand | None:
        """Return what may be carried out of an unsure command: it, its edited form, or None while nobody said yes.

        Asks where nothing has been asked yet, or a yes no longer holds; a no, and silence, stay until `withdraw`.
        """
        with self._lock:
            state = self._state()
            if self._proposal is not None and state == "approved":
                if self._answered <= self._clock() < self._until:
                    return command if self._edit is None else self._edit(command)
                self._proposal = None
            if self._proposal is None:
                self._propose(command, self.words)
            return None

    def _propose(self, command: BodyCommand, words: str) -> Proposal:
        self._numbers += 1
        self._proposal = Proposal(self._numbers, command, words, self._clock())
        self._verdict, self._edit = "waiting", None
        return self._proposal

    def _state(self) -> Verdict:
        proposal = self._proposal
        if (
            proposal is not None
            and self._verdict == "waiting"
            and not 0.0 <= self._clock() - proposal.since < self.patience
        ):
            self._verdict = "timed out"
        return self._verdict

    def _answer(
        self, number: int, verdict: Verdict, edit: Callable[[BodyCommand], BodyCommand] | None
    ) -> None:
        with self._lock:
            asked = None if self._proposal is None else self._proposal.number
            state = self._state()
            if number != asked or state != "waiting":
                now = "nothing is being asked" if asked is None else f"number {asked} is {state}"
                raise ValueError(f"number is {number}, expected what is being asked now: {now}")
            self._verdict, self._edit = verdict, edit
            self._answered = self._clock()
            self._until = self._answered + self.holds
