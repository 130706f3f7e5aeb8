"""The walking loop: a walker on its way, pushed now and then, and recorded."""

from collections.abc import Callable, Sequence

import numpy as np

from vla_course.motion.gait import GaitConfig
from vla_course.motion.record import MotionRecord, Recorder
from vla_course.motion.standing import Push, force_on
from vla_course.motion.step_sources import StepSource
from vla_course.motion.walking import Walker, WalkingParts
from vla_course.simulation.humanoid import Humanoid
from vla_course.simulation.robot_model import RobotModel

_LOOK = 10
"""ticks between two looks at whether the robot lies on the ground"""


def walk(
    humanoid: Humanoid,
    source: StepSource,
    duration: float,
    pushes: Sequence[Push] = (),
    parts: WalkingParts | None = None,
    gait: GaitConfig | None = None,
    model: RobotModel | None = None,
    moves_steps: bool = True,
    each_tick: Callable[[Walker, float], object] | None = None,
) -> MotionRecord:
    """Let `humanoid` walk wherever `source` says for `duration` s and record it.

    `parts` are the student's pieces, by default the reference's; `model` is what they believe about the
    robot. `moves_steps` says whether a push may move a step. `each_tick(walker, elapsed)` runs before every
    tick, for instance to change the velocity commanded. The run ends early, one second after a fall. Times of
    pushes and `elapsed` count from the start of the run.
    """
    world = humanoid.world
    walker = Walker(humanoid, source, parts, gait, model)
    walker.moves_steps = moves_steps
    recorder, start, fell_at = Recorder(), world.time, None
    recorder.add(walker.body.balance, walker.body.state, np.zeros(3))
    waiting = sorted(pushes, key=lambda push: push.time)
    for tick in range(round(duration / walker.body.tick)):
        elapsed = world.time - start
        while waiting and waiting[0].time <= elapsed + 1e-9:
            push = waiting.pop(0)
            humanoid.push(np.array(push.impulse), push.duration)
        if each_tick is not None:
            each_tick(walker, elapsed)
        walker.tick()
        recorder.add(walker.body.balance, walker.body.state, force_on(pushes, elapsed))
        if fell_at is None and tick % _LOOK == 0 and humanoid.has_fallen():
            fell_at = world.time - start
        if fell_at is not None and world.time - start > fell_at + 1.0:
            break
    return recorder.finish(fell_at)
