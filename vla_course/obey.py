"""`vla-course run "pick up the red cup"`: the robot is told a sentence, sees, does it; as a film and in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from vla_course.panels.drawing.film import StageFilm
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

if TYPE_CHECKING:
    from vla_course.learning.planned.policy import PlannedPolicy

LINGERS: Final = 1.0
"""s, for which the film goes on after the end"""


@dataclass
class Run:
    """What came of a sentence.

    Attributes:
        success, failure: what the task's rule of physics says; failure is empty where nothing went wrong.
        seconds: of the simulation.
        lines: what the policy heard, named and did, for people.
        pictures: of the film.
    """

    sentence: str
    success: bool = False
    failure: str = ""
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)
    pictures: int = 0


def run(
    sentence: str,
    path: Path,
    seed: int = 0,
    progress: Callable[[str, float, float], None] = lambda doing, now, end: None,
    policy: PlannedPolicy | None = None,
) -> Run:
    """Let a policy do what a sentence asks, in a scene drawn for it, and film it.

    Args:
        sentence: one command or two.
        path: of the film.
        seed: of the scene.
        progress: told what the robot is about, s so far and s at most.
        policy: by default the planned one that the course ships.

    Raises:
        UnknownCommand: there is no scene for it, because it is none of the language.
        NoScene: it asks for what no scene has.
    """
    policy = policy or shipped("planned")
    task, done = task_for(understand(sentence), np.random.default_rng(seed)), Run(sentence)
    with World(seed) as world:
        stage = task.start(world)
        with StageFilm(path, stage) as film:
            over = None
            for doing in policy.perform(stage.humanoid, sentence):
                task.observe(stage)
                film.follow()
                progress(doing, world.time, task.seconds)
                if over is None and (task.succeeded(stage) or task.failed(stage) or world.time > task.seconds):
                    over = world.time + LINGERS
                if over is not None and world.time >= over:
                    break
        done.success, done.failure = task.succeeded(stage), task.failed(stage)
        done.seconds, done.pictures = world.time, film.pictures
    done.lines = list(_told(policy, done))
    return done


def shipped(
    name: Literal["planned", "direct"], weights: Path | None = None, runtime: str | None = None
) -> PlannedPolicy:
    """Return a policy with the reader and the grounder that the course ships.

    Args:
        name: which.
        weights: folder of the direct one's network; None: the one that ships.
        runtime: of its networks, one of `deployment.runtimes.variants.VARIANTS`; None: torch, as they were trained.

    Raises:
        FileNotFoundError: a file of the network is missing.
        ValueError: it is the network of something else, or of the planned one, which has none; the runtime is unknown
            or not to be had here, or an engine of it is damaged.
    """
    if runtime is not None and name != "direct":
        raise ValueError(f"runtime is {runtime!r} for {name}, expected 'direct': its networks are what is exported")
    if runtime is not None:
        return _in_runtime(runtime, weights)
    if name == "direct":
        from vla_course.learning.policy.direct import shipped_direct
        from vla_course.learning.policy.files import DIRECT

        return shipped_direct(weights or DIRECT)
    if weights is not None:
        raise ValueError(f"{weights} was given for {name}, expected 'direct': it alone has a network that acts")
    from vla_course.learning.planned.learned import shipped_policy

    return shipped_policy()


def _in_runtime(runtime: str, weights: Path | None) -> PlannedPolicy:
    """Return the direct policy with its networks in a runtime."""
    from vla_course.deployment.runtimes.model import OptimizedVLAModel
    from vla_course.learning.planned.learned import learned_listen
    from vla_course.learning.policy.direct import DirectPolicy
    from vla_course.learning.policy.files import DIRECT

    model = OptimizedVLAModel.load(runtime, weights or DIRECT)
    return DirectPolicy(learned_listen(), model, model)


def _told(policy: PlannedPolicy, done: Run) -> Iterator[str]:
    """Say what a policy heard, named and did."""
    for named in policy.named:
        where = ""
        if named.target is not None:
            x, y, z = named.target.tolist()
            where = f", seen at ({x:.2f}, {y:.2f}, {z:.2f}) m"
        yield f"understood: {named.instruction}{where}, {100 * named.confidence:.0f} % sure"
    if policy.question:
        yield f"asked: do you mean: {policy.question}? {'no' if policy.body is None else 'yes'}"
    if policy.refusal:
        yield f"said: {policy.refusal}"
    ending = "done" if done.success else done.failure or "not done"
    yield f"{ending} after {done.seconds:.1f} s, by the task's own rule of physics"
