"""Which footholds a leg reaches from a standing foot, and what such a step costs on flat ground.

A step is described in the frame of the standing sole: `ahead` and `outward` (m, towards the side of the foot
that swings), `turn` (rad, positive outward) and `rise` (m). So described, left and right are alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.motion.footsteps.plan import STEP_WIDTH
from vla_course.simulation.robot.anatomy import humanoid_joints
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]
LegSolver = Callable[[Side, Array, Array, HumanoidDescription], Array]
"""side, sole position and rotation in the pelvis frame, body -> joint angles (6,); ValueError out of reach"""

AHEAD: Final = (-0.20, 0.35)
OUTWARD: Final = (0.16, 0.32)
TURN: Final = (-0.15, 0.40)
RISE: Final = (-0.10, 0.10)
"""Between these every step lies that a planner may ask for; the legs may reach less."""

PELVIS_HEIGHT: Final = (0.72, 0.74)
"""m above the lower sole, at which the robot walks"""
_SPARE: Final = 0.02
"""rad, by which every joint stays inside of its limits"""

_EFFORTS: Final = (1.2, 0.8, 0.6)
"""what a step costs more than 1 where it is as long, as wide or as turned as it may be"""
RISE_COST: Final = 1.0
"""what a rise or fall of 10 cm costs"""


def effort(ahead: ArrayLike, outward: ArrayLike, turn: ArrayLike) -> Array:
    """Return what steps (m, m, rad) cost on flat ground: 1 for a step on the spot, more for longer ones.

    A stride of 0.32 m is the cheapest way per metre.
    """
    along, aside, around = _EFFORTS
    cost: Array = (
        1.0
        + along * (np.asarray(ahead) / np.where(np.asarray(ahead) < 0.0, AHEAD[0], AHEAD[1])) ** 2
        + aside * ((np.asarray(outward) - STEP_WIDTH) / (OUTWARD[1] - STEP_WIDTH)) ** 2
        + around * (np.asarray(turn) / TURN[1]) ** 2
    )
    return cost


def within_reach(ahead: ArrayLike, outward: ArrayLike, turn: ArrayLike) -> NDArray[np.bool_]:
    """Tell which steps lie between `AHEAD`, `OUTWARD` and `TURN`."""
    inside = np.ones(np.broadcast(ahead, outward, turn).shape, dtype=bool)
    for value, (low, high) in zip((ahead, outward, turn), (AHEAD, OUTWARD, TURN), strict=True):
        inside &= (np.asarray(value) >= low - 1e-9) & (np.asarray(value) <= high + 1e-9)
    return inside


def step_between(
    standing: ArrayLike, landing: ArrayLike, left_swings: ArrayLike
) -> tuple[Array, Array, Array]:
    """Return ahead, outward (m) and turn (rad) of steps from sole poses to sole poses (..., 3) x, y, yaw."""
    here, there = np.asarray(standing, dtype=np.float64), np.asarray(landing, dtype=np.float64)
    sign = np.where(left_swings, 1.0, -1.0)
    x, y, turn = np.moveaxis(there - here, -1, 0)
    c, s = np.cos(here[..., 2]), np.sin(here[..., 2])
    turn = (turn + np.pi) % (2.0 * np.pi) - np.pi
    return c * x + s * y, sign * (c * y - s * x), sign * turn


@dataclass(frozen=True, eq=False)
class LegReach:
    """The lowest and highest rise (m) that both legs can follow, over a grid of steps; nan where none."""

    axes: tuple[Array, Array, Array]
    low: Array
    high: Array

    def rises(self, ahead: ArrayLike, outward: ArrayLike, turn: ArrayLike) -> tuple[Array, Array]:
        """Return the rises (m) between which steps of one shape are reachable; low > high where none is.

        The worst of the eight steps of the grid around counts, so that every step in between is reachable.
        """
        corners = []
        for axis, value in zip(self.axes, (ahead, outward, turn), strict=True):
            cell = np.clip(np.searchsorted(axis, value, side="right") - 1, 0, len(axis) - 2)
            corners.append((cell, cell + 1))
        low, high = np.full(np.shape(ahead), -np.inf), np.full(np.shape(ahead), np.inf)
        for corner in product(*corners):
            low, high = np.maximum(low, self.low[corner]), np.minimum(high, self.high[corner])
        return np.nan_to_num(low, nan=np.inf), np.nan_to_num(high, nan=-np.inf)


@lru_cache(maxsize=4)
def leg_reach(solve_leg: LegSolver, body: HumanoidDescription | None = None) -> LegReach:
    """Tabulate which steps the legs of `body` reach, by inverse kinematics of both legs.

    The pelvis is midway between the feet, turned half as far as they are, 0.72 to 0.74 m above the lower one.
    """
    body = body or HumanoidDescription()
    axes = tuple(np.linspace(*span, count) for span, count in ((AHEAD, 8), (OUTWARD, 3), (TURN, 4)))
    levels = np.linspace(*RISE, 9)
    limits = leg_limits(body)
    low, high = np.full((2, 8, 3, 4), np.nan)
    for place in np.ndindex(8, 3, 4):
        ahead, outward, turn = (axis[k] for axis, k in zip(axes, place, strict=True))
        good = [rise for rise in levels if reaches(solve_leg, body, limits, ahead, outward, turn, rise)]
        # A hole inside would be an error of the legs: the reachable rises are one interval.
        if good and len(good) == round((good[-1] - good[0]) / (levels[1] - levels[0])) + 1:
            low[place], high[place] = good[0], good[-1]
    return LegReach((axes[0], axes[1], axes[2]), low, high)


def reaches(
    solve_leg: LegSolver,
    body: HumanoidDescription,
    limits: Array,
    ahead: float,
    outward: float,
    turn: float,
    rise: float,
) -> bool:
    """Tell whether both legs reach one step at every walking height, joints inside `limits` (2, 6, 2) rad."""
    half = turn / 2.0
    middle = np.array((ahead, outward, 0.0)) / 2.0
    lower = min(0.0, rise)
    soles: tuple[tuple[Side, Array, float], ...] = (
        ("right", np.zeros(3), 0.0),
        ("left", np.array((ahead, outward, rise)), turn),
    )
    for height in PELVIS_HEIGHT:
        pelvis, rotation = middle + (0.0, 0.0, lower + height), _about_z(half)
        for (side, place, yaw), limit in zip(soles, limits[::-1], strict=True):
            try:
                angles = solve_leg(side, rotation.T @ (place - pelvis), _about_z(yaw - half), body)
            except ValueError:
                return False
            if np.any(angles < limit[:, 0] + _SPARE) or np.any(angles > limit[:, 1] - _SPARE):
                return False
    return True


def leg_limits(body: HumanoidDescription) -> Array:
    """Return the joint limits (2, 6, 2) rad of left and right leg."""
    limits = np.array([joint.limits for joint in humanoid_joints(body)[:12]])
    return limits.reshape(2, 6, 2)


def _about_z(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))


def _tried() -> Iterable[tuple[float, float, float]]:
    yield from product(
        (-0.20, -0.10, 0.0, 0.10, 0.20, 0.28, 0.35), (STEP_WIDTH,), (-0.1, 0.0, 0.1, 0.2, 0.39)
    )
    yield from product((-0.10, 0.0, 0.10, 0.20), (0.175, 0.25, 0.30), (0.0,))
    yield from product((0.0,), (0.175, 0.25), (-0.1, 0.2, 0.39))


STEPS_TRIED: Final[Array] = np.array(list(_tried()))
"""(n, 3) ahead, outward, turn: the steps that a search tries from every foothold"""


@lru_cache(maxsize=1)
def cheapest_rates() -> tuple[float, float]:
    """Return rates a per metre and b per radian such that no step costs less than hypot(a way, b turn).

    `way` (m) is how far the step moves the middle between the feet, `turn` (rad) by how much it turns. Because
    hypot is a norm, no plan either costs less than hypot(a, b) of the whole way and the whole turn. A
    thousandth is taken off for what lies between the steps looked at.
    """
    ahead, outward, turn = np.meshgrid(
        np.linspace(*AHEAD, 56), np.linspace(*OUTWARD, 17), np.linspace(*TURN, 56), indexing="ij"
    )
    half = STEP_WIDTH / 2.0
    # the middle lies half a step width inside of each sole: at y = half of the standing one, to its left
    way = np.hypot(ahead + half * np.sin(turn), outward - half * np.cos(turn) - half)
    along, _, around = _EFFORTS
    rates = 2.0 * np.sqrt(along) / AHEAD[1], 2.0 * np.sqrt(around) / TURN[1]
    bound = np.hypot(rates[0] * way, rates[1] * turn)
    share = 0.999 * float((effort(ahead, outward, turn) / np.maximum(bound, 1e-9)).min())
    return share * rates[0], share * rates[1]
