"""`VLAPlanExecutor`: long goals and commands, as plans of guarded steps that end by what the robot perceives.

executor = VLAPlanExecutor(policy, grounder)
for doing in executor.perform(humanoid, "serve a drink to the person"):
    ...
print(executor.pursuit.outcome, executor.pursuit.reason)
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.executor.deeds import Attempt, Doer, Told
from vla_course.deployment.executor.guards import InTime, StandsFree, StaysInHand, all_of
from vla_course.deployment.executor.parts import ExecutorParts
from vla_course.deployment.executor.senses import Senses
from vla_course.deployment.executor.subtasks import (
    LASTING,
    LASTS,
    CannotPlan,
    Subtask,
    heard,
    is_for_somebody,
    named,
    subtasks,
)
from vla_course.deployment.executor.tree import GuardedSequence, Status, Step
from vla_course.learning.planned.finding import Grounder
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.motion.errands.ending import HELPLESS, ErrandFailed
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.tasks import SECONDS
from vla_course.simulation.tasks.understanding import UnknownCommand

PLANS: Final = 5
"""for one goal, at most: a world that changes more often than that is left alone"""
STANDS: Final = 1.0
"""s, for which it stands where it will not go on"""
LONG: Final = 60.0
"""s, that a subtask has at least: there may be a way to go"""
Outcome = Literal["", "done", "given up", "refused", "interrupted"]


@dataclass
class Pursuit:
    """How one goal was pursued.

    Attributes:
        sentence: what the robot was told.
        begin, end: s, of the world.
        outcome: "done": seen, or felt, to be so; "given up"; "refused": nothing was begun; "interrupted" by another
            command; "" as long as it is under way.
        reason: why it is not done, in one sentence; else empty.
        plans: when each plan was made, s, why, and the names of its steps; why is empty for the first.
        attempts: at steps, in the order of time.
    """

    sentence: str
    begin: float
    end: float = 0.0
    outcome: Outcome = ""
    reason: str = ""
    plans: list[tuple[float, str, tuple[str, ...]]] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def ends(self, outcome: Outcome, reason: str = "") -> None:
        """Take note of how it ends."""
        self.outcome, self.reason = outcome, reason


class VLAPlanExecutor:
    """Pursues goals with a policy that is told one sentence at a time.

    It sees by the policy's cameras and feels with the robot's own fingers and joints; nothing else tells it that
    something is done. However a goal ends the robot stands, unless it fell, and what was not perceived is not done.

    Args:
        policy: who moves the robot.
        grounder: finds in pictures what a name means.
        parts: the student's tick, by default the reference's.
        attempts: at each step of a plan, at most.

    Attributes:
        pursuits: how each goal went that it was told; the last one may be under way.
    """

    def __init__(
        self,
        policy: PlannedPolicy,
        grounder: Grounder,
        parts: ExecutorParts | None = None,
        attempts: int = 2,
    ) -> None:
        self._policy, self._grounder, self._attempts = policy, grounder, attempts
        self._tick = (parts or ExecutorParts.reference()).tick
        self._doer: Doer | None = None
        self._next = ""
        self.pursuits: list[Pursuit] = []

    @property
    def pursuit(self) -> Pursuit:
        """The last goal, and how it went. Raises ValueError: it was told none yet."""
        if not self.pursuits:
            raise ValueError("pursuits is empty, expected a goal: `perform` pursues one")
        return self.pursuits[-1]

    @property
    def refusal(self) -> str:
        """Why the last goal is not done; empty where it is."""
        return self.pursuits[-1].reason if self.pursuits else ""

    @property
    def sure(self) -> float:
        """How sure the policy was of the last sentence that it was told, 0 to 1."""
        return self._policy.sure

    @property
    def doing(self) -> str:
        """What the robot is about, in its policy's words."""
        return "stand" if self._doer is None else self._doer.doing

    @property
    def aims_at(self) -> NDArray[np.float64] | None:
        """Where the thing that the hands are about was last seen, (3,) m, world; None where they are about none."""
        if self._doer is None or not self.pursuit.attempts or self.pursuit.attempts[-1].ended != "running":
            return None
        thing = self._doer.senses.thing(self._doer.senses.taking)
        return None if thing is None else thing.position

    def tell(self, sentence: str) -> str:
        """Tell it something else in the middle of a task, and return its answer; `perform` then goes on with that.

        What it does not understand changes nothing. Else it stops where that is safe, and puts down what it holds, or
        keeps it where there is no place within reach.
        """
        try:
            heard(sentence)
        except UnknownCommand as why:
            return str(why)
        self._next = sentence
        return f"I stop, and then: {sentence}"

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Pursue a goal, and whatever it is told meanwhile. Yields after every tick what the robot is about."""
        self._next = sentence
        while self._next:
            pursuit, self._next = Pursuit(self._next, humanoid.world.time), ""
            self.pursuits.append(pursuit)
            yield from self._pursue(humanoid, pursuit)
            pursuit.end = humanoid.world.time

    # ---- one goal --------------------------------------------------------------------------------

    def _pursue(self, humanoid: Humanoid, pursuit: Pursuit) -> Iterator[str]:
        """Pursue one goal; however it ends, the robot stands."""
        body = self._policy.body_of(humanoid)
        if self._doer is None or self._doer.senses.body is not body:
            self._doer = Doer(self._policy, Senses(body, self._grounder))
        try:
            yield from self._until_done(heard(pursuit.sentence), self._doer, pursuit)
        except (UnknownCommand, CannotPlan) as why:
            pursuit.ends("given up" if pursuit.plans else "refused", str(why))
        if pursuit.outcome in ("given up", "refused"):
            with suppress(ErrandFailed):
                yield from body.stand("stand still", STANDS)

    def _until_done(self, goal: Instruction, doer: Doer, pursuit: Pursuit) -> Iterator[str]:
        """Look, plan, and carry out, until nothing is left to be done. Raises CannotPlan: nothing can be."""
        senses, body, trouble, stuck = doer.senses, doer.senses.body, "", ""
        yield from doer.settle()
        senses.begin()
        while True:
            yield from senses.survey(is_for_somebody(goal))
            if body.ending in HELPLESS:
                return pursuit.ends("given up", body.reason)
            seen = senses.scene()
            goal = goal if pursuit.plans else named(goal, seen)
            plan = subtasks(goal, seen, stuck)
            if not plan:
                return pursuit.ends("done")
            if len(pursuit.plans) == PLANS:
                return pursuit.ends("given up", f"{PLANS} plans have not led there: {trouble}")
            pursuit.plans.append((body.humanoid.world.time, trouble, tuple(task.name for task in plan)))
            sequence = GuardedSequence([self._step(task, doer, pursuit) for task in plan], self._attempts)
            yield from self._carry_out(sequence, doer, pursuit)
            if self._next:
                return pursuit.ends("interrupted", f"I was told something else: {self._next}")
            if sequence.status is Status.SUCCESS:
                if goal.parts[-1].skill not in LASTS:
                    return pursuit.ends("done")
                trouble, stuck, goal = "it did not stay so", "", goal.parts[-1]
                continue
            failed = plan[sequence.at]
            trouble, stuck = sequence.reason, failed.about if sequence.tries == self._attempts else ""
            first, *then = goal.parts[failed.number :]
            goal = replace(first, then=then[0] if then else None)
            yield from doer.settle()

    def _carry_out(self, sequence: GuardedSequence, doer: Doer, pursuit: Pursuit) -> Iterator[str]:
        """Tick a sequence to its end, or until the robot is told something else."""
        tries = 0
        while not self._next and self._tick(sequence) is Status.RUNNING:
            if sequence.tries > tries:
                pursuit.attempts[-1].failed("not seen to be done")
            tries = sequence.tries
            yield doer.doing
        if self._next and sequence.running:
            sequence.steps[sequence.at].action.halt()
        if pursuit.attempts and sequence.status is not Status.SUCCESS:
            pursuit.attempts[-1].failed(self._next or sequence.reason)

    def _step(self, task: Subtask, doer: Doer, pursuit: Pursuit) -> Step:
        """Return the step of a subtask: who does it, what is minded meanwhile, and what shows that it is done."""
        senses, skill = doer.senses, task.part.skill
        deed = Told(doer, task, len(pursuit.plans) - 1, pursuit.attempts)
        guards: list[Callable[[], str]] = [InTime(deed, max(LONG, SECONDS[skill]))]
        if task.about:
            guards += [StandsFree(senses, deed, task.about), StaysInHand(senses, deed, task.about)]

        def done() -> bool:
            if skill in LASTING:
                return task.is_done(senses.scene())
            return deed.ended and senses.body.body.stands

        return Step(task.name, deed, all_of(*guards), done)
