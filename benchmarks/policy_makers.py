"""The policies that `policy.py` can measure beside those of the course: an oracle stands in for what is learned."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from policy_oracles import SegmentationGrounder, hears

from vla_course.learning.evaluation.episodes import of_key
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.policies import POLICIES as SHIPPED
from vla_course.learning.evaluation.policies import Given, Learner, Load, Make
from vla_course.learning.evaluation.trial import carry_out
from vla_course.learning.planned.policy import PlannedPolicy


@cache
def _listen() -> Any:
    from vla_course.learning.planned.learned import learned_listen

    return learned_listen()


@cache
def _grounder() -> Any:
    from vla_course.learning.planned.learned import LearnedGrounder

    return LearnedGrounder.load()


def _oracle(given: Given) -> Any:
    return SegmentationGrounder(given.asked.task, given.stage)


def _unmeasured(folder: Path | None) -> Make:
    return lambda given: PlannedPolicy(_listen(), _grounder(), given.eyes, measures=False, answer=given.answer)


def _words(folder: Path | None) -> Make:
    return lambda given: PlannedPolicy(_listen(), _oracle(given), given.eyes, answer=given.answer)


def _pixels(folder: Path | None) -> Make:
    return lambda given: PlannedPolicy(hears, _grounder(), given.eyes, answer=given.answer)


def _told(folder: Path | None) -> Make:
    return lambda given: PlannedPolicy(hears, _oracle(given), given.eyes, answer=given.answer)


POLICIES: Final[dict[str, Load]] = {
    **SHIPPED,
    "unmeasured": _unmeasured,
    "words": _words,
    "pixels": _pixels,
    "oracle": _told,
}
"""those of the course; what is learned in the others: all (and heights count for nothing), reading alone, grounding
alone, nothing"""


def work(learner: Learner, key: str) -> Outcome:
    """Carry out the episode of a key."""
    return carry_out(of_key(key), learner, POLICIES)
