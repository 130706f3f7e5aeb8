"""Answers to 3.23 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("mean-speed-kept")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(np.max(np.abs(goal - start) / speed_limits) / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return start + np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@wrong("straight-line")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(np.max(np.abs(goal - start) / speed_limits) / timestep))
    return start + np.outer(np.linspace(0.0, 1.0, ticks + 1), goal - start)


@wrong("cubic")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(15 / 8 * np.max(np.abs(goal - start) / speed_limits) / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return start + np.outer(3 * u**2 - 2 * u**3, goal - start)


@wrong("rounded-down")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, int(15 / 8 * np.max(np.abs(goal - start) / speed_limits) / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return start + np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@wrong("last-row-missing")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(15 / 8 * np.max(np.abs(goal - start) / speed_limits) / timestep))
    u = np.arange(ticks) / ticks
    return start + np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@wrong("one-limit-for-all")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(15 / 8 * np.abs(goal - start).max() / speed_limits.min() / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return start + np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@wrong("backward-ways-forgotten")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(15 / 8 * np.max((goal - start) / speed_limits) / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return start + np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@wrong("each-by-itself")
def minimum_jerk(start, goal, speed_limits, timestep):
    own = np.maximum(1, np.ceil(15 / 8 * np.abs(goal - start) / speed_limits / timestep))
    u = np.minimum(np.arange(own.max() + 1)[:, None] / own, 1.0)
    return start + (10 * u**3 - 15 * u**4 + 6 * u**5) * (goal - start)


@wrong("quickest-decides")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(15 / 8 * np.min(np.abs(goal - start) / speed_limits) / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return start + np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@wrong("way-without-start")
def minimum_jerk(start, goal, speed_limits, timestep):
    ticks = max(1, math.ceil(15 / 8 * np.max(np.abs(goal - start) / speed_limits) / timestep))
    u = np.linspace(0.0, 1.0, ticks + 1)
    return np.outer(10 * u**3 - 15 * u**4 + 6 * u**5, goal - start)


@right("row-by-row")
def minimum_jerk(start, goal, speed_limits, timestep):
    longest = max(1.875 * abs(b - a) / limit for a, b, limit in zip(start, goal, speed_limits))
    ticks = max(1, math.ceil(longest / timestep))
    rows = []
    for tick in range(ticks + 1):
        u = tick / ticks
        s = u * u * u * (u * (6 * u - 15) + 10)
        rows.append([(1 - s) * a + s * b for a, b in zip(start, goal)])
    return np.array(rows)


@right("polynomial-of-numpy")
def minimum_jerk(start, goal, speed_limits, timestep):
    duration = np.abs((goal - start) / speed_limits).max() * 15 / 8
    ticks = -int(-duration // timestep) or 1
    share = np.polyval([6, -15, 10, 0, 0, 0], np.linspace(0, 1, ticks + 1))
    return start[None, :] + share[:, None] * (goal - start)[None, :]
