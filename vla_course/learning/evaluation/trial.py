"""An episode carried out: in physics, in closed loop, by a policy or the expert, and judged by the task's own rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from vla_course.learning.evaluation.asking import Asked, asked_in
from vla_course.learning.evaluation.chains import Link, follow_chain
from vla_course.learning.evaluation.episodes import Episode, EvaluationFault
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.policies import POLICIES, Given, Learner, Load, Make, Policy
from vla_course.learning.evaluation.sight import eyes_in
from vla_course.simulation.tasks.goals_hands import PickedUp
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.world import World

Follow = Callable[[Stage], None]
"""looks on: it is called after every tick"""
LATE: Final = "out of time"
UNMET: Final = "the rule does not hold"


def carry_out(
    episode: Episode,
    learner: Learner,
    known: Mapping[str, Load] = POLICIES,
    follow: Follow = lambda stage: None,
) -> Outcome:
    """Carry out an episode; the same episode has the same outcome.

    Args:
        episode: which one.
        learner: who.
        known: the policies there are.
        follow: looks on, such as a film does.

    Raises:
        EvaluationFault: there is no such policy, or it says how sure it was in no number from 0 to 1. What breaks in an
            episode is not raised: it has failed, and says so.
    """
    return carry_out_with(episode, learner.make(known), follow)


def carry_out_with(episode: Episode, make: Make, follow: Follow = lambda stage: None) -> Outcome:
    """Carry out an episode with the policy that `make` makes."""
    asked, begin = asked_in(episode), time.process_time()
    # Without a variation the world is made as it always was.
    with World(episode.seed, ground_friction=asked.variation.floor) as world:
        stage = asked.task.start(world, asked.variation.masses or None)
        watched = _Watched(asked, stage, follow)
        why, sure = "", 0.0
        try:
            with eyes_in(episode, asked) as eyes:
                policy = make(Given(eyes, asked, stage))
                watched.let(policy)
                why, sure = policy.refusal, round(policy.sure, 3)
                if not 0.0 <= sure <= 1.0:
                    raise EvaluationFault(f"{episode.key}: the policy's sure is {sure}, expected 0 to 1")
        except EvaluationFault:
            raise
        except Exception as broke:  # what breaks has failed, and the others still count
            why = f"broke: {type(broke).__name__}: {broke}"
        done = watched.done()
        return Outcome(
            key=episode.key,
            done=done,
            trouble="" if done else watched.trouble(why),
            fell=stage.fell,
            other=watched.other,
            sure=sure,
            simulated=round(world.time, 2),
            computed=round(time.process_time() - begin, 1),
            sentence=asked.sentence,
            pair=asked.pair,
            in_row=watched.in_row,
        )


class _Watched:
    """An episode under way.

    Attributes:
        other: whether what was not asked for was done.
        in_row: of a chain, how many commands were done one after the other.
    """

    def __init__(self, asked: Asked, stage: Stage, follow: Follow) -> None:
        self._asked, self._stage, self._follow = asked, stage, follow
        self.other, self.in_row, self._late = False, 0, False
        self._other_since: float | None = None
        asked.task.observe(stage)

    def let(self, policy: Policy) -> None:
        """Let a policy work until all is done, something has gone wrong, or it is out of time."""
        if self._asked.chain:
            self._let_chain(policy)
            return
        task, stage = self._asked.task, self._stage
        for _ in policy.perform(stage.humanoid, self._asked.sentence):
            task.observe(stage)
            self._mind_the_other()
            self._follow(stage)
            if task.succeeded(stage) or stage.world.time > task.seconds:
                break
            if task.failed(stage) and not self._takes_the_other():
                break

    def _let_chain(self, policy: Policy) -> None:
        def tell(link: Link) -> Iterator[str]:
            return policy.perform(self._stage.humanoid, link.sentence)

        for number, watch in follow_chain(self._asked.chain, self._stage, tell):
            self._follow(self._stage)
            self.in_row = number + watch.done
            self._late = watch.late

    def _mind_the_other(self) -> None:
        """See whether the command that was not given is done."""
        goal, now = self._asked.other, self._stage.world.time
        if goal is None or self.other:
            return
        self._other_since = None if not goal.reached(self._stage) else self._other_since or now
        self.other = self._other_since is not None and now - self._other_since >= goal.hold

    def _takes_the_other(self) -> bool:
        """Tell whether all that went wrong is that it moves what the other command names, and may be picking it up."""
        other = self._asked.other
        moves = isinstance(other, PickedUp) and self._stage.failure == f"moved the {other.thing}"
        return moves and not self.other

    def done(self) -> bool:
        """Tell whether what was asked is done."""
        task, stage = self._asked.task, self._stage
        if self._asked.chain:
            return self.in_row == len(self._asked.chain) and not stage.failure
        return task.succeeded(stage) and stage.world.time <= task.seconds

    def trouble(self, why: str) -> str:
        """Say why it is not, where the policy itself says `why`."""
        task, stage = self._asked.task, self._stage
        late = self._late if self._asked.chain else stage.world.time > task.seconds
        return task.failed(stage) or why or (LATE if late else UNMET)
