"""What a step does: the policy is told a sentence, and moves the robot tick by tick until it has come to an end."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from vla_course.deployment.executor.senses import Senses
from vla_course.deployment.executor.subtasks import Subtask
from vla_course.deployment.executor.tree import Status
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.motion.errands.ending import ErrandFailed

LOOKS_BACK: Final = 0.8
"""s, for which the robot looks at what it has done"""


@dataclass
class Attempt:
    """One attempt at a step, for those who want to see how a plan went.

    Attributes:
        step: the name of the step.
        plan: number of the plan that the step is of, 0 the first.
        begin, end: s, of the world.
        ended: "success", "failure" or "halted"; "running" before.
        reason: why it failed or was halted, else empty.
    """

    step: str
    plan: int
    begin: float
    end: float = 0.0
    ended: str = "running"
    reason: str = ""

    def failed(self, reason: str) -> None:
        """Take note that it was no success, and why, where it is not known yet."""
        self.ended = "failure" if self.ended == "success" else self.ended
        self.reason = self.reason or reason


class Doer:
    """A robot's policy, that does one thing at a time; what was halted comes to its end before anything else begins.

    Attributes:
        doing: what the robot is about, in the policy's words.
    """

    def __init__(self, policy: PlannedPolicy, senses: Senses) -> None:
        self.policy, self.senses = policy, senses
        self.doing = "stand"
        self._left: Iterator[str] | None = None

    def leave(self, under_way: Iterator[str], reason: str) -> None:
        """Tell the policy to end what it does: it puts down what it holds where it can, and stands."""
        self.senses.body.stop(reason)
        self._left = under_way

    def settle(self) -> Iterator[str]:
        """Let what was left come to its end."""
        left, self._left = self._left, None
        if left is not None:
            yield from left
            self.senses.body.stop("")


class Told:
    """An action: the policy is told what a subtask is, in a sentence and as what that means.

    Args:
        doer: who does it.
        task: what.
        plan: number of the plan that it is of.
        log: takes note of the attempts.

    Attributes:
        reason: why the last attempt failed; else empty.
        felt: whether in this attempt the fingers have had something between them.
        let_go: whether they were told to open afterwards.
        ended: whether an attempt came to its end, and the policy had nothing to say against it.
    """

    def __init__(self, doer: Doer, task: Subtask, plan: int, log: list[Attempt]) -> None:
        self._doer, self._task, self._plan, self._log = doer, task, plan, log
        self._deed: Iterator[str] | None = None
        self.reason, self.felt, self.let_go, self.ended, self._since = "", False, False, False, 0.0

    @property
    def under_way(self) -> bool:
        """Whether an attempt has begun and not ended."""
        return self._deed is not None

    @property
    def lasts(self) -> float:
        """For how long the attempt under way has lasted, s."""
        return self._now - self._since

    def tick(self) -> Status:
        """Let the robot do it for one tick."""
        doer = self._doer
        if self._deed is None:
            self._log.append(Attempt(self._task.name, self._plan, self._now))
            self._deed, self.reason, self._since = self._do(), "", self._now
            self.felt = self.let_go = False
        doing = next(self._deed, None)
        doer.senses.feel()
        self.felt = self.felt or doer.senses.holds
        self.let_go = self.felt and (self.let_go or not doer.senses.closed)
        if doing is not None:
            doer.doing = doing
            return Status.RUNNING
        self._deed, self.reason = None, doer.policy.refusal
        self.ended = not self.reason
        return self._note(Status.SUCCESS if self.ended else Status.FAILURE)

    def halt(self) -> None:
        """End the attempt under way."""
        if self._deed is not None:
            self._doer.leave(self._deed, "told to stop")
            self._deed = None
            self._log[-1].end, self._log[-1].ended = self._now, "halted"

    def _do(self) -> Iterator[str]:
        """Do it, and look at what has come of it."""
        doer, body, task = self._doer, self._doer.senses.body, self._task
        yield from doer.settle()
        doer.senses.taking = task.about or doer.senses.taking
        yield from doer.policy.carry_out(body.humanoid, task.part, task.sentence, task.keeps, task.only)
        doer.senses.settled()
        if task.about and not doer.policy.refusal and not doer.senses.holds:
            body.gaze.target = task.about
            with suppress(ErrandFailed):
                yield from body.stand("look back", LOOKS_BACK)

    def _note(self, status: Status) -> Status:
        last = self._log[-1]
        last.end, last.ended, last.reason = self._now, status.value, self.reason
        return status

    @property
    def _now(self) -> float:
        return self._doer.senses.body.humanoid.world.time
