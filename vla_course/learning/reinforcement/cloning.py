"""From a few demonstrations of the expert to a clone of its hand, in two minutes of one core.

Noise is injected while the expert acts and its own intention is the label (DART), as in the course's demonstrations;
no pictures are taken. What is cloned is the course's own direct policy, in a small size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.demonstrations.noise import ActionNoise
from vla_course.learning.environment.action_space import write_action
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ROLES, ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.reinforcement.clone import Clone, by_the_hand, felt, glance
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.parts import TrainingParts
from vla_course.learning.training.trainer import train_vla_model
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.plan import NoPlan
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.tasks import Task, sample_task
from vla_course.simulation.world.rotation import rotation_matrix

Floats = NDArray[np.float32]

SMALL: Final = ChunkPolicyConfig(horizon=8, width=96, layers=2, blind=0.0, committed=0)
"""how large a clone is: 0.19M parameters"""
QUICKLY: Final = TrainingOptions(steps=2000, batch=128, every=200, average=0.99, patience=30)
"""how it is trained"""
NOISE: Final = (0.3, 1.0)
"""-, the least and the greatest level of noise of a demonstration that is disturbed"""
QUIET: Final = (0.0, 0.0)
"""-, of one that is not"""
_HELD_OUT: Final = 12
"""of so many demonstrations one is kept to validate on"""


@dataclass(frozen=True, eq=False)
class Demonstration:
    """What the expert showed of a task, as it was and not in the mirror.

    Attributes:
        places: (T, 3) m, of the thing in the pelvis frame.
        states: (T, 71).
        actions: (T, 36), what the expert intended.
    """

    task: Task
    places: Floats
    states: Floats
    actions: Floats
    success: bool


def demonstrate(skill: Skill, seed: int, noise: tuple[float, float] = NOISE) -> Demonstration:
    """Let the expert show a skill of one hand in a scene that `seed` draws; the same arguments give the same bits.

    Args:
        skill: of one hand.
        seed: of scene and noise.
        noise: the least and the greatest level of noise, of which one is drawn.
    """
    task, joints = sample_task(np.random.default_rng(seed), skill), joint_range()
    level = float(np.random.default_rng([seed, 2]).uniform(*noise))
    rows: list[tuple[Floats, Floats, Floats]] = []
    env, over, info = HumanoidTaskEnv(skill=skill, cameras=()), False, dict[str, object]()
    with env:
        seen, info = env.reset(seed=seed, options={"task": task})
        expert = ExpertPolicy(task, env.stage, env.robot, env.period)
        disturbing = ActionNoise(np.random.default_rng([seed, 1]), level, env.period)
        while not over:
            try:
                action = write_action(expert.command(), joints)
            except (NoPlan, ErrandFailed):
                break
            rows.append((place_of(env), seen["state"], action))
            seen, _, ended, late, info = env.step(disturbing.disturb(action))
            over = ended or late or bool(info["failure"])
    if not rows:
        places, states, actions = (np.zeros((0, size), np.float32) for size in (3, 71, 36))
        return Demonstration(task, places, states, actions, success=False)
    places, states, actions = (np.array(part) for part in zip(*rows, strict=True))
    return Demonstration(task, places, states, actions, bool(info["success"]))


def place_of(env: HumanoidTaskEnv) -> Floats:
    """Return where the thing that the task is about truly is, (3,) m in the pelvis frame."""
    name = env.task.parts[0].instruction.thing
    assert name is not None
    pelvis, turned = env.stage.humanoid.link_pose("pelvis")
    there: Floats = (rotation_matrix(turned).T @ (env.stage.place(name) - pelvis)).astype(np.float32)
    return there


def examples_of(demonstrations: Sequence[Demonstration], horizon: int, parts: TrainingParts) -> Examples:
    """Return the frames of demonstrations that succeeded, all of a right hand, as examples.

    Raises:
        ValueError: none of them succeeded.
    """
    good = [one for one in demonstrations if one.success]
    if not good:
        raise ValueError(
            f"none of {len(demonstrations)} demonstrations succeeded, expected one to learn from"
        )
    found: list[tuple[NDArray[np.generic], ...]] = []
    for number, one in enumerate(good):
        glances = [
            glance(one.task, place, state) for place, state in zip(one.places, one.states, strict=True)
        ]
        chunks, own = parts.windows(by_the_hand(one.task, one.actions), np.arange(len(glances)), horizon)
        states = np.array([seen.state for seen in glances])
        places = np.zeros((len(glances), len(ROLES), 5), dtype=np.float32)
        places[:, 0, :3], places[:, 0, 3] = [seen.place for seen in glances], 1.0
        words = np.array([seen.told for seen in glances])
        found.append(
            (words, places, felt(states), spoken.spoken(chunks, states), own, np.full(len(glances), number))
        )
    return Examples(*(np.concatenate(part) for part in zip(*found, strict=True)))


def clone_of(
    demonstrations: Sequence[Demonstration],
    options: TrainingOptions = QUICKLY,
    config: ChunkPolicyConfig = SMALL,
    parts: TrainingParts | None = None,
) -> Clone:
    """Train a clone on demonstrations; the same ones and options give the same bits.

    Args:
        demonstrations: two or more that succeeded.
        options: how.
        config: of the network.
        parts: those of the training that are exercises, by default the reference's.

    Raises:
        ValueError: there are not enough of them.
    """
    parts = parts or TrainingParts.reference()
    good = [one for one in demonstrations if one.success]
    if len(good) < 2:
        raise ValueError(f"{len(good)} demonstrations succeeded, expected at least 2: one to validate on")
    held = max(1, len(good) // _HELD_OUT)
    torch.manual_seed(options.seed)
    policy = ChunkPolicy(config)
    learnt, validated = (examples_of(some, config.horizon, parts) for some in (good[held:], good[:held]))
    train_vla_model(policy, learnt, validated, options, parts=parts)
    return Clone(policy)
