"""How near a hand comes: policies before, after and long after training, let loose in the same scenes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.tasks.tasks import Task, sample_task

SECONDS = 8.0
"""s, for which a policy acts"""
_COLOURS = (style.SOFT, style.LEARNER, style.EXPERT)


@dataclass(frozen=True)
class Reach:
    """What came of reaching: `times` (n,) s, `away` (n,) m from the tool point to the middle of the thing, `done`."""

    times: NDArray[np.float64]
    away: NDArray[np.float64]
    done: bool


def task_of(seed: int) -> Task:
    """Draw a task to reach for something."""
    return sample_task(np.random.default_rng(seed), "reach for")


def reach(policy: ChunkPolicy, seed: int) -> Reach:
    """Let a policy reach for something, places told as they truly are, until it is done, lost or `SECONDS` are over."""
    task = task_of(seed)
    instruction = task.parts[0].instruction
    hand, thing = task.hand or "right", instruction.thing or ""
    env = HumanoidTaskEnv(cameras=())
    try:
        env.reset(seed=seed, options={"task": task})
        actor = Actor(policy, TrueKnowledge(env.stage), instruction, hand, env.robot)
        away, over, info = [_away(env, hand, thing)], False, {"success": False}
        while not over and len(away) <= SECONDS / env.period:
            for action in actor.chunk()[:EXECUTE]:
                *_, ended, late, info = env.step(action)
                away.append(_away(env, hand, thing))
                over = ended or late
                if over:
                    break
        times = env.period * np.arange(len(away), dtype=np.float64)
        return Reach(times, np.array(away), bool(info["success"]))
    finally:
        env.close()


def _away(env: HumanoidTaskEnv, hand: str, thing: str) -> float:
    tool = env.stage.humanoid.link_pose(f"{hand}_tool")[0]
    return float(np.linalg.norm(np.array(tool) - env.stage.place(thing)))


def reaching_picture(policies: Mapping[str, ChunkPolicy], seeds: Sequence[int]) -> Picture:
    """Draw how far the hand is from what it reaches for, for each scene a pane and for each policy a line.

    A dot at the end of a line says that the task's rule held.

    Args:
        policies: by name, three at most.
        seeds: of the scenes.

    Raises:
        ValueError: there are no policies, or more than three, or no scenes.
    """
    if not 1 <= len(policies) <= len(_COLOURS) or not seeds:
        raise ValueError(
            f"there are {len(policies)} policies and {len(seeds)} scenes, expected 1 to {len(_COLOURS)} and 1 or more"
        )
    came = {name: [reach(policy, seed) for seed in seeds] for name, policy in policies.items()}
    told = "; ".join(f"{name} did it in {sum(one.done for one in some)}" for name, some in came.items())
    figure, panes = picture(
        1, len(seeds), height=2.9, alt=f"Of {len(seeds)} scenes, {told}.", sharey=True
    )
    for pane, (k, seed) in zip(panes, enumerate(seeds), strict=True):
        for colour, (name, some) in zip(_COLOURS, came.items(), strict=False):
            one = some[k]
            pane.plot(one.times, 100.0 * one.away, color=colour, lw=1.8, label=name)
            if one.done:
                pane.plot(one.times[-1], 100.0 * one.away[-1], "o", color=colour, ms=7)
        pane.set(xlim=(0.0, SECONDS), ylim=(0.0, None), xlabel="time (s)")
        thing = f"the {task_of(seed).parts[0].instruction.thing}"
        pane.set_title(thing, fontsize=10, loc="left", pad=4)
    panes[0].set_ylabel("hand to thing (cm)")
    figure.legend(*panes[0].get_legend_handles_labels(), loc="outside upper left", ncols=len(policies), frameon=False)
    return figure
