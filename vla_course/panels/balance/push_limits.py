"""How hard a push theory allows in every direction, and how hard a push the robot really withstands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from matplotlib import rc_context
from numpy.typing import NDArray

from vla_course.motion.standing.loop import Balancer
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.trial import Trial, simulate
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture
from vla_course.panels.drawing.traces import Formula, footprints

Array = NDArray[np.float64]

STEP: Final = 0.1
"""resolution of the search, as a fraction of the limit that theory gives"""
_LOWEST, _HARDEST = 0.3, 2.0
_ALL_ROUND: Final = np.arange(360.0)
"""degrees, at which the formula is drawn: at fewer the corners of the support are cut off"""


@dataclass(frozen=True)
class PushLimits:
    """Push limits all round; headings in degrees, 0 forward, 90 to the left."""

    headings: Array
    """(n,) degrees"""
    predicted: Array
    """(n,) N s/kg, by the formula"""
    survived: Array
    """(n,) N s/kg, the hardest push of the search that the robot stood; nan where it was not pushed"""
    mirrored: NDArray[np.bool_]
    """(n,) whether `survived` was taken from the other side, the robot being the same left and right"""
    ring: Array
    """(360,) N s/kg, by the formula, degree by degree"""
    soles: tuple[Array, ...]
    """outlines (4, 2) m of the soles, seen from the centre of mass"""
    omega: float
    """1/s: sqrt(g / c_z), which turns a distance into a push"""


def predict(no_step_push_limit: Formula, home: MotionRecord, directions: int = 12) -> PushLimits:
    """Ask the formula for the limit of a robot that stands as at the end of `home`, in `directions` directions."""
    headings = np.linspace(0.0, 360.0, directions, endpoint=False)
    com, polygon = home.center_of_mass[-1], home.support_polygons[-1]

    def limits(degrees: Array) -> Array:
        units = np.column_stack((np.cos(np.radians(degrees)), np.sin(np.radians(degrees))))
        return np.array([float(no_step_push_limit(com, polygon, unit, home.gravity)) for unit in units])

    return PushLimits(
        headings,
        limits(headings),
        np.full(directions, np.nan),
        np.zeros(directions, dtype=bool),
        limits(_ALL_ROUND),
        tuple(sole - com[:2] for sole in footprints(home, len(home.time) - 1)),
        float(np.sqrt(home.gravity / com[2])),
    )


def measure(
    predicted: PushLimits,
    controller: Callable[[], Balancer | None],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> PushLimits:
    """Push a real robot all round, harder and harder, until it falls; right is taken from left.

    `controller` makes a fresh one for every push; `progress` is told directions done and all of them.
    """
    found, mirrored = np.full(len(predicted.headings), np.nan), predicted.headings > 180.0 + 1e-9
    todo = np.flatnonzero(~mirrored)
    for done, k in enumerate(todo):
        if progress is not None:
            progress(done, len(todo))
        found[k] = _hardest(controller, float(predicted.headings[k]), float(predicted.predicted[k]))
    if progress is not None:
        progress(len(todo), len(todo))
    for k in np.flatnonzero(mirrored):
        twin = np.argmin(np.abs(predicted.headings - (360.0 - predicted.headings[k])))
        found[k] = found[twin]
    return replace(predicted, survived=found, mirrored=mirrored)


def _hardest(controller: Callable[[], Balancer | None], heading: float, limit: float) -> float:
    def stands(share: float) -> bool:
        return not simulate(Trial(heading, share * limit), controller()).fell

    share = 1.2  # about where the course's controller ends: the search is short
    if stands(share):
        while share + STEP <= _HARDEST and stands(share + STEP):
            share += STEP
        return share * limit
    while share - STEP >= _LOWEST:
        share -= STEP
        if stands(share):
            return share * limit
    return 0.0


def push_limit_picture(limits: PushLimits, *, title: str = "") -> Picture:
    """Draw limits over directions as seen from above: forward is up, left is left."""
    with rc_context(style.look()):
        figure = Picture(figsize=(5.6, 5.2), layout="constrained", facecolor="white")
        axes = figure.add_subplot(projection="polar")
        axes.set_theta_zero_location("N")  # type: ignore[attr-defined]
        angle, around = np.radians(limits.headings), np.radians(_ALL_ROUND)
        for number, sole in enumerate(limits.soles):
            label = "soles, drawn as ω · distance" if number == 0 else None
            axes.fill(*_polar(limits.omega * sole), color=style.GROUND, label=label, zorder=0.8)
        ring = np.append(np.arange(len(around)), 0)
        formula = "theory: ω · distance to the edge"
        axes.plot(around[ring], limits.ring[ring], color=style.DCM, ls="--", label=formula)
        axes.fill(around, limits.ring, color=style.DCM, alpha=0.10)
        ran = ~np.isnan(limits.survived)
        alone = ran & ~limits.mirrored
        if ran.any():
            axes.plot(
                angle[alone], limits.survived[alone], "o", color=style.INK, ms=7, label="the robot stood"
            )
            twin = ran & limits.mirrored
            if twin.any():
                points = (angle[twin], limits.survived[twin])
                axes.plot(*points, "o", ms=7, mfc="none", color=style.INK, label="mirrored")
        axes.set_xticks(np.radians(np.arange(0, 360, 45)))
        axes.set_xticklabels(["forward", "", "left", "", "back", "", "right", ""])
        axes.set_rlabel_position(22.5)  # type: ignore[attr-defined]
        farthest = max(float(limits.ring.max()), float(np.nanmax(np.where(ran, limits.survived, 0.0))))
        axes.set_ylim(0.0, max(1.15 * farthest, 0.1))
        axes.set_xlabel("impulse / mass (N s/kg)")
        figure.legend(loc="outside lower center", fontsize=9, ncols=2, columnspacing=1.2)
        if title:
            figure.suptitle(title, x=0.02, ha="left", fontsize=11.5, fontweight="bold", color=style.INK)
    figure.alt = "Polar plot of the push that theory allows in every direction: the outline of the support"
    if ran.any():
        shares = limits.survived[ran] / limits.predicted[ran]
        figure.alt += f"; the robot stood {shares.min():.1f} to {shares.max():.1f} times that"
    figure.alt += "."
    return figure


def _polar(outline: Array) -> tuple[Array, Array]:
    """Return angle (n,) rad and size (n,) of points along the edges of an outline (m, 2)."""
    ends, along = np.roll(outline, -1, axis=0), np.linspace(0.0, 1.0, 20, endpoint=False)[:, None]
    points = np.concatenate([a + along * (b - a) for a, b in zip(outline, ends, strict=True)])
    return np.arctan2(points[:, 1], points[:, 0]), np.hypot(points[:, 0], points[:, 1])
