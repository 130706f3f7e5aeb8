"""A walk as an experiment: a new robot in a new world, and the record of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vla_course.motion.standing.loop import Push
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking import loop as walking_loop
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import StepSource
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World


def walk(
    source: StepSource,
    seconds: float,
    parts: WalkingParts | None = None,
    pushes: Sequence[Push] = (),
    *,
    moves_steps: bool = True,
    build: Callable[[World], object] | None = None,
    until_done: bool = False,
) -> MotionRecord:
    """Let a new robot in a new world walk for `seconds` s and return the record of every tick.

    `build` puts things into the world; the rest is as in `vla_course.motion.walking.loop`.
    """
    with World(seed=0) as world:
        humanoid = Humanoid(world)
        if build is not None:
            build(world)
        return walking_loop.walk(
            humanoid, source, seconds, pushes, parts, moves_steps=moves_steps, until_done=until_done
        )
