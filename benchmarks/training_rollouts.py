"""Closed loop: a trained network in physics, told where things are, in the same scenes for all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.confidence import doubt
from vla_course.motion.arms.ik_config import SolverOf
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.tasks import sample_task

SCENES = 50_000
"""seed of the first scene, which no demonstration has"""
Player = Callable[[], tuple[Any, SolverOf | None]]
"""makes for an episode what decides in it, as `Actor` takes a network, and its inverse kinematics"""


@dataclass(frozen=True)
class Scene:
    """One of a skill's scenes."""

    skill: Skill
    number: int

    @property
    def key(self) -> str:
        """Its name."""
        return f"{self.skill}/{self.number}"

    @property
    def seed(self) -> int:
        """Of the task that is drawn, and of everything in it."""
        return SCENES + self.number


@dataclass(frozen=True)
class Rollout:
    """What came of one: `key` is that of the policy and the scene; `trouble` why it failed, s of the simulation."""

    key: str
    done: bool
    fell: bool
    trouble: str
    seconds: float
    doubt: float | None = None
    """before the first action, of a network that has one: `learning.policy.confidence`"""


def scenes(skills: tuple[Skill, ...], count: int) -> Iterator[Scene]:
    """Yield the first scenes of all skills in turns: whoever stops early has as many of each."""
    yield from (Scene(skill, number) for number in range(count) for skill in skills)


def rolled_out(name: str, player: Player, scene: Scene) -> Rollout:
    """Let a network act until it has done what it was told, has fallen, or is out of time.

    Args:
        name: of who plays.
        player: whose network is asked for four actions at a time.
        scene: in which.
    """
    torch.manual_seed(scene.seed)
    network, solver_of = player()
    task = sample_task(np.random.default_rng(scene.seed), scene.skill)
    env = HumanoidTaskEnv(cameras=())
    try:
        env.reset(seed=scene.seed, options={"task": task})
        instruction = task.parts[0].instruction
        actor = Actor(network, TrueKnowledge(env.stage), instruction, task.hand, env.robot, solver_of)
        doubts = doubt(network, actor.inputs()) if type(network) is ChunkPolicy else None
        over, info = False, dict[str, Any]()
        while not over:
            for action in actor.chunk(EXECUTE):
                _, _, ended, late, info = env.step(action)
                over = ended or late
                if over:
                    break
        done = bool(info["success"])
        trouble = "" if done else info["failure"] or "out of time"
        seconds = round(env.stage.world.time, 2)
        return Rollout(f"{name}/{scene.key}", done, env.stage.fell, trouble, seconds, doubts)
    finally:
        env.close()
