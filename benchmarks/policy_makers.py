"""The policies that `policy.py` can measure, by name: what is learned in each, and what an oracle stands in for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from typing import Any, Final, Protocol

from policy_episodes import Asked, Episode, asked_in
from policy_oracles import SegmentationGrounder, hears

from vla_course.learning.expert.expert import Expert
from vla_course.learning.planned.eyes import Eyes, Sight
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

POLICIES: Final = ("planned", "unmeasured", "words", "pixels", "oracle")
"""what is learned in them: all, all (and heights count for nothing), reading alone, grounding alone, nothing"""


class Policy(Protocol):
    """What can be measured."""

    @property
    def refusal(self) -> str:
        """Why it did not do, or not finish, what it was told; empty where it did."""

    @property
    def sure(self) -> float:
        """How sure it was of what it did, 0 to 1."""

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Do what a sentence says; yields after every tick."""


class TheExpert:
    """The expert, who is told the task and the whole scene."""

    sure = 1.0

    def __init__(self, task: Task, stage: Stage) -> None:
        self._expert = Expert(task, stage)

    @property
    def refusal(self) -> str:
        """Why it gave up."""
        return self._expert.reason

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Carry out the task."""
        yield from self._expert.perform()


@contextmanager
def made(policy: str, asked: Asked, episode: Episode, stage: Stage) -> Iterator[Policy]:
    """Give a policy for an episode."""
    if policy == "expert":
        yield TheExpert(asked.task, stage)
        return
    listen: Callable[[str], Any] = (
        _learned_listen() if policy in ("planned", "unmeasured", "words") else hears
    )
    grounder: Any
    if policy in ("planned", "unmeasured", "pixels"):
        grounder = _learned_grounder()
    else:
        grounder = SegmentationGrounder(asked.task, stage)
    with World(episode.seed) as elsewhere:
        blind = partial(_elsewhere, episode, elsewhere)
        eyes = blind if episode.split == "blind" else Eyes
        yield PlannedPolicy(listen, grounder, eyes, measures=policy != "unmeasured")


@cache
def _learned_listen() -> Callable[[str], Any]:
    from vla_course.learning.planned.learned import learned_listen

    return learned_listen()


@cache
def _learned_grounder() -> Any:
    from vla_course.learning.planned.learned import LearnedGrounder

    return LearnedGrounder.load()


def _elsewhere(episode: Episode, world: World, humanoid: Humanoid) -> "_EyesElsewhere":
    """Return eyes that see another scene: that of the same family's episode with another seed."""
    task = asked_in(Episode("seen", episode.family, episode.number, episode.seed + 1000)).task
    return _EyesElsewhere(humanoid, task.start(world).humanoid)


class _EyesElsewhere(Eyes):
    """What another robot would see whose head is turned the same way."""

    def __init__(self, humanoid: Humanoid, other: Humanoid) -> None:
        super().__init__(other)
        self._real = humanoid

    def look(self) -> Sight:
        """Return what the other robot sees."""
        other = self._humanoid
        state = self._real.state()
        for link, angle in zip(("neck", "head"), state.joint_positions[HEAD].tolist(), strict=True):
            joint, client = other.link_index(link), other.world.client
            pybullet.resetJointState(other.body, joint, angle, physicsClientId=client)
        return replace(super().look(), time=state.time)
