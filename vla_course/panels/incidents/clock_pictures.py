"""Two clocks and a wire: one packet that goes there and back, and what a thousand of them say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

Array = NDArray[np.float64]

OFFSET: Final = 0.8
"""s, the server's clock minus the robot's, in the pictures"""


def exchanges(count: int, seed: int = 0, slow_way: float = 0.0) -> Array:
    """Return the stamps (count, 4) s of exchanges over a wire where each way has a queue, as exercise 5.9 takes them.

    Args:
        count: of the exchanges, ten a second.
        seed: of the queues.
        slow_way: s, that the way there takes longer than the way back, always: what no stamp shows.
    """
    rng = np.random.default_rng(seed)
    there, back = 0.004 + rng.exponential(0.02, (2, count)) * (rng.random((2, count)) < 0.6)
    there = there + slow_way
    sent = 0.1 * np.arange(count)
    received = sent + there + OFFSET
    answered = received + rng.uniform(0.01, 0.04, count)
    return np.stack([sent, received, answered, answered - OFFSET + back], axis=1)


def exchange_picture(there: float = 0.06, kept: float = 0.05, back: float = 0.03) -> Picture:
    """Draw one packet that goes to the server and back, on two time lines.

    Args:
        there: s, on the way to the server.
        kept: s, at the server.
        back: s, on the way back.
    """
    figure, (axes,) = picture(height=2.9, alt="")
    moments = 1000.0 * np.cumsum([0.0, there, kept, back])
    places = (0.0, 1.0, 1.0, 0.0)
    shown = moments + 1000.0 * np.array([0.0, OFFSET, OFFSET, 0.0])
    names = ("sent", "received", "answered", "returned")
    for height, name in ((0.0, "the robot's clock"), (1.0, "the server's clock")):
        axes.axhline(height, color=style.SOFT, lw=1.0)
        axes.text(-0.012 * 1000, height, f"{name}  ", ha="right", va="center", color=style.INK)
    axes.plot(moments, places, color=style.COM, lw=2.2, marker="o", ms=6)
    for name, moment, place, value in zip(names, moments, places, shown, strict=True):
        up = place > 0.5
        axes.annotate(
            f"{name}\n{value:.0f} ms",
            (moment, place),
            xytext=(0, 9 if up else -9),
            textcoords="offset points",
            ha="center",
            va="bottom" if up else "top",
            fontsize=9.5,
        )
    axes.set(xlim=(-2, moments[-1] + 12), ylim=(-0.55, 1.6), yticks=[], xticks=[])
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    figure.alt = (
        "A packet leaves the robot, reaches the server, is kept there, and comes back. "
        + ", ".join(f"{name} at {value:.0f} ms" for name, value in zip(names, shown, strict=True))
        + f". The server's clock shows {1000 * OFFSET:.0f} ms more."
    )
    return figure


def wedge_picture(stamps: Array, clock_offset: Callable[[Array, int], Any], window: int = 8) -> Picture:
    """Draw what each exchange says of the offset against its round trip, and what the exercise makes of windows.

    Args:
        stamps: (n, 4) s, of `exchanges`.
        clock_offset: exercise 5.9.
        window: exchanges it is given at a time.
    """
    sent, received, answered, returned = stamps.T
    trip = 1000.0 * ((returned - sent) - (answered - received))
    said = 1000.0 * (((received - sent) + (answered - returned)) / 2.0 - OFFSET)
    told = [clock_offset(stamps[: k + 1], window) for k in range(window - 1, len(stamps))]
    best = 1000.0 * (np.array([one.offset for one in told]) - OFFSET)
    error = 1000.0 * np.array([one.error for one in told])
    means = [said[k - window + 1 : k + 1].mean() for k in range(window - 1, len(stamps))]
    figure, (left, right) = picture(1, 2, height=3.5, alt="", width_ratios=(1.0, 1.25))
    far = np.array([0.0, 1.05 * trip.max()])
    left.fill_between(far, -far / 2.0, far / 2.0, color=style.BAND, label="half the round trip")
    left.plot(trip, said, ".", color=style.COM, ms=4, label="one exchange")
    left.axhline(0.0, color=style.INK, lw=0.9)
    left.set(xlabel="round trip on the wire [ms]", ylabel="error of its offset [ms]", xlim=far)
    legend_above(left, 2)
    clock = sent[window - 1 :]
    right.fill_between(
        clock, best - error, best + error, color=style.BAND, label="what it may be", step="mid"
    )
    right.plot(clock, means, color=style.ZMP, lw=1.1, label=f"mean of {window}")
    right.plot(clock, best, color=style.COM, lw=1.8, label=f"shortest of {window}")
    right.axhline(0.0, color=style.INK, lw=0.9)
    right.set(xlabel="time [s]", ylabel="error [ms]")
    legend_above(right, 2)
    figure.alt = (
        f"Left: the error of the offset of {len(stamps)} exchanges against their round trips, all inside a wedge of "
        f"half the round trip. Right: the mean of {window} exchanges is wrong by up to {np.abs(means).max():.1f} ms, "
        f"the shortest of them by up to {np.abs(best).max():.1f} ms, always within what it says."
    )
    return figure
