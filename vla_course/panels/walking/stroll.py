"""A walk as an experiment: a new robot in a new world, and the record of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vla_course.motion.standing.loop import Push
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.standing.senses import SenseNoise
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
    senses: SenseNoise | None = None,
    torque_limit: float = 1.0,
    seed: int = 0,
) -> MotionRecord:
    """Let a new robot in a new world walk and return the record of every tick.

    Args:
        source: where the feet go.
        seconds: s, how long.
        parts: the student's pieces, by default the reference's.
        pushes: hands that push it on its way.
        moves_steps: whether a push may move a step.
        build: puts things into the world.
        until_done: whether to stop as soon as there is no step left to make.
        senses: what is wrong with what the robot senses, by default nothing.
        torque_limit: the fraction of their greatest torques that the motors have.
        seed: of the world's generator, which draws the noise.
    """
    with World(seed) as world:
        humanoid = Humanoid(world)
        humanoid.joint_efforts = torque_limit * humanoid.joint_efforts
        if build is not None:
            build(world)
        return walking_loop.walk(
            humanoid,
            source,
            seconds,
            pushes,
            parts,
            moves_steps=moves_steps,
            until_done=until_done,
            senses=senses,
        )
