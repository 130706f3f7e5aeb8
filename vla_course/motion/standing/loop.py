"""The standing loop: sense, decide, drive - and two steps of the world, 250 times a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.record import MotionRecord, Recorder
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.model import RobotModel

Array = NDArray[np.float64]

_LOOK = 10
"""ticks between two looks at whether the robot lies on the ground"""


class Balancer(Protocol):
    """Anything that keeps balance: the student's `BalanceController` or the reference's."""

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands: ...


@dataclass(frozen=True)
class Push:
    """A hand on the trunk, at the height of the centre of mass."""

    time: float
    """s, when it begins"""
    impulse: tuple[float, float, float]
    """N s, world frame"""
    duration: float = 0.1
    """s"""


def stand(
    humanoid: Humanoid,
    controller: Balancer | None,
    duration: float,
    pushes: Sequence[Push] = (),
    model: RobotModel | None = None,
    steps_per_tick: int = 2,
) -> MotionRecord:
    """Let `humanoid` stand for `duration` s under `controller`, pushed now and then, and record it.

    Without a controller the servos hold the home posture: a statue. The run ends early, one second
    after a fall. `model` is what the controller believes about the robot; by default the masses it
    really has. The controller decides once in `steps_per_tick` steps of the world; the motors hold their
    torque in between. Times of pushes count from the start of the run.
    """
    world = humanoid.world
    body = StandingBody(humanoid, model or RobotModel.of(humanoid), steps_per_tick)
    recorder, start, fell_at = Recorder(), world.time, None
    recorder.add(body.balance, body.state, np.zeros(3))
    waiting = sorted(pushes, key=lambda push: push.time)
    for tick in range(round(duration / body.tick)):
        elapsed = world.time - start
        while waiting and waiting[0].time <= elapsed + 1e-9:
            push = waiting.pop(0)
            humanoid.push(np.array(push.impulse), push.duration)
        if controller is None or fell_at is not None:
            humanoid.command(HOME_POSTURE)
        else:
            body.drive(controller.calculate_balance_commands(body.balance).joint_adjustments)
        body.advance()
        body.sense()
        recorder.add(body.balance, body.state, force_on(pushes, elapsed))
        if fell_at is None and tick % _LOOK == 0 and humanoid.has_fallen():
            fell_at = world.time - start
        if fell_at is not None and world.time - start > fell_at + 1.0:
            break
    return recorder.finish(fell_at)


def force_on(pushes: Sequence[Push], elapsed: float) -> Array:
    """Return the sum (3,) N of the pushes that act over the step which begins at `elapsed` s."""
    force = np.zeros(3)
    for push in pushes:
        if push.time - 1e-9 <= elapsed < push.time + push.duration - 1e-9:
            force += np.array(push.impulse) / push.duration
    return force
