"""A cart on a table, ridden by the test itself, and the steps that its ZMP is to follow."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

Law = Callable[[Array, float, Array], tuple[Array, float]]
"""One step of a preview controller: state (3,), sum of errors and reference to the next state and sum."""


def ride(state: ArrayLike, jerk: float, timestep: float) -> Array:
    """The state (3,) after `timestep` s of constant jerk, by classical Runge-Kutta (exact for cubics)."""

    def rates(at: Array) -> Array:
        return np.array([at[1], at[2], jerk])

    x, part = np.array(state, dtype=float), timestep / 4
    for _ in range(4):
        k1 = rates(x)
        k2 = rates(x + part / 2 * k1)
        k3 = rates(x + part / 2 * k2)
        k4 = rates(x + part * k3)
        x = x + part / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


def zmp_below(state: ArrayLike, height: float, gravity: float) -> float:
    """The ZMP m of the cart: the point from which a pendulum of that height runs away just so fast."""
    place, _, acceleration = np.asarray(state, dtype=float)
    return float(place - acceleration / (gravity / height))


def footfalls(timestep: float, side: float, start: float, steps: int = 5, rest: float = 1.0) -> Array:
    """The ZMP m that a walk from foot to foot asks for, `side` m left and right, every `timestep` s.

    It stands until `start` s, goes over to one foot in 0.3 s, stands on each for 0.45 s, changes in 0.1 s, and
    comes to `rest` s of standing between the feet.
    """
    times, places = [0.0, start, start + 0.3], [0.0, 0.0, side]
    for step in range(1, steps + 1):
        to = 0.0 if step == steps else side * (-1) ** step
        times += [times[-1] + 0.45, times[-1] + 0.55]
        places += [places[-1], to]
    return np.interp(np.arange(0.0, times[-1] + rest, timestep), times, places)


def walk(law: Law, reference: Array, samples: int, start: ArrayLike = (0.0, 0.0, 0.0)) -> Array:
    """The states (ticks, 3) of a cart that `law` moves along the reference, from rest in the state `start`.

    Beyond its end the reference stays as it is. Ends early once the cart is ten metres away.
    """
    ahead = np.append(reference, np.full(samples, reference[-1]))
    state, total, rows = np.array(start, dtype=float), 0.0, []
    for k in range(len(reference)):
        rows.append(state)
        state, total = law(state, total, ahead[k : k + samples + 1])
        state = np.asarray(state, dtype=float)
        if not np.abs(state[0]) < 10.0:
            break
    return np.array(rows)


def zmps_below(states: Array, height: float, gravity: float) -> Array:
    """The ZMP m of every row of `states` (ticks, 3)."""
    return np.array([zmp_below(state, height, gravity) for state in states])
