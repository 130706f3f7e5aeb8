"""What a robot believes of itself, drawn beside the truth, and how bad a belief may be before it falls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.panels.deployment.belief_ladder import Rung
from vla_course.panels.deployment.estimated_walk import EstimatedWalk
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, look, picture

Array = NDArray[np.float64]

LEFT, RIGHT = style.COP, style.DCM


@rc_context(look())
def landing_picture(walk: EstimatedWalk, window: tuple[float, float] = (1.6, 3.4)) -> Picture:
    """Draw what the accelerometer and the force sensors show while the robot makes a few steps."""
    some = (walk.time >= window[0]) & (walk.time <= window[1])
    force, time = walk.specific_force[some], walk.time[some]
    figure, (above, below) = picture(2, 1, height=3.8, alt="", sharex=True)
    above.plot(time, force[:, 2], color=style.COM, lw=1.0, label="upwards")
    above.plot(time, force[:, 0], color=style.CART_TABLE, lw=1.0, label="ahead")
    above.axhline(9.81, color=style.SOFT, lw=0.8, ls="--")
    above.annotate(
        "9.81: what it feels at rest", (window[0], 9.81), (4, -22), textcoords="offset points", fontsize=9
    )
    above.set(ylabel="accelerometer (m/s²)")
    legend_above(above)
    below.plot(time, walk.loads[some, 0], color=LEFT, lw=1.2, label="left sole")
    below.plot(time, walk.loads[some, 1], color=RIGHT, lw=1.2, ls="--", label="right sole")
    below.set(xlabel="time (s)", ylabel="load (N)", xlim=window)
    legend_above(below)
    worst = np.abs(force[:, 2] - 9.81).max()
    figure.alt = (
        f"Accelerometer and sole loads over {window[1] - window[0]:.1f} s of walking. The upward reading lies about "
        f"9.81 m/s², with spikes of up to {worst:.0f} m/s² beside it each time a foot lands."
    )
    return figure


@rc_context(look())
def walk_picture(walk: EstimatedWalk, title: str = "") -> Picture:
    """Draw velocity, place and heading as believed, beside the truth, with the band of two standard deviations."""
    figure, (speed, wrong, place, turned) = picture(2, 2, height=5.0, alt=f"{title}. {walk.told()}")
    time, spread = walk.time, 2.0 * walk.deviation
    for axis, colour, name in ((0, style.ZMP, "ahead"), (1, style.COP, "to the left")):
        speed.plot(time, walk.velocity[:, axis], color=style.INK, lw=3.0, alpha=0.25)
        speed.plot(time, walk.believed_velocity[:, axis], color=colour, lw=1.0, label=name)
    speed.set(title="Velocity: believed, and true (grey)", ylabel="m/s")
    missed = 1000.0 * (walk.believed_velocity - walk.velocity)
    _error(wrong, time, missed[:, :2], 1000.0 * spread[:, 3])
    wrong.set(title="Error of the velocity", ylabel="mm/s")
    _error(place, time, 1000.0 * (walk.believed_position - walk.position), 1000.0 * spread[:, 6])
    place.set(title="Error of the place", ylabel="mm", xlabel="time (s)")
    heading = np.degrees(walk.believed_heading - walk.heading)
    _error(turned, time, heading[:, None], np.degrees(spread[:, 2]))
    turned.set(title="Error of the heading", ylabel="degrees", xlabel="time (s)")
    for axes in (speed, place, turned):
        axes.legend(loc="upper left", fontsize=8.5, ncols=2, borderaxespad=0.1)
    for axes in (speed, wrong, place, turned):
        axes.set_xlim(0.0, time[-1])
    low, high = speed.get_ylim()
    speed.set_ylim(low, high + 0.25 * (high - low))  # room for its legend
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11.5)
    return figure


@rc_context(look())
def ladder_picture(noisy: Sequence[Rung], late: Sequence[Rung], own: float) -> Picture:
    """Draw how long a robot walks on a velocity that is noisy, and how wrong one by the legs alone is.

    Args:
        noisy: with white noise of so many m/s.
        late: by the legs alone, with a memory of so many s.
        own: m/s, by how much the estimator's velocity is wrong, for comparison.
    """
    figure, (left, right) = picture(1, 2, height=3.1, alt="")
    for axes, rungs, heights in (
        (left, noisy, [rung.stood for rung in noisy]),
        (right, late, [1000.0 * rung.velocity_error for rung in late]),
    ):
        axes.plot(range(len(rungs)), heights, color=style.SOFT, lw=0.9, zorder=1)
        for down, colour, mark, name in ((False, style.COP, "o", "stood"), (True, style.ZMP, "X", "fell")):
            some = [k for k, rung in enumerate(rungs) if rung.fell is down]
            axes.plot(some, [heights[k] for k in some], mark, color=colour, ms=9, label=name)
        axes.set_xticks(range(len(rungs)), [f"{1000 * rung.amount:g}" for rung in rungs])
        axes.set_xlim(-0.4, len(rungs) - 0.6)
    left.set(xlabel="white noise on the true velocity (mm/s)", ylabel="on its feet for (s)")
    left.set_ylim(0.0, 1.1 * max(rung.stood for rung in noisy))
    left.set_title("How long it walks")
    left.legend(loc="lower left")
    right.set(xlabel="memory of the low pass (ms)", ylabel="velocity error (mm/s rms)", yscale="log")
    right.set_title("Velocity by the legs alone")
    right.axhline(1000.0 * own, color=style.COM, ls="--", lw=1.4)
    said = f"accelerometer and legs together: {1000 * own:.1f}"
    right.annotate(said, (0, 1000.0 * own), (0, 4), textcoords="offset points", fontsize=9, color=style.COM)
    fell = ", ".join(f"{1000 * rung.amount:g} mm/s" for rung in noisy if rung.fell) or "none"
    slow = ", ".join(f"{1000 * rung.amount:g} ms" for rung in late if rung.fell) or "none"
    figure.alt = (
        f"Left: how long walks lasted on a noisy velocity; fallen: {fell}. Right: the error of a velocity by the legs "
        f"alone against the memory of its low pass, least in between; fallen: {slow}. The estimator's own error is "
        f"{1000 * own:.1f} mm/s."
    )
    return figure


def _error(axes: Axes, time: Array, errors: Array, band: Array) -> None:
    """Draw errors (n, up to 3), ahead, to the left and up, over the band (n,) that the filter promises."""
    alone = errors.shape[1] == 1
    names = ("believed - true",) if alone else ("ahead", "to the left", "up")
    promise = "± 2 σ, by the filter" if alone else "± 2 σ ahead, by the filter"
    axes.fill_between(time, -band, band, color=style.PUSH, alpha=0.25, lw=0, label=promise)
    for error, colour, name in zip(errors.T, (style.ZMP, style.COP, style.DCM), names, strict=False):
        axes.plot(time, error, color=colour, lw=1.2, label=name)
    axes.axhline(0.0, color=style.SOFT, lw=0.6)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.3 * (high - low))
