"""Episodes in which a learned policy and the expert take turns: what is right wherever the learner gets by itself.

DAgger (Ross, Gordon and Bagnell 2011) asks the expert in the states that the learner visits, and so does every frame
here. A chunk of answers needs more than a state: what the expert does in the next second. So after each of the
learner's turns the expert has one: its first chunk begins in a state of the learner's, and all of it is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.demonstrations.episode import collect
from vla_course.learning.demonstrations.plan import EpisodePlan, Settings, plan_episode
from vla_course.learning.demonstrations.staging import pack
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.files import load_policy

if TYPE_CHECKING:
    from vla_course.learning.environment.environment import HumanoidTaskEnv


def collect_in_turns(settings: Settings, index: int) -> bytes:
    """Collect one episode in which `settings.learner` has its turns, as the bytes of a parquet file."""
    torch.set_num_threads(1)
    policy = _loaded(settings.learner)

    def learner(env: HumanoidTaskEnv, plan: EpisodePlan) -> Callable[[], NDArray[np.float32]]:
        actor = Actor(policy, TrueKnowledge(env.stage), plan.instruction, plan.task.hand, env.robot)
        return lambda: actor.chunk(EXECUTE)

    return pack(collect(plan_episode(settings, index), settings, learner), settings)


@cache
def _loaded(folder: str) -> ChunkPolicy:
    return load_policy(Path(folder))
