"""Every runtime that this machine has, in one picture: how long a decision takes, its size, how far off it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from vla_course.deployment.runtimes.frames import Frame
from vla_course.deployment.runtimes.measuring import Measured, decision, parity
from vla_course.deployment.runtimes.model import OptimizedVLAModel
from vla_course.deployment.runtimes.variants import REFERENCE, Workshop
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.reference.day1_fundamentals.latency import measure_latency


def measured_here(
    variants: Sequence[str], workshop: Workshop, frames: list[Frame], repeats: int = 60
) -> list[Measured]:
    """Measure runtimes on this machine, torch among them.

    Args:
        variants: names; each must be to be had here.
        workshop: what they are made of.
        frames: held out from its calibration.
        repeats: how many decisions are timed.
    """
    true, found = OptimizedVLAModel.load(REFERENCE, workshop=workshop), []
    for name in dict.fromkeys((REFERENCE, *variants)):
        model = OptimizedVLAModel.load(name, workshop=workshop)
        times = measure_latency(decision(model, cycle(frames)), 5, repeats)
        found.append(Measured(name, times.p50, times.p95, model.size, parity(model, true, frames)))
    return found


def runtimes_picture(found: Sequence[Measured]) -> Picture:
    """Draw p50 to p95 of one decision in each runtime, with its size and its largest action difference beside it."""
    told = "; ".join(
        f"{one.variant}: {one.p50:.1f} to {one.p95:.1f} ms, {one.size / 2**20:.1f} MiB, "
        f"actions within {one.parity.action:.1g}"
        for one in found
    )
    figure, (axes,) = picture(
        height=1.2 + 0.4 * len(found), alt=f"One decision with three cameras, p50 to p95. {told}."
    )
    longest = max(one.p95 for one in found)
    for row, one in enumerate(found):
        axes.plot([one.p50, one.p95], [row, row], color=style.COM, lw=7, solid_capstyle="butt")
        axes.plot(one.p50, row, "o", color=style.INK, ms=5)
        says = f"{one.size / 2**20:.1f} MiB"
        if one.parity.action:
            says += f", actions {one.parity.action:.1g} off at most"
        axes.text(1.06 * longest, row, says, va="center", fontsize=9, color=style.SOFT)
    axes.set_yticks(range(len(found)), [one.variant for one in found])
    axes.set(
        xlabel="one decision, p50 (dot) to p95 (ms)",
        xlim=(0.0, 1.85 * longest),
        ylim=(len(found) - 0.5, -0.5),
    )
    return figure
