"""Steps that do as a script says, and write down what a tick asks of them: a plan without a robot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vla_course.deployment.executor.tree import GuardedSequence, Status, Step

MOST: Final = 50
"""calls in one tick, after which it is clear that it will never end"""


class Stuck(Exception):
    """A tick goes on and on."""


@dataclass
class ScriptedStep:
    """A step by a script.

    Attributes:
        name: of the step.
        attempts: what its action answers, tick by tick, in each attempt: "running", "success" or "failure"; the last
            attempt is repeated for ever.
        seen: how many attempts must have ended before it is perceived to be done; -1 for never.
        shows_from: the tick from which on it is perceived to be done though its attempt is under way; -1 for none.
        wrong: what its guard says from tick `wrong_from` on, 0 the first; "" for nothing.
    """

    name: str
    attempts: Sequence[Sequence[str]]
    seen: int = 1
    wrong: str = ""
    wrong_from: int = 0
    shows_from: int = -1
    calls: list[str] = field(default_factory=list)
    tick_number: int = 0
    ended: int = 0
    _at: int = 0
    reason: str = ""

    def step(self) -> Step:
        """Return it as a step of a plan."""
        return Step(self.name, self, self._guard, self._done)

    def tick(self) -> Status:
        """Go on as the script says."""
        self._note("tick")
        script = self.attempts[min(self.ended, len(self.attempts) - 1)]
        answer, self._at = script[self._at], self._at + 1
        if answer != "running":
            self._end(f"{self.name}: attempt {self.ended + 1} failed" if answer == "failure" else "")
        return Status(answer)

    def halt(self) -> None:
        """Take note that the attempt was ended."""
        self._note("halt")
        self._end("")

    def _end(self, reason: str) -> None:
        self.ended, self._at, self.reason = self.ended + 1, 0, reason

    def _guard(self) -> str:
        self._note("guard")
        return self.wrong if self.tick_number >= self.wrong_from else ""

    def _done(self) -> bool:
        self._note("done")
        return 0 <= self.seen <= self.ended or 0 <= self.shows_from <= self.tick_number

    def _note(self, call: str) -> None:
        self.calls.append(f"{call} {self.name}")
        if len(self.calls) > MOST:
            raise Stuck


def play(
    tick: Callable[[GuardedSequence], Status],
    steps: Sequence[Sequence[Any]],
    attempts: int,
    ticks: int,
) -> list[list[Any]]:
    """Tick a plan of scripted steps, and tell what each tick did.

    Args:
        tick: the one to be tried.
        steps: the arguments of each `ScriptedStep`.
        attempts: at each step, at most.
        ticks: how many.

    Returns:
        For each tick [status that was answered, status of the sequence, its reason, calls in their order such as
        "guard a", "tick a", "halt a" and "done a", whether an action is said to be running]. A tick that never ends
        is the last one, its status "stuck".
    """
    scripted = [ScriptedStep(*step) for step in steps]
    sequence = GuardedSequence([one.step() for one in scripted], attempts)
    told: list[list[Any]] = []
    for number in range(ticks):
        calls: list[str] = []
        for one in scripted:
            one.tick_number, one.calls = number, calls
        try:
            answer = tick(sequence)
        except Stuck:
            return [*told, ["stuck", "stuck", "", calls, False]]
        said = answer.value if isinstance(answer, Status) else repr(answer)
        told.append([said, sequence.status.value, sequence.reason, calls, sequence.running])
    return told
