"""A hand follows a cup that somebody draws to and fro, by pictures that are some time old: does it catch it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.chunks.delays import InjectedDelay

Array = NDArray[np.float64]

SWING: Final = 0.18
"""m, by which the cup goes to either side"""
ROOM: Final = 0.025
"""m, that the open fingers leave to either side of the cup"""
TICK: Final = 1.0 / 30.0
"""s, of the robot's loop"""
SOONEST: Final = 0.1
"""s, from one question to the next, at least"""
SECONDS: Final = 8.0
TRIES: Final = 24
"""moments at which the hand closes"""


@dataclass(frozen=True)
class Chase:
    """How a hand followed a cup, tick by tick.

    Attributes:
        times: (n,) s.
        cup, hand: (n,) m to the left, where they were.
        ages: (n,) s, of the picture that the hand acted on.
        tries: ticks at which it closed.
        bears: s, the age from which a cup at full speed is out of the fingers.
    """

    times: Array
    cup: Array
    hand: Array
    ages: Array
    tries: Array
    bears: float

    @property
    def caught(self) -> NDArray[np.bool_]:
        """Of each try, whether the cup was between the fingers."""
        found: NDArray[np.bool_] = np.abs(self.hand - self.cup)[self.tries] < ROOM
        return found


def bears(speed: float) -> float:
    """Return how old a picture may be, s, of a cup that moves with `speed` m/s: inf where it stands."""
    return ROOM / speed if speed > 0.0 else np.inf


def chase(delay: float, jitter: float, speed: float, *, ahead: bool = False, seed: int = 0) -> Chase:
    """Let a hand follow a cup.

    It is where the newest answer says. An answer says where the cup was in the picture; or, `ahead`, where it will be
    if it goes on as it went there. The next picture is sent when the answer to the last one has come.

    Args:
        delay: s, from picture to answer, on the average.
        jitter: -, standard deviation of its logarithm.
        speed: m/s, of the cup in the middle of its swing.
        ahead: whether the age of a picture is reckoned with.
        seed: draws the delays.

    Raises:
        ValueError: a number is negative.
    """
    if not speed >= 0.0:
        raise ValueError(f"speed is {speed}, expected 0 m/s or more")
    drawn = InjectedDelay(delay, jitter, np.random.default_rng(seed))
    times: Array = TICK * np.arange(round(SECONDS / TICK), dtype=np.float64)
    turning = speed / SWING
    cup = SWING * np.sin(turning * times)
    hand, ages = np.zeros_like(times), np.zeros_like(times)
    seen, asked, comes = 0.0, 0.0, drawn.draw()
    for tick, now in enumerate(times):
        if now >= comes:
            seen = asked
        if now >= max(comes, asked + SOONEST):
            asked, comes = now, now + drawn.draw()
            seen = asked if comes <= now else seen
        ages[tick] = now - seen
        place, velocity = SWING * np.sin(turning * seen), speed * np.cos(turning * seen)
        hand[tick] = place + (velocity * ages[tick] if ahead else 0.0)
    tries = np.linspace(len(times) // 12, len(times) - 1, TRIES).round().astype(int)
    return Chase(times, cup, hand, ages, tries, bears(speed))
