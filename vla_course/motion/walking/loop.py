"""The walking loop: a walker on its way, pushed now and then, and recorded."""

from collections.abc import Callable, Sequence

import numpy as np

from vla_course.motion.standing.loop import Push, force_on
from vla_course.motion.standing.record import MotionRecord, Recorder
from vla_course.motion.standing.senses import SenseNoise
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import StepSource
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.model import RobotModel

_LOOK = 10
"""ticks between two looks at whether the robot lies on the ground"""
_LIES = 0.6
"""s, for which a robot that fell is recorded"""


def walk(
    humanoid: Humanoid,
    source: StepSource,
    duration: float,
    pushes: Sequence[Push] = (),
    parts: WalkingParts | None = None,
    gait: GaitConfig | None = None,
    model: RobotModel | None = None,
    *,
    moves_steps: bool = True,
    until_done: bool = False,
    senses: SenseNoise | None = None,
    each_tick: Callable[[float], object] | None = None,
) -> MotionRecord:
    """Let `humanoid` walk wherever `source` says for `duration` s and record it.

    `parts` are the student's pieces, by default the reference's; `model` is what they believe about the
    robot. `moves_steps` says whether a push may move a step. With `until_done` the run ends as soon as the robot
    stands and has no step left to make. `senses` is what is wrong with what the robot senses, by default
    nothing; the world's generator draws the noise. `each_tick(elapsed)` runs before every tick, for instance to change
    the velocity commanded. A robot that falls goes stiff, and the run ends soon after. Times of pushes and
    `elapsed` count from the start of the run.
    """
    world = humanoid.world
    walker = Walker(humanoid, source, parts, gait, model, noise=senses)
    walker.moves_steps = moves_steps
    body, recorder, start, fell_at = walker.body, Recorder(), world.time, None
    recorder.add(body.balance_in_world, body.state, np.zeros(3))
    waiting = sorted(pushes, key=lambda push: push.time)
    for tick in range(round(duration / body.tick)):
        elapsed = world.time - start
        while waiting and waiting[0].time <= elapsed + 1e-9:
            push = waiting.pop(0)
            humanoid.push(np.array(push.impulse), push.duration)
        if each_tick is not None:
            each_tick(elapsed)
        if fell_at is None:
            walker.tick()
        else:
            _lie(walker)
        recorder.add(body.balance_in_world, body.state, force_on(pushes, elapsed))
        if fell_at is None and tick % _LOOK == 0 and humanoid.has_fallen():
            fell_at = world.time - start
        if fell_at is not None and world.time - start > fell_at + _LIES:
            break
        # The first steps are not made at once: a walker that has made none is not done yet.
        if until_done and elapsed > walker.gait.first_shift and _rests(walker):
            break
    return recorder.finish(fell_at)


def _lie(walker: Walker) -> None:
    """Let a tick pass for a robot that has given up: its joints go back to the home posture."""
    walker.humanoid.command(HOME_POSTURE)
    walker.body.advance()
    walker.body.sense()


def _rests(walker: Walker) -> bool:
    speed = walker.body.balance.com_velocity[:2]
    return walker.body.stands and float(np.hypot(*speed)) < 0.02
