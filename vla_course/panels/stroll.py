"""A walk as an experiment: where to, under whose parts, pushed when - and the record that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.record import MotionRecord, Recorder
from vla_course.motion.standing import Push
from vla_course.motion.step_sources import StepSource
from vla_course.motion.walking import Walker, WalkingParts
from vla_course.simulation.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.world import World

Array = NDArray[np.float64]

_LOOK = 10
"""ticks between two looks at whether the robot lies on the ground"""
_LIES = 0.6
"""s, for which a robot that fell is shown"""


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

    `parts` are the student's pieces, by default the reference's; `build` puts things into the world;
    with `until_done` the run ends as soon as the robot stands and has no step left to make.
    """
    with World(seed=0) as world:
        humanoid = Humanoid(world)
        if build is not None:
            build(world)
        walker = Walker(humanoid, source, parts)
        walker.moves_steps = moves_steps
        body, recorder, fell_at = walker.body, Recorder(), None
        recorder.add(body.balance, body.state, np.zeros(3))
        waiting, start = sorted(pushes, key=lambda push: push.time), world.time
        for tick in range(round(seconds / body.tick)):
            elapsed = world.time - start
            while waiting and waiting[0].time <= elapsed + 1e-9:
                push = waiting.pop(0)
                humanoid.push(np.array(push.impulse), push.duration)
            if fell_at is None:
                walker.tick()
            else:
                humanoid.command(HOME_POSTURE)
                for _ in range(round(body.tick / world.timestep)):
                    world.step()
                body.sense()
            recorder.add(body.balance, body.state, _force_on(pushes, elapsed))
            if fell_at is None and tick % _LOOK == 0 and humanoid.has_fallen():
                fell_at = world.time - start
            if fell_at is not None and world.time - start > fell_at + _LIES:
                break
            # The first steps are not made at once: a walker that has made none is not done yet.
            if until_done and elapsed > walker.gait.first_shift and _rests(walker):
                break
        return recorder.finish(fell_at)


def _rests(walker: Walker) -> bool:
    speed = walker.body.balance.com_velocity[:2]
    return walker.phase == "stand" and walker.time_left <= 0.0 and float(np.hypot(*speed)) < 0.02


def _force_on(pushes: Sequence[Push], elapsed: float) -> Array:
    """Return the sum (3,) N of the pushes that act over the tick which begins at `elapsed` s."""
    force = np.zeros(3)
    for push in pushes:
        if push.time - 1e-9 <= elapsed < push.time + push.duration - 1e-9:
            force += np.array(push.impulse) / push.duration
    return force
