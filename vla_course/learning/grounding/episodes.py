"""Moments of an expert at work: the robot balances, walks, reaches and carries, as whoever acts will see it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from vla_course.learning.expert.expert import Expert
from vla_course.learning.grounding.scenes import ABOUT_THINGS
from vla_course.learning.grounding.sights import Sights, taken
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene.things import ALL_THINGS
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.scenes import NoScene
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task, task_for
from vla_course.simulation.world.world import World

EVERY: Final = 0.7
"""s between two moments of an episode"""
MOST: Final = 20
"""moments of an episode"""
GRIPPED: Final = 1.0
"""N, with which both fingers press on what they hold"""
AT_WORK: Final = tuple(skill for skill in ABOUT_THINGS if skill != "tidy the table")


def episode(seed: int, number: int, named: Sequence[str], among: Sequence[str] = ALL_THINGS) -> Sights:
    """Let the expert carry out a task, and look through the robot's cameras all the while.

    Args:
        seed, number: of chance.
        named: what the task may be about.
        among: what else lies there.
    """
    rng = np.random.default_rng([seed, number, 1])
    task = _task(rng, named, among)
    with World() as world:
        stage, due = task.start(world), world.time
        parts: list[Sights] = []
        for _ in Expert(task, stage).perform():
            task.observe(stage)
            if world.time >= due - 1e-9:
                parts.append(taken(stage.humanoid, stage.scene, told=not parts, held=_held(stage)))
                due += EVERY
            if stage.fell or len(parts) == MOST or world.time > task.seconds:
                break
    return Sights.joined(parts)


def at_work(folder: Path, seed: int, episodes: range, named: Sequence[str]) -> list[Path]:
    """Return the files of these episodes; those that `folder` lacks are acted first."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"at-work-{seed}-{number:04d}.npz" for number in episodes]
    for number, path in zip(episodes, paths, strict=True):
        if not path.exists():
            episode(seed, number, named).save(path)
    return paths


def _task(rng: np.random.Generator, named: Sequence[str], among: Sequence[str]) -> Task:
    while True:
        skill = AT_WORK[rng.integers(len(AT_WORK))]
        try:
            return task_for(sample_instruction(rng, skill, named), rng, among)
        except NoScene:
            continue


def _held(stage: Stage) -> str | None:
    held = [name for name in stage.things if any(stage.grip_on(name, side) > GRIPPED for side in SIDES)]
    return held[0] if held else None
