"""The policies that `policy.py` can measure, by name: what is learned in each, and what an oracle stands in for."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, Final

from policy_episodes import Asked, Episode, asked_in
from policy_oracles import SegmentationGrounder, hears

from vla_course.learning.planned.eyes import Eyes, Sight
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

POLICIES: Final = ("planned", "unmeasured", "words", "pixels", "oracle")
"""what is learned in them: all, all (and heights count for nothing), reading alone, grounding alone, nothing"""


def make(policy: str, asked: Asked, episode: Episode, stage: Stage) -> PlannedPolicy:
    """Return a policy for an episode."""
    listen: Callable[[str], Any] = (
        _learned_listen() if policy in ("planned", "unmeasured", "words") else hears
    )
    grounder: Any
    if policy in ("planned", "unmeasured", "pixels"):
        grounder = _learned_grounder()
    else:
        grounder = SegmentationGrounder(asked.task, stage)
    eyes = BlindEyes(episode) if episode.split == "blind" else Eyes
    return PlannedPolicy(listen, grounder, eyes, measures=policy != "unmeasured")


@cache
def _learned_listen() -> Callable[[str], Any]:
    from vla_course.learning.planned.learned import learned_listen

    return learned_listen()


@cache
def _learned_grounder() -> Any:
    from vla_course.learning.planned.learned import LearnedGrounder

    return LearnedGrounder.load()


class BlindEyes:
    """Makes eyes that see another scene: that of the same family's episode with another seed."""

    def __init__(self, episode: Episode) -> None:
        self._elsewhere = Episode("seen", episode.family, episode.number, episode.seed + 1000)

    def __call__(self, humanoid: Humanoid) -> "_EyesElsewhere":
        task = asked_in(self._elsewhere).task
        world = World(self._elsewhere.seed)
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
