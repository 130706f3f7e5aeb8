"""How hard a push theory allows in every direction, and how hard a one the robot really stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib import rc_context
from numpy.typing import NDArray

from vla_course.motion.standing.loop import Balancer
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.trial import Trial, simulate
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture
from vla_course.panels.drawing.traces import Formula

Array = NDArray[np.float64]

STEP: Final = 0.1
"""resolution of the search, as a share of the limit that theory gives"""
_LOWEST, _HARDEST = 0.3, 2.0


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


def predict(no_step_push_limit: Formula, home: MotionRecord, directions: int = 12) -> PushLimits:
    """Ask the formula for the limit of a robot that stands as at the end of `home`."""
    headings = np.linspace(0.0, 360.0, directions, endpoint=False)
    units = np.column_stack((np.cos(np.radians(headings)), np.sin(np.radians(headings))))
    com, polygon = home.center_of_mass[-1], home.support_polygons[-1]
    limits = np.array([float(no_step_push_limit(com, polygon, unit, home.gravity)) for unit in units])
    return PushLimits(headings, limits, np.full(directions, np.nan), np.zeros(directions, dtype=bool))


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
    return PushLimits(predicted.headings, predicted.predicted, found, mirrored)


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
        angle = np.radians(limits.headings)
        ring = np.append(np.arange(len(angle)), 0)
        formula = "theory: ω · distance to the edge"
        axes.plot(angle[ring], limits.predicted[ring], color=style.DCM, ls="--", label=formula)
        axes.fill(angle, limits.predicted, color=style.DCM, alpha=0.10)
        ran = ~np.isnan(limits.survived)
        alone = ran & ~limits.mirrored
        if ran.any():
            axes.plot(
                angle[alone], limits.survived[alone], "o", color=style.COM, ms=8, label="the robot stood"
            )
            twin = ran & limits.mirrored
            if twin.any():
                points = (angle[twin], limits.survived[twin])
                axes.plot(*points, "o", ms=8, mfc="none", color=style.COM, label="mirrored")
        axes.set_xticks(np.radians(np.arange(0, 360, 45)))
        axes.set_xticklabels(["forward", "", "left", "", "back", "", "right", ""])
        axes.set_rlabel_position(22.5)  # type: ignore[attr-defined]
        farthest = float(np.nanmax([limits.predicted, np.where(ran, limits.survived, 0.0)]))
        axes.set_ylim(0.0, max(1.15 * farthest, 0.1))
        axes.set_xlabel("impulse / mass (N s/kg)")
        figure.legend(loc="outside lower center", fontsize=9, ncols=3, columnspacing=1.2)
        if title:
            figure.suptitle(title, x=0.02, ha="left", fontsize=11.5, fontweight="bold", color=style.INK)
    figure.alt = "Polar plot of the push that theory allows in every direction"
    if ran.any():
        shares = limits.survived[ran] / limits.predicted[ran]
        figure.alt += f"; the robot stood {shares.min():.1f} to {shares.max():.1f} times that"
    figure.alt += "."
    return figure
