"""The policies that can be evaluated, by name.

A policy is told a sentence and moves a robot: `perform(humanoid, sentence)` yields after every tick; afterwards
`refusal` says why it did not do what it was told, and `sure` how sure it was. One line of `POLICIES` adds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from vla_course.learning.evaluation.asking import Asked
from vla_course.learning.evaluation.episodes import EvaluationFault
from vla_course.learning.evaluation.sight import EyesOf
from vla_course.learning.expert.expert import Expert
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task

if TYPE_CHECKING:
    from vla_course.learning.planned.learned import LearnedGrounder
    from vla_course.learning.reading.heard import Heard

EXPERT: Final = "expert"


class Policy(Protocol):
    """What can be evaluated."""

    @property
    def refusal(self) -> str:
        """Why it did not do, or not finish, what it was told; empty where it did."""

    @property
    def sure(self) -> float:
        """How sure it was of what it did, 0 to 1."""

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Do what a sentence says; yields after every tick. Told again, it goes on from where the robot stands."""


@dataclass(frozen=True, eq=False)
class Given:
    """What a policy is made from in an episode.

    Attributes:
        eyes: gives a robot the eyes with which this policy is to see, whatever was done to them.
        asked, stage: what is asked and where. They are the truth: for experts and oracles alone.
    """

    eyes: EyesOf
    asked: Asked
    stage: Stage

    @property
    def answer(self) -> Callable[[str], bool] | None:
        """Says whether a command was meant; None where the speaker answers no question."""
        return self.asked.meant if self.asked.answers else None


Make = Callable[[Given], Policy]
"""makes a policy for an episode"""
Load = Callable[[Path | None], Make]
"""loads what a policy has learned, from a folder or, with None, as it ships; once in a process"""


class TheExpert:
    """The expert, who is told the task and the whole scene."""

    sure = 1.0

    def __init__(self, given: Given) -> None:
        self._links = {link.sentence: link.task for link in given.asked.chain}
        self._task, self._stage = given.asked.task, given.stage
        self._expert: Expert | None = None

    @property
    def refusal(self) -> str:
        """Why it gave up."""
        return "" if self._expert is None else self._expert.reason

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Carry out the task, or the command of a chain."""
        task: Task = self._links.get(sentence, self._task)
        if self._expert is None:
            self._expert = Expert(task, self._stage)
        else:
            self._expert.tell(task.parts)
        yield from self._expert.perform()


def _expert(folder: Path | None) -> Make:
    if folder is not None:
        raise EvaluationFault(f"--weights is {folder}, expected none: an expert has not learned anything")
    return TheExpert


def _planned(folder: Path | None) -> Make:
    """The planned policy; a folder holds another grounder than the one that ships."""
    from vla_course.learning.grounding.files import GROUNDER
    from vla_course.learning.planned.policy import PlannedPolicy

    listen, finds = _ears_and_eyes(folder or GROUNDER)
    return lambda given: PlannedPolicy(listen, finds, given.eyes, answer=given.answer)


def _direct(folder: Path | None) -> Make:
    """The direct policy; a folder holds another network than the one that ships."""
    from vla_course.learning.grounding.files import GROUNDER
    from vla_course.learning.policy.direct import DirectPolicy
    from vla_course.learning.policy.files import DIRECT, load_policy

    try:
        network = load_policy(folder or DIRECT)
    except (FileNotFoundError, ValueError) as why:
        raise EvaluationFault(f"{why}; `vla-course train` makes one, --weights DIR takes it") from None
    listen, finds = _ears_and_eyes(GROUNDER)
    return lambda given: DirectPolicy(listen, finds, network, given.eyes, answer=given.answer)


def _ears_and_eyes(folder: Path) -> tuple[Callable[[str], Heard], LearnedGrounder]:
    """Return what hears, and what finds things, with the grounder of a folder."""
    import torch

    from vla_course.learning.planned.learned import ears_and_eyes

    torch.set_num_threads(1)  # the same bits on every machine, and no worker takes another one's core
    try:
        return ears_and_eyes(folder)
    except (FileNotFoundError, ValueError) as why:
        raise EvaluationFault(f"--weights: {why}") from None


POLICIES: Final[dict[str, Load]] = {
    EXPERT: _expert,
    "planned": _planned,
    "direct": _direct,
}
"""what each is made from"""


@dataclass(frozen=True)
class Learner:
    """Which policy, with which weights: plain values, which another process makes a policy from.

    Attributes:
        name: one of the `known`.
        weights: the folder of what it has learned, as text; empty for what ships.
    """

    name: str
    weights: str = ""

    def check(self, known: Mapping[str, Load] = POLICIES) -> None:
        """Load nothing, but raise EvaluationFault where there is no such policy."""
        if self.name not in known:
            raise EvaluationFault(f"--policy is {self.name!r}, expected one of: {', '.join(known)}")

    def make(self, known: Mapping[str, Load] = POLICIES) -> Make:
        """Return what makes the policy, loaded once in a process.

        Raises:
            EvaluationFault: there is no such policy, or its folder does not hold it.
        """
        self.check(known)
        return _loaded(known[self.name], self.weights)


@cache
def _loaded(load: Load, weights: str) -> Make:
    return load(Path(weights) if weights else None)


def composition_of(learner: Learner) -> str:
    """Return at which level pairs of colour and shape that are held out are new to a policy.

    "composition" where nothing in it was ever told of them (strict), "grounded" where what finds things in pictures
    was taught their names, and nothing else was. An expert knows all names: "".

    Raises:
        EvaluationFault: the folder of its weights does not say.
    """
    if learner.name == EXPERT:
        return ""
    from vla_course.learning.grounding.files import GROUNDER, named_in

    grounder = Path(learner.weights) if learner.name == "planned" and learner.weights else GROUNDER
    try:
        named = named_in(grounder)
    except (FileNotFoundError, ValueError) as why:
        raise EvaluationFault(f"--weights: {why}") from None
    return "composition" if named == "trained" else "grounded"
