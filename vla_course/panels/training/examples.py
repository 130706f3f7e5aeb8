"""What a policy learns from: chunks that slide over an episode, and the range of each number of an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.training.action_statistics import ActionStatistics
from vla_course.learning.training.parts import Windows
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.robot.layout import ACTION, ARMS, JOINT_NAMES

Floats = NDArray[np.float32]
Scale = Callable[[Floats, ActionStatistics], Floats]

_OPEN, _SHUT = "#BFD9EA", style.EXPERT
_SHOWN = 16
"""last steps of an episode that are drawn"""


def windows_picture(
    cut: Windows, actions: Floats, starts: Sequence[int], horizon: int, number: int, words: tuple[str, str]
) -> Picture:
    """Draw the last steps of an episode as boxes, and below them the chunk that begins at each start.

    Args:
        cut: exercise 4.1.
        actions: (T, A) of the episode.
        starts: of the chunks.
        horizon: of a chunk.
        number: of an action, that colours the boxes: one that is either low or high.
        words: what to call it where it is low, where it is high.
    """
    chunks, own = cut(actions, np.asarray(starts, dtype=np.int64), horizon)
    length = len(actions)
    first = max(0, length - _SHOWN)
    figure, (axes,) = picture(
        1,
        height=0.75 + 0.34 * (len(starts) + 1),
        alt=f"The last steps of an episode as boxes, and {len(starts)} chunks of {horizon}: of the one at step "
        f"{starts[-1]}, {int(own[-1].sum())} steps are the episode's own, the others are hatched.",
    )
    middle = (actions[:, number].min() + actions[:, number].max()) / 2.0
    for step in range(first, length):
        _box(axes, step, 0, actions[step, number] > middle, True)
    for row, start in enumerate(starts, start=1):
        for step in range(horizon):
            _box(axes, start + step, row, chunks[row - 1, step, number] > middle, bool(own[row - 1, step]))
    for x, name, colour in ((0.0, words[1], _OPEN), (0.17, words[0], _SHUT)):
        axes.add_patch(
            Rectangle((x, 1.04), 0.018, 0.045, color=colour, transform=axes.transAxes, clip_on=False)
        )
        axes.text(x + 0.024, 1.04, name, fontsize=9.5, transform=axes.transAxes, color=style.INK)
    axes.text(
        0.34, 1.04, "hatched: your mask says False", fontsize=9.5, transform=axes.transAxes, color=style.INK
    )
    axes.axvline(length, color=style.INK, lw=1.2, ls="--")
    axes.text(length + 0.15, 0.5, "the end", va="center", fontsize=9.5, color=style.INK)
    axes.set(
        xlim=(first - 0.2, length + horizon - 0.5),
        ylim=(len(starts) + 1.1, -0.1),
        xlabel="step of the episode",
    )
    axes.set_yticks(np.arange(len(starts) + 1) + 0.5, ["the episode", *(f"chunk from {k}" for k in starts)])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure


def _box(axes: Axes, step: float, row: float, high: bool, own: bool) -> None:
    colour = _OPEN if high else _SHUT
    axes.add_patch(
        Rectangle(
            (step + 0.06, row + 0.12),
            *(0.88, 0.76),
            facecolor=colour if own else "white",
            edgecolor=colour if own else style.SOFT,
            hatch=None if own else "/////",
            lw=0.8,
        )
    )


def ranges_picture(
    values: Floats, numbers: Mapping[str, int], fitted: ActionStatistics, normalise: Scale
) -> Picture:
    """Draw histograms of some numbers of an action, with the fitted range; below, brought to one scale.

    Args:
        values: (N, A) to learn from.
        numbers: which of the A to show, by what to call them.
        fitted: exercise 4.2, of `values`.
        normalise: `statistics.normalise`.
    """
    scaled = normalise(values, fitted)
    figure, panes = picture(
        2,
        len(numbers),
        height=3.9,
        alt="Histograms of "
        + ", ".join(
            f"{name} (range {fitted.low[k]:.2f} to {fitted.high[k]:.2f} of {values[:, k].min():.2f} to "
            f"{values[:, k].max():.2f})"
            for name, k in numbers.items()
        )
        + "; below, normalised.",
    )
    for column, (name, k) in enumerate(numbers.items()):
        above, below = panes[column], panes[len(numbers) + column]
        above.axvspan(fitted.low[k], fitted.high[k], color=style.PUSH, alpha=0.25, lw=0)
        above.hist(values[:, k], bins=40, color=style.EXPERT)
        above.set_title(name, loc="left", fontsize=10)
        below.axvspan(-1.0, 1.0, color=style.PUSH, alpha=0.25, lw=0)
        below.hist(scaled[:, k], bins=40, color=style.EXPERT)
        for pane in (above, below):
            pane.set(yscale="log", yticks=[])
            pane.minorticks_off()
            pane.grid(visible=False)
    panes[0].set_ylabel("as it is\n(frames, log)")
    panes[len(numbers)].set_ylabel("normalised\n(frames, log)")
    return figure


def leak_picture(honest: ActionStatistics, leaky: ActionStatistics, names: Sequence[str]) -> Picture:
    """Draw by how much the ranges of the first numbers, called `names`, are wider where held-out frames count."""
    wider = 100.0 * ((leaky.high - leaky.low) / (honest.high - honest.low) - 1.0)[: len(names)]
    order = np.argsort(wider)[::-1]
    figure, (axes,) = picture(
        1,
        height=2.5,
        alt=f"The range of {names[order[0]]} is {wider[order[0]]:.0f} % wider when held-out frames count, that of "
        f"{names[order[-1]]} {wider[order[-1]]:.0f} %.",
    )
    colours = [style.LEARNER if wide > 0 else style.SOFT for wide in wider[order]]
    axes.bar(range(len(order)), wider[order], color=colours)
    axes.axhline(0.0, color=style.INK, lw=0.8)
    axes.set_xticks(range(len(order)), [names[k] for k in order], rotation=60, ha="right", fontsize=8.5)
    axes.set_ylabel("wider by (%)")
    axes.grid(visible=False, axis="x")
    return figure


def nudged_picture(demonstrations: Demonstrations, index: int) -> Picture:
    """Draw the two arm joints of an episode that move most: what was intended, what was done, and how far apart.

    Raises:
        IndexError: there is no such episode.
    """
    one = demonstrations.episodes[index]
    span = slice(one.start, one.stop)
    joints = joint_range()
    width = np.rad2deg((joints.upper - joints.lower)[ARMS]) / 2.0
    intended, done = (
        part[span, ACTION.arms] * width for part in (demonstrations.actions, demonstrations.executed)
    )
    most = np.sort(np.argsort(np.ptp(intended, axis=0))[-2:])
    time = np.arange(len(one)) * demonstrations.period
    figure, (left, right) = picture(1, 2, height=2.8, alt="")
    for joint, dash in zip(most.tolist(), ("-", "--"), strict=True):
        name = JOINT_NAMES[ARMS][joint].replace("_", " ")
        left.plot(time, intended[:, joint], dash, color=style.EXPERT, lw=2.0, label=f"{name}: intended")
        left.plot(time, done[:, joint], dash, color=style.LEARNER, lw=1.1, label=f"{name}: done")
        right.plot(time, (done - intended)[:, joint], dash, color=style.LEARNER, lw=1.4)
    left.set(xlabel="time (s)", ylabel="joint (degrees)")
    right.set(xlabel="time (s)", ylabel="done less intended\n(degrees)")
    right.axhline(0.0, color=style.EXPERT, lw=1.2)
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside upper left", ncols=2, fontsize=9.5, frameon=False
    )
    off = float(np.abs(done - intended)[:, most].max())
    figure.alt = (
        f"Two joints of episode {index} against time; done is up to {off:.1f} degrees off what was intended."
    )
    return figure
