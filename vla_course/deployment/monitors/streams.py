"""A robot under way, told decision by decision: the shipped direct policy acts, and the world may change meanwhile.

The policy is told where things are as they truly are: what is watched here is the world, not the policy's eyes. Beyond
that nobody is given anything that a robot would not have, and cameras that move are taken for where they ought to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from vla_course.deployment.monitors.changes import Change, bring_about, knocked
from vla_course.deployment.monitors.reading import PERIOD, Floats, Reading
from vla_course.learning.demonstrations.plan import EpisodePlan, Settings, plan_episode
from vla_course.learning.environment.action_space import read_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.variation import Askew
from vla_course.learning.evaluation.sight import MovedCamera, MovedEyes
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.planned.eyes import COLOUR
from vla_course.learning.policy import spoken
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene.cameras import PLACES, CameraImage, Place
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.world.world import World

if TYPE_CHECKING:
    from vla_course.learning.policy.chunk_policy import ChunkPolicy

LASTS: Final = 6.0
"""s, of an episode: a command, and what comes of it"""
LOOKS: Final = 8
"""decisions from one look round with depth to the next"""
ON_FOOT: Final[tuple[Skill, ...]] = ("walk", "go to")
"""skills whose feet push against the floor"""
AT_TABLE: Final[tuple[Skill, ...]] = ("look at", "reach for", "point at", "pick up", "place", "move to")
"""skills whose scenes have the table before the robot"""
SHOWS: Final[dict[str, tuple[Skill, ...]]] = {"slippery floor": ON_FOOT, "unknown thing": AT_TABLE}
"""skills in which a change can show at all: a robot that stands does not feel the floor's friction, and one that walks
away from a table does not see what is put there"""


@cache
def network() -> ChunkPolicy:
    """Return the shipped policy's network."""
    from vla_course.learning.policy.files import load_policy

    return load_policy()


def episode_plan(seed: int, number: int, skills: tuple[Skill, ...] | None = None) -> EpisodePlan:
    """Draw an episode as demonstrations are drawn: task, scene, and a robot of its kind; nobody disturbs it.

    Args:
        seed: of a set of episodes.
        number: which of them.
        skills: by default all that demonstrations have.
    """
    settings = (
        Settings(seed=seed, noise=0.0) if skills is None else Settings(seed=seed, noise=0.0, skills=skills)
    )
    return plan_episode(settings, number)


@dataclass
class Stream:
    """One episode.

    Args:
        plan: of it.
        change: of its world; None: all stays as it is.
        seconds: how long it lasts, if the robot does not fall.
        sees: whether cameras take pictures; without, it runs twice as fast.
        sentence: what the monitor is told was said; by default the command.

    Attributes:
        fell: whether the robot fell.
        note: what changed, once it has.
    """

    plan: EpisodePlan
    change: Change | None = None
    seconds: float = LASTS
    sees: bool = True
    sentence: str | None = None
    fell: bool = False
    note: str = ""

    def readings(self) -> Iterator[Reading]:
        """Let the robot act, and yield a reading at each decision."""
        plan = self.plan
        rng = np.random.default_rng([plan.seed, 9])
        self.sentence = self.sentence or say(plan.task.instruction, rng)
        with World(int(rng.integers(2**31)), ground_friction=plan.variation.floor) as world:
            stage = plan.task.start(world, plan.variation.masses)
            robot = CommandedBody(stage.humanoid, rng)
            actor = Actor(network(), TrueKnowledge(stage), plan.instruction, plan.task.hand, robot)
            askew = dict(plan.variation.cameras)
            self._look(stage.humanoid, askew)
            joints, number = joint_range(), 0
            done: Floats | None = None
            chunk = actions = np.zeros((0, 0), np.float32)
            while world.time < self.seconds - 1e-9:
                if self.change is not None and not self.note and world.time >= self.change.at - 1e-9:
                    self.note = bring_about(self.change, stage, rng)
                    self._look(stage.humanoid, askew | knocked(self.change, rng))
                fresh = number % EXECUTE == 0
                if fresh:
                    inputs = actor.inputs()
                    said = actor.decided(inputs)
                    chunk = spoken.acted(said, inputs["state"], inputs["tools"])
                    actions = actor.acted(said[:EXECUTE], inputs)
                sight = self._eyes.look() if self.sees and number % LOOKS == 0 else None
                pictures: tuple[CameraImage, ...] = () if sight is None else sight.pictures
                if self.sees and sight is None:
                    pictures = tuple(camera.capture() for camera in self._cameras)
                yield Reading(
                    world.time,
                    self.sentence,
                    robot.feel(),
                    done,
                    chunk if fresh else None,
                    pictures,
                    np.stack([stage.humanoid.link_pose(f"{side}_tool")[0] for side in SIDES]),
                    sight,
                )
                done = actions[number % EXECUTE]
                for _ in robot.carry_out(read_action(done, joints), PERIOD):
                    pass
                number += 1
                if stage.fell:
                    self.fell = True
                    return

    def _look(self, humanoid: Humanoid, askew: dict[Place, Askew]) -> None:
        """Give the robot cameras that sit askew; it takes them for where they ought to be."""
        self._cameras = [MovedCamera(humanoid, place, askew.get(place, Askew()), COLOUR) for place in PLACES]
        self._eyes = MovedEyes(humanoid, askew)
