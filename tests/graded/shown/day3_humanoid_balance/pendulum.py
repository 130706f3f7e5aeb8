"""The linear inverted pendulum, let fall by the test itself: c'' = (g / c_z)(c - p)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def seconds_of_speed(height: float, gravity: float) -> float:
    """How far ahead of it, in m for each m/s, the ZMP must be put so that the pendulum comes to rest above it.

    Found by letting it fall: after a long time only the growing part of the motion is left, and it is
    A (c - p) + B c'. The pendulum comes to rest where the two cancel, at p = c + (B / A) c'.
    """
    return _grown(0.0, 1.0, height, gravity) / _grown(1.0, 0.0, height, gravity)


def _grown(offset: float, speed: float, height: float, gravity: float) -> float:
    """Where the pendulum is after sixteen of its time constants, by classical Runge-Kutta."""
    stiffness = gravity / height
    step = 0.04 / np.sqrt(stiffness)
    for _ in range(400):
        v1, a1 = speed, stiffness * offset
        v2, a2 = speed + step / 2 * a1, stiffness * (offset + step / 2 * v1)
        v3, a3 = speed + step / 2 * a2, stiffness * (offset + step / 2 * v2)
        v4, a4 = speed + step * a3, stiffness * (offset + step * v3)
        offset += step / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
        speed += step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
    return offset


def fall(
    place: Array,
    velocity: Array,
    choose_zmp: Callable[[Array, Array], Array],
    *,
    height: float,
    gravity: float,
    duration: float,
    tick: float,
) -> tuple[Array, Array, Array]:
    """Let the pendulum move with the ZMP chosen anew every `tick` s from its place and velocity (2,).

    Returns places, velocities and chosen ZMPs, each (ticks, 2). Ends early once it is a metre away.
    """
    omega = np.sqrt(gravity / height)
    c, s = np.cosh(omega * tick), np.sinh(omega * tick)
    start, rows = place, []
    for _ in range(round(duration / tick)):
        zmp = np.asarray(choose_zmp(place, velocity), dtype=float)
        rows.append((place, velocity, zmp))
        away = place - zmp
        place, velocity = zmp + c * away + s / omega * velocity, omega * s * away + c * velocity
        if not np.linalg.norm(place - start) < 1.0:
            break
    places, velocities, zmps = (np.array(column) for column in zip(*rows, strict=True))
    return places, velocities, zmps
