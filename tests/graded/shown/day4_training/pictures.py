"""What a failed check shows where a picture says more than numbers. Drawn only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BLUE, ORANGE, GREY, RED = "#0072B2", "#D55E00", "#7F7F7F", "#CC3311"


def _axes(title: str, across: str, up: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 3.2))
    axes = figure.subplots()
    axes.set(xlabel=across, ylabel=up, title=title)
    axes.grid(alpha=0.3)
    return figure, axes


def _numbers(value: object, dimensions: int) -> Array | None:
    """The value as an array of that many axes, if it can be read so: a picture must not fail over a bad answer."""
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None
    return numbers if numbers.ndim == dimensions and numbers.size else None


def chunk_picture(actions: Array, starts: Array, expected: Array, got: object) -> Callable[[], Any]:
    """One number of an episode's actions, and the chunk of the latest start: as it should be, and yours."""

    def draw() -> Any:
        row = int(np.argmax(starts))
        start, horizon = int(starts[row]), expected.shape[1]
        figure, axes = _axes(
            "The chunk that begins latest", "step of the episode", "first number of the action"
        )
        axes.axvspan(
            len(actions) - 0.5, start + horizon - 0.5, color=GREY, alpha=0.15, label="never happened"
        )
        axes.plot(actions[:, 0], "o-", color=GREY, ms=4, label="what the expert did")
        steps = start + np.arange(horizon)
        axes.plot(steps, expected[row, :, 0], "s", color=BLUE, ms=9, alpha=0.4, label="expected")
        yours = _numbers(got, 3)
        if yours is not None and row < len(yours):
            axes.plot(start + np.arange(yours.shape[1]), yours[row, :, 0], "x", color=ORANGE, label="yours")
        axes.set_xlim(max(-0.5, start - 2.0 * horizon), start + horizon)
        axes.legend(fontsize="small")
        return figure

    return draw


def credit_picture(
    terminated: Array, truncated: Array, expected: Array, got: object, name: str
) -> Callable[[], Any]:
    """One robot's column: what each step should be credited with, and what yours credits, between the ends."""

    def draw() -> Any:
        figure, axes = _axes(f"{name.capitalize()} of the first robot", "step", name)
        for step in np.flatnonzero(terminated[:, 0]):
            axes.axvline(
                step + 0.5, color=RED, label="it fell" if step == np.argmax(terminated[:, 0]) else None
            )
        for step in np.flatnonzero(truncated[:, 0]):
            first = step == np.argmax(truncated[:, 0])
            axes.axvline(step + 0.5, color=GREY, ls="--", label="time was up" if first else None)
        axes.plot(expected[:, 0], "s-", color=BLUE, lw=4, ms=6, alpha=0.35, label="expected")
        yours = _numbers(got, 2)
        if yours is not None:
            axes.plot(yours[:, 0], "o--", color=ORANGE, ms=4, label="yours")
        axes.legend(fontsize="small")
        return figure

    return draw


def interval_picture(seen: float, expected: tuple[float, float], got: object, what: str) -> Callable[[], Any]:
    """The rates that are possible, and those that yours calls so."""

    def draw() -> Any:
        figure, axes = _axes(what.capitalize(), "success rate", "")
        axes.plot(expected, [1.0, 1.0], color=BLUE, lw=8, alpha=0.4, solid_capstyle="butt")
        yours = _numbers(got, 1)
        if yours is not None and len(yours) == 2:
            axes.plot(yours, [0.0, 0.0], color=ORANGE, lw=8, solid_capstyle="butt")
        axes.axvline(seen, color=GREY, ls="--")
        axes.annotate(" seen", (seen, 1.4), color=GREY)
        axes.set(yticks=[0.0, 1.0], yticklabels=["yours", "expected"], ylim=(-0.6, 1.7))
        return figure

    return draw
