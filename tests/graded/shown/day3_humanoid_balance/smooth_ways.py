"""Smooth ways from first principles: the quintic that is at rest at both ends, found from those six conditions."""

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case, either

Array = NDArray[np.float64]

# Rows: place, speed, acceleration at 0, the same at 1; columns: coefficients of 1, u, ... u^5.
_CONDITIONS = np.array(
    [
        [1, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 0],
        [0, 0, 2, 0, 0, 0],
        [1, 1, 1, 1, 1, 1],
        [0, 1, 2, 3, 4, 5],
        [0, 0, 2, 6, 12, 20],
    ],
    dtype=float,
)
QUINTIC = np.polynomial.Polynomial(np.linalg.solve(_CONDITIONS, [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]))
PEAK = float(QUINTIC.deriv()(0.5))


def ticks_needed(way: Array, limits: Array, timestep: float, peak: float = PEAK) -> int:
    """The least number of timesteps in which no coordinate is too fast, counted up one by one."""
    ticks = 1
    while np.any(peak * np.abs(way) / (ticks * timestep) > limits):
        ticks += 1
    return ticks


def rows(start: Array, goal: Array, ticks: int, profile=QUINTIC, count: int | None = None) -> Array:
    """Positions at the times 0, 1, ... `ticks` of so many ticks."""
    share = profile(np.arange(ticks + 1 if count is None else count) / ticks)
    return start + np.outer(share, goal - start)


def between_ticks(rng: np.random.Generator, size: int, timestep: float) -> tuple[Array, Array, Array]:
    """Start, goal and limits of a way whose shortest time is clearly no whole number of ticks."""
    while True:
        start, goal = rng.uniform(-1.5, 1.5, (2, size))
        limits = rng.uniform(0.5, 3.0, size)
        ticks = PEAK * np.max(np.abs(goal - start) / limits) / timestep
        if 0.25 < ticks % 1.0 < 0.75 and ticks > 20:
            return start, goal, limits


def whole_ticks(ticks: int) -> tuple[Array, Array, Array, float]:
    """Start, goal, limits and timestep of a way whose shortest time is just so many ticks, in exact numbers."""
    return np.array([0.5, 2.0]), np.array([1.5, 2.25]), np.array([2.0, 4.0]), 0.9375 / ticks


def way_case(student, start: Array, goal: Array, limits: Array, timestep: float, what: str) -> Case:
    """The student's way beside the right one and those of known mistakes."""
    way = goal - start
    ticks = ticks_needed(way, limits, timestep)
    got = student.minimum_jerk(start.copy(), goal.copy(), limits.copy(), timestep)
    right = rows(start, goal, ticks)
    exact = PEAK * float(np.max(np.abs(way) / limits)) / timestep

    def lasting(number: float) -> Array:
        return rows(start, goal, max(1, int(number)))

    slips = {
        "mean-speed-kept": lasting(ticks_needed(way, limits, timestep, 1.0)),
        "straight-line": either(
            got,
            rows(start, goal, ticks, np.polynomial.Polynomial([0.0, 1.0])),
            rows(start, goal, ticks_needed(way, limits, timestep, 1.0), np.polynomial.Polynomial([0.0, 1.0])),
        ),
        "cubic": either(
            got,
            rows(start, goal, ticks, np.polynomial.Polynomial([0.0, 0.0, 3.0, -2.0])),
            rows(
                start,
                goal,
                ticks_needed(way, limits, timestep, 1.5),
                np.polynomial.Polynomial([0.0, 0.0, 3.0, -2.0]),
            ),
        ),
        "rounded-down": either(got, lasting(np.floor(exact)), lasting(np.round(exact))),
        "last-row-missing": either(
            got, right[:-1], start + np.outer(QUINTIC(np.linspace(0.0, 1.0, ticks)), goal - start)
        ),
        "one-limit-for-all": either(
            got,
            lasting(np.ceil(PEAK * np.abs(way).max() / limits.min() / timestep)),
            lasting(np.ceil(PEAK * np.abs(way).max() / limits.max() / timestep)),
            lasting(np.ceil(PEAK * np.linalg.norm(way) / limits.min() / timestep)),
        ),
        "backward-ways-forgotten": lasting(np.ceil(max(PEAK * float(np.max(way / limits)) / timestep, 1.0))),
        "each-by-itself": _each_by_itself(start, goal, limits, timestep, ticks),
        "quickest-decides": lasting(np.ceil(PEAK * float(np.min(np.abs(way) / limits)) / timestep)),
        "way-without-start": right - start,
    }
    return Case(what, got, right, slips)


def _each_by_itself(start: Array, goal: Array, limits: Array, timestep: float, ticks: int) -> Array:
    columns = []
    for a, b, limit in zip(start, goal, limits, strict=True):
        own = ticks_needed(np.array([b - a]), np.array([limit]), timestep)
        columns.append(a + (b - a) * QUINTIC(np.minimum(np.arange(ticks + 1) / own, 1.0)))
    return np.column_stack(columns)
