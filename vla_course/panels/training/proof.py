"""What episodes prove: resampled tens, intervals of success rates, paired coins, and reliability diagrams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from scipy.stats import binom

from vla_course.learning.evaluation.paired_result import PairedResult
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture

Bools = NDArray[np.bool_]
Interval = Callable[[int, int], tuple[float, float]]
"""exercise 4.11"""
PEOPLE: Final = 40
"""who each run a few episodes"""


def tens_picture(
    outcomes: Bools, interval: Interval | None, sizes: Sequence[int], rng: np.random.Generator
) -> Picture:
    """Draw what somebody would report who had run only a few of these episodes, again and again.

    Args:
        outcomes: (n,) of all episodes.
        interval: exercise 4.11; None: rates alone.
        sizes: how many episodes each of them runs.
        rng: draws which.
    """
    truth = float(outcomes.mean())
    figure, panes = picture(1, len(sizes), height=3.2 if interval else 2.4, alt="", sharex=True)
    told = []
    for pane, size in zip(panes, sizes, strict=True):
        won = [int(rng.choice(outcomes, size).sum()) for _ in range(PEOPLE)]
        if interval is None:
            _pile(pane, won, size)
            least, most = (100 * end / size for end in (min(won), max(won)))
            told.append(f"with {size} episodes each they report {least:.0f} to {most:.0f} %")
        else:
            held = _intervals(pane, won, size, interval, truth)
            told.append(
                f"of {PEOPLE} people with {size} episodes each, the intervals of {held} hold the truth"
            )
        pane.axvline(100 * truth, color=style.INK, lw=1.0, ls="--")
        pane.set_title(f"{size} episodes each", loc="left", fontsize=10.5)
        pane.set(xlim=(-2, 102), yticks=[], xlabel="success rate (%)")
        pane.grid(visible=False, axis="y")
    panes[0].set_ylabel(f"{PEOPLE} people")
    figure.alt = f"The rate of all {len(outcomes)} episodes is {100 * truth:.0f} %. " + "; ".join(told) + "."
    return figure


def _pile(pane: Axes, won: Sequence[int], size: int) -> None:
    """Draw a dot for each report, on top of those that say the same."""
    seen: Counter[float] = Counter()
    for one in won:
        rate = round(100 * one / size, 1)
        pane.plot(rate, seen[rate], "o", color=style.LEARNER, ms=4.5)
        seen[rate] += 1
    pane.set_ylim(-1, max(seen.values()) + 1)


def _intervals(pane: Axes, won: Sequence[int], size: int, interval: Interval, truth: float) -> int:
    """Draw each report with its interval; return how many intervals hold the truth."""
    held = 0
    for row, one in enumerate(won):
        low, high = interval(one, size)
        hit = low <= truth <= high
        held += hit
        colour = style.EXPERT if hit else style.LEARNER
        pane.plot([100 * low, 100 * high], [row, row], color=colour, lw=1.3)
        pane.plot(100 * one / size, row, "o", color=colour, ms=3.5)
    return held


def rates_picture(counts: Mapping[str, tuple[int, int]], interval: Interval, title: str = "") -> Picture:
    """Draw success rates with their intervals.

    Args:
        counts: successes and episodes of each line.
        interval: exercise 4.11.
        title: over it.
    """
    figure, (axes,) = picture(
        1,
        height=(0.95 if title else 0.7) + 0.29 * len(counts),
        alt="; ".join(f"{name}: {won} of {n}" for name, (won, n) in counts.items()) + ".",
    )
    for row, (won, n) in enumerate(counts.values()):
        low, high = interval(won, n)
        axes.plot(
            [100 * low, 100 * high], [row, row], color=style.EXPERT, lw=5, alpha=0.35, solid_capstyle="butt"
        )
        axes.plot(100 * won / n, row, "o", color=style.EXPERT, ms=6)
        axes.text(101.5, row, f"{won} of {n}", va="center", fontsize=9, color=style.SOFT)
    axes.set_yticks(range(len(counts)), list(counts))
    axes.set(xlabel="%", xlim=(0, 100), ylim=(len(counts) - 0.5, -0.5))
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    if title:
        axes.set_title(title, loc="left")
    return figure


def coins_picture(before: Bools, after: Bools, result: PairedResult, names: tuple[str, str]) -> Picture:
    """Draw paired episodes as a carpet, and the coins that fell against those that would by chance.

    Args:
        before, after: (n,) whether each episode succeeded.
        result: exercise 4.12, of both.
        names: of the two.
    """
    count = len(before)
    wide = 25 if count > 50 else 6
    figure, (carpet, coins) = picture(
        1,
        2,
        height=3.2,
        alt=f"{count} episodes: {int((before & after).sum())} succeed with both, {int((~before & ~after).sum())} with "
        f"neither, {result.gained} only with {names[1]}, {result.lost} only with {names[0]}; p = {result.p_value:.3f}.",
        width_ratios=(1.25, 1.0),
    )
    kinds = {
        "both": (before & after, style.GROUND),
        "neither": (~before & ~after, style.SOFT),
        f"only {names[1]}": (after & ~before, style.EXPERT),
        f"only {names[0]}": (before & ~after, style.LEARNER),
    }
    for k in range(count):
        colour = next(colour for which, colour in kinds.values() if which[k])
        carpet.add_patch(Rectangle((k % wide, k // wide), 0.88, 0.88, color=colour, lw=0))
    carpet.set(xlim=(0, wide), ylim=(-(-count // wide), 0), xticks=[], yticks=[])
    carpet.set_aspect("auto" if count > 50 else "equal")
    for name, (_, colour) in kinds.items():
        carpet.plot([], [], "s", color=colour, label=f"{name}: {int(kinds[name][0].sum())}")
    carpet.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, fontsize=9.5, frameon=False)
    carpet.set_title(f"{count} episodes, twice", loc="left", fontsize=10.5)
    spoke = result.gained + result.lost
    heads = np.arange(spoke + 1)
    chance = binom.pmf(heads, spoke, 0.5)
    uneven = np.abs(heads - spoke / 2.0) >= abs(result.gained - spoke / 2.0) - 1e-9
    coins.bar(heads, chance, color=[style.LEARNER if far else style.GROUND for far in uneven], width=0.9)
    coins.plot(result.gained, 0.0, "^", color=style.INK, ms=9, clip_on=False, zorder=5)
    coins.set_title(f"{spoke} coins: p = {result.p_value:.2g}", loc="left", fontsize=10.5)
    coins.set(xlabel=f"fall to “{names[1]}”", ylabel="chance", yticks=[])
    coins.grid(visible=False)
    for axes in (carpet, coins):
        axes.spines[:].set_visible(False)
    carpet.grid(visible=False)
    return figure


def reliability_picture(
    claims: Mapping[str, tuple[NDArray[np.float64], Bools]], interval: Interval, bins: int = 10
) -> Picture:
    """Draw how often answers are right against how sure they were (a reliability diagram), with intervals.

    Written into each is the expected calibration error (ECE): how far the dots are from the diagonal, each weighed by
    its answers (Guo et al. 2017, equation 3).

    Args:
        claims: by the kind of question, confidences (n,) 0 to 1 and whether each was right.
        interval: exercise 4.11.
        bins: equally wide.
    """
    figure, panes = picture(1, len(claims), height=3.4, alt="", sharey=True)
    told = []
    for pane, (name, (sure, right)) in zip(panes, claims.items(), strict=True):
        pane.plot([0, 100], [0, 100], color=style.SOFT, lw=1.0, ls="--")
        of_bin, error = np.minimum((bins * sure).astype(int), bins - 1), 0.0
        for k in range(bins):
            some = of_bin == k
            if not some.any():
                continue
            won, n, x = int(right[some].sum()), int(some.sum()), float(sure[some].mean())
            error += abs(x - won / n) * n / len(sure)
            ends = [100 * end for end in interval(won, n)]
            pane.plot([100 * x, 100 * x], ends, color=style.EXPERT, lw=4, alpha=0.3, solid_capstyle="butt")
            size = 3.0 + 9.0 * np.sqrt(n / len(sure))
            pane.plot(100 * x, 100 * won / n, "o", color=style.EXPERT, ms=size, clip_on=False, zorder=3)
        told.append(
            f"{name}: {100 * np.mean(sure):.0f} % sure in the mean, {100 * np.mean(right):.0f} % right, "
            f"expected calibration error {100 * error:.0f} points"
        )
        pane.set_title(f"{name} (n = {len(sure)})", loc="left", fontsize=10.5)
        pane.set(xlabel="how sure it is (%)", xlim=(0, 102), ylim=(0, 102))
        note = f"ECE {100 * error:.0f} points"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        pane.text(98, 4, note, ha="right", fontsize=9.5, color=style.INK, bbox=box)
    panes[0].set_ylabel("how often it is right (%)")
    figure.alt = "Reliability. " + "; ".join(told) + "."
    return figure
