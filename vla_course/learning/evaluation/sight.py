"""Eyes that are not what a robot takes them for: cameras that sit askew, and the eyes of a robot elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from vla_course.learning.environment.variation import Askew, AskewMount
from vla_course.learning.evaluation.asking import Asked, asked_in
from vla_course.learning.evaluation.episodes import Episode
from vla_course.learning.planned.eyes import COLOUR, DEPTH, Eyes, Sight
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.scene.cameras import PLACES, Camera, CameraImage, Place, RobotMount
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.world import World

EyesOf = Callable[[Humanoid], Eyes]
"""gives a robot its eyes"""


@contextmanager
def eyes_in(episode: Episode, asked: Asked) -> Iterator[EyesOf]:
    """Give the eyes with which a policy sees an episode."""
    if episode.split == "blind":
        with World(episode.seed) as elsewhere:
            yield partial(_elsewhere, episode, elsewhere)
    elif asked.variation.cameras:
        yield partial(MovedEyes, askew=asked.variation.cameras)
    else:
        yield Eyes


class MovedEyes(Eyes):
    """The three cameras of a robot, moved: it does not know, and takes them for where they ought to be.

    Args:
        humanoid: the robot.
        askew: how each camera that was moved sits.
    """

    def __init__(self, humanoid: Humanoid, askew: Mapping[Place, Askew]) -> None:
        super().__init__(humanoid)
        self._cameras = [
            [MovedCamera(humanoid, place, askew.get(place, Askew()), size) for place in PLACES]
            for size in (COLOUR, DEPTH)
        ]


class MovedCamera(Camera):
    """A camera of a robot that sits askew, and says of its pictures that they were taken from its own place."""

    def __init__(self, humanoid: Humanoid, place: Place, askew: Askew, size: int) -> None:
        self._believed = RobotMount(humanoid, place)
        super().__init__(humanoid.world, AskewMount(self._believed, askew), width=size, height=size)

    def capture(self, light: Light | None = None) -> CameraImage:
        """Take a picture from where it is, with the pose where it ought to be."""
        position, rotation = self._believed.pose()
        return replace(super().capture(light), position=position, rotation=rotation)


def _elsewhere(episode: Episode, world: World, humanoid: Humanoid) -> EyesElsewhere:
    """Return eyes that see another scene: that of the same family's episode with another seed."""
    task = asked_in(Episode("seen", episode.family, episode.number, episode.seed + 1000)).task
    return EyesElsewhere(humanoid, task.start(world).humanoid)


class EyesElsewhere(Eyes):
    """What another robot would see whose head is turned the same way."""

    def __init__(self, humanoid: Humanoid, other: Humanoid) -> None:
        super().__init__(other)
        self._real = humanoid

    def look(self) -> Sight:
        """Return what the other robot sees."""
        other: Any = self._humanoid
        state = self._real.state()
        for link, angle in zip(("neck", "head"), state.joint_positions[HEAD].tolist(), strict=True):
            joint, client = other.link_index(link), other.world.client
            pybullet.resetJointState(other.body, joint, angle, physicsClientId=client)
        return replace(super().look(), time=state.time)
