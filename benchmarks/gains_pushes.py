"""Pushes that a robot survives or not, and what every trial on its feet needs."""

from collections.abc import Callable, Sequence
from math import cos, hypot, nan, sin

import numpy as np
from forked import forked
from numpy.typing import NDArray

from vla_course.motion.standing.body import StandingBody
from vla_course.simulation.robot.humanoid import Humanoid

Array = NDArray[np.float64]
Tick = Callable[[], object]

LOOK = 10
"""ticks between two looks at the robot"""
_SETTLES = 5
"""looks on end at which a robot has to be settled"""
_REELS, _RECOVERS = 0.5, 1.8
"""s after a push: till then a robot may reel whatever it likes, and after that one that has not fallen stays up"""


def goes_on(humanoid: Humanoid, tick: Tick, ticks: int) -> bool:
    """Let time pass; return whether the robot is still up. A leg stretched out counts as a fall."""
    return not _falls(humanoid, tick, ticks, lambda: False)


def survives(humanoid: Humanoid, tick: Tick, way: Array, settled: Callable[[], bool]) -> bool:
    """Return whether the robot stays up after a push of `way` (2,) N s/kg over 0.1 s, tried in a child process.

    `settled` says whether the robot goes on as if nothing had been: then nobody waits any longer.
    """

    def trial() -> bool:
        humanoid.push(humanoid.mass * np.append(way, 0.0))
        tick_time = 2.0 * humanoid.world.timestep
        if not goes_on(humanoid, tick, round(_REELS / tick_time)):
            return False
        return not _falls(humanoid, tick, round((_RECOVERS - _REELS) / tick_time), settled)

    return forked(trial)


def hardest(survives_level: Callable[[float], bool], low: float, high: float, rounds: int) -> float:
    """Return the hardest level survived between `low` and `high`, the middle of what `rounds` halvings leave."""
    for _ in range(rounds):
        middle = (low + high) / 2.0
        low, high = (middle, high) if survives_level(middle) else (low, middle)
    return (low + high) / 2.0


def rests(body: StandingBody) -> bool:
    """Return whether nothing moves and the trunk is upright."""
    balance = body.balance
    speeds = np.concatenate((balance.com_velocity, balance.trunk_angular_velocity))
    return float(np.linalg.norm(speeds)) < 0.05 and hypot(*balance.trunk_tilt[:2]) < 0.02


def towards(direction: float) -> Array:
    """Return the unit vector (2,) in a direction, rad."""
    return np.array([cos(direction), sin(direction)])


def rms(errors: Sequence[Array]) -> float:
    """Return the root of the mean square of vectors (2,) m, in mm; nan where there are none."""
    if not errors:
        return nan
    return float(1e3 * np.sqrt((np.array(errors) ** 2).sum(axis=1).mean()))


def _falls(humanoid: Humanoid, tick: Tick, ticks: int, settled: Callable[[], bool]) -> bool:
    """Let time pass until the robot has fallen or is settled; return whether it fell."""
    calm = 0
    for k in range(ticks):
        try:
            tick()
        except ValueError as why:
            if "stretched out" not in str(why):
                raise
            return True
        if k % LOOK == 0:
            if humanoid.has_fallen():
                return True
            calm = calm + 1 if settled() else 0
            if calm == _SETTLES:
                return False
    return humanoid.has_fallen()
