"""What monitors watch, drawn: a cloud and what is strange to it, thresholds by decisions and by episodes, alarms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.deployment.monitors.cusum import path_of
from vla_course.deployment.monitors.fitted import DETECTORS, SHRINKAGE, Fitted
from vla_course.deployment.monitors.lab import AT, Recorded
from vla_course.deployment.monitors.monitor import MEANS, Alarm
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.simulation.robot.layout import ARMS, JOINT_NAMES, SIDES

Array = NDArray[np.float64]
ThresholdOf = Callable[[Sequence[ArrayLike], float, float], float]
DistanceOf = Callable[[ArrayLike, ArrayLike, float], Array]

LINES: Final = dict(
    zip(
        DETECTORS,
        (style.INK, style.SOFT, style.COM, style.CART_TABLE, style.ZMP, style.COP, "#8C6BB1", style.DCM),
        strict=True,
    )
)
"""the colour of each detector"""
SHOULDER, ELBOW = (
    [JOINT_NAMES.index(f"{side}_{joint}") - ARMS.start for side in SIDES]
    for joint in ("shoulder_pitch", "elbow")
)
"""of the left and the right arm, where they are among the joints of both"""


def usual_episodes(fitted: Fitted, detector: str) -> list[Array]:
    """Return the standardised scores of each held-out episode in which a detector had some."""
    column = DETECTORS.index(detector)
    found = []
    for raw in fitted.arrays["usual_scores"][:, :, column]:
        scores = fitted.standardised(dict.fromkeys(DETECTORS, raw))[detector]
        if not np.isnan(scores).all():
            found.append(scores[~np.isnan(scores)])
    return found


def episodes_picture(
    episodes: Sequence[Array], slack: float, rate: float, threshold_of: ThresholdOf
) -> Picture:
    """Draw the CUSUM of every undisturbed episode, and two thresholds: of decisions, and of episodes.

    Args:
        episodes: standardised scores of each.
        slack: k.
        rate: of false alarms that is wanted.
        threshold_of: says where, from episodes (exercise 5.3).
    """
    paths = [np.array(path_of(scores, slack)) for scores in episodes]
    by_decisions = float(np.quantile(np.concatenate(paths), 1.0 - rate))
    by_episodes = threshold_of(episodes, slack, rate)
    ring = [np.mean([path.max() > level for path in paths]) for level in (by_decisions, by_episodes)]
    alt = (
        f"CUSUMs of {len(paths)} undisturbed episodes. A threshold over decisions lets {ring[0]:.0%} of the episodes "
        f"raise an alarm, one over episodes {ring[1]:.0%}; {rate:.0%} were wanted."
    )
    figure, (axes,) = picture(height=3.2, alt=alt)
    for path in paths:
        times = 0.1 * np.arange(len(path))
        axes.plot(times, path, color=style.COM if path.max() <= by_episodes else style.ZMP, lw=0.9, alpha=0.7)
    for level, share, what, dashes in (
        (by_decisions, ring[0], "quantile of decisions", (0, (4, 3))),
        (by_episodes, ring[1], "quantile of episodes", "-"),
    ):
        axes.axhline(level, color=style.INK, lw=1.4, ls=dashes)
        axes.annotate(
            f"{what}: {share:.0%} of episodes ring",
            (1.0, level),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 4),
            textcoords="offset points",
            ha="right",
            color=style.INK,
            fontsize=9.5,
            bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 1.0},
        )
    axes.set(xlabel="time since the command (s)", ylabel="CUSUM S", ylim=(0.0, None), xlim=(0.0, None))
    axes.set_title(f"{len(paths)} episodes in which nothing is wrong; {rate:.0%} may ring", loc="left")
    return figure


def cloud_picture(fitted: Fitted, recorded: Recorded, distance: DistanceOf) -> Picture:
    """Draw by how much shoulder and elbow miss their steps, what is as strange, and what a heavier hand makes of it.

    Args:
        fitted: has the misses that are known.
        recorded: a stream in which a hand got heavier.
        distance: of features from those known (exercise 5.4).
    """
    arm = int(np.nanargmax(np.nanmedian(np.abs(recorded.missed[:, ELBOW]), axis=0)))
    pair = [SHOULDER[arm], ELBOW[arm]]
    known = 1000.0 * fitted.arrays["joints_known"][:, pair]
    missed = 1000.0 * recorded.missed[:, pair]
    before = recorded.times < AT
    figure, panes = picture(
        1,
        2,
        height=3.4,
        alt="Known misses of shoulder and elbow as a cloud with lines of equal distance; the misses of a robot whose "
        "hand got heavier lie outside of it. Beside it the distance of each decision over time.",
        width_ratios=(1.0, 1.25),
    )
    cloud, over_time = panes
    far = 1.15 * max(3.0, float(np.nanmax(np.abs(missed))))
    grid = np.linspace(-far, far, 70)
    across, up = np.meshgrid(grid, grid)
    levels = distance(np.column_stack((across.ravel(), up.ravel())), known, SHRINKAGE).reshape(across.shape)
    cloud.contour(across, up, levels, levels=[2, 5, 10, 20, 40], colors=style.SOFT, linewidths=0.8)
    cloud.plot(*known.T, ".", color=style.COM, ms=3, alpha=0.4, label="known")
    cloud.plot(*missed[~before].T, "o", color=style.ZMP, ms=4, label="heavier hand")
    cloud.set(
        xlabel="shoulder missed by (mrad)",
        ylabel="elbow missed by (mrad)",
        xlim=(-far, far),
        ylim=(-far, far),
    )
    legend_above(cloud)
    whole = distance(np.nan_to_num(recorded.missed), fitted.arrays["joints_known"], SHRINKAGE)
    over_time.semilogy(recorded.times[1:], np.maximum(whole[1:], 0.05), color=style.ZMP)
    over_time.axvline(AT, color=style.INK, lw=1.0, ls=":")
    over_time.annotate(
        recorded.note,
        (AT, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(5, -12),
        textcoords="offset points",
        fontsize=9.5,
        color=style.INK,
    )
    over_time.set(xlabel="time (s)", ylabel="distance, all 14 joints")
    return figure


def alarm_picture(recorded: Recorded, sums: dict[str, Array], alarms: Sequence[Alarm], cause: str) -> Picture:
    """Draw a recorded stream: what the head saw before and after, and every CUSUM as a part of its threshold.

    Args:
        recorded: the stream.
        sums: S / h of each detector (n,).
        alarms: that were raised.
        cause: that is named; empty for none.
    """
    told = f"{alarms[0].cause}, {alarms[0].time - AT:.1f} s after the change" if alarms else "no alarm"
    figure, (seen, axes) = picture(
        1,
        2,
        height=3.9,
        alt=f"Head camera before and after: {recorded.note}. CUSUMs of eight detectors as parts of their thresholds: "
        f"{told}.",
        width_ratios=(1.0, 3.2),
    )
    before, after = recorded.pictures
    between = np.full((8, *before.shape[1:]), 255, dtype=np.uint8)
    seen.imshow(np.concatenate((before, between, after)))
    seen.set_title("before, at the end", fontsize=10, loc="left")
    seen.set(xticks=[], yticks=[])
    seen.spines[:].set_visible(False)
    fired = {alarm.detector for alarm in alarms}
    for name, values in sums.items():
        strong = name in fired
        axes.plot(
            recorded.times, values, color=LINES[name], lw=2.2 if strong else 1.2, alpha=1.0 if strong else 0.8
        )
    axes.set(
        ylim=(0.0, 1.7), xlim=(0.0, recorded.times[-1] + 0.02), xlabel="time (s)", ylabel="CUSUM / threshold"
    )
    axes.axhline(1.0, color=style.INK, lw=1.2)
    axes.text(0.03, 1.02, "alarm", color=style.INK, fontsize=9.5)
    if recorded.kind:
        axes.axvline(AT, color=style.INK, lw=1.0, ls=":")
        axes.text(AT + 0.04, 1.62, recorded.note, color=style.INK, fontsize=9.5, va="top")
    for number, alarm in enumerate(alarms):
        height = 1.46 - 0.1 * number
        axes.plot([alarm.time], [1.0], "o", color=LINES[alarm.detector], ms=7, zorder=5)
        axes.annotate(
            f"{alarm.detector}: {MEANS[alarm.detector][0]}, {alarm.time - AT:+.1f} s",
            (alarm.time, 1.0),
            (AT + 0.45, height),
            color=LINES[alarm.detector],
            fontsize=10,
            weight="bold" if alarm.cause == cause else "normal",
            bbox={"fc": "white", "ec": "none", "alpha": 0.85, "pad": 1.0},
            arrowprops={"arrowstyle": "-", "color": LINES[alarm.detector], "lw": 0.8},
        )
    if not alarms:
        highest = max(sums, key=lambda name: float(np.nanmax(sums[name])))
        axes.text(
            0.98,
            0.06,
            f"no alarm; nearest: {highest}",
            transform=axes.transAxes,
            ha="right",
            color=style.SOFT,
        )
    return figure
