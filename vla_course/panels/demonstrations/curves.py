"""An episode against time: what the expert intended, what was executed, and what it was about."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.environment.action_space import STANCES, VELOCITIES
from vla_course.learning.environment.proprioception import STATE
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.simulation.robot.layout import ACTION, LEFT_ARM, RIGHT_ARM

Array = NDArray[np.float32]

HEIGHT: Final = 6.6
"""inches"""
LEFT, RIGHT, TOP, BOTTOM = 0.095, 0.985, 0.955, 0.075
"""where the axes are, in parts of the picture: whoever lays something over it needs to know"""
_HEIGHTS: Final = (0.3, 1.3, 1.0, 1.0, 1.0)
"""of the axes, against each other"""
_GAP: Final = 0.055
_LABELS: Final = -0.085
"""where labels stand, in widths of the axes"""
_COLOURS: Final = (style.COM, style.ZMP, style.COP)


def episode_curves(demonstrations: Demonstrations, index: int) -> Picture:
    """Draw the actions of an episode against time, solid as the expert intended, faint as they were executed.

    Args:
        demonstrations: read back.
        index: of the episode.

    Raises:
        IndexError: there is no such episode.
    """
    one = demonstrations.episodes[index]
    span = slice(one.start, one.stop)
    time = np.arange(len(one)) * demonstrations.period
    intended, executed = demonstrations.actions[span], demonstrations.executed[span]
    figure, panes = picture(len(_HEIGHTS), height=HEIGHT, alt="", sharex=True)
    figure.set_layout_engine("none")
    _place(panes)
    _band(panes[0], demonstrations.subtasks[span], demonstrations.period)
    _arms(panes[1], time, intended, executed)
    base, stance = ACTION.base_velocity, ACTION.stance
    parts = ("ahead (m/s)", "to the left (m/s)", "turning (rad/s)")
    _three(panes[2], time, intended[:, base] * VELOCITIES, executed[:, base] * VELOCITIES, parts, "feet")
    units = np.multiply(STANCES, (1.0, 1.0, 10.0))
    parts = ("bow (rad)", "turn (rad)", "height (dm)")
    _three(panes[3], time, intended[:, stance] * units, executed[:, stance] * units, parts, "stance")
    _rest(panes[4], time, intended, demonstrations.states[span])
    for axes in panes[1:]:  # one below the other, however long the numbers beside them are
        axes.yaxis.set_label_coords(_LABELS, 0.5)
    panes[-1].set(xlabel="time (s)", xlim=(0.0, max(float(time[-1]), demonstrations.period)))
    done = "succeeded" if one.success else f"failed: {one.failure}"
    figure.alt = (
        f"Actions against time of episode {index}, {one.sentence!r}, {len(one)} decisions; it {done}. From top to "
        "bottom: subtask, arms, base velocity, stance, grippers with odometry."
    )
    return figure


def _place(panes: list[Axes]) -> None:
    """Put the axes where `LEFT` to `BOTTOM` say, one below the other."""
    unit = (TOP - BOTTOM - _GAP * (len(panes) - 1)) / sum(_HEIGHTS)
    top = TOP
    for axes, height in zip(panes, _HEIGHTS, strict=True):
        axes.set_position((LEFT, top - unit * height, RIGHT - LEFT, unit * height))
        top -= unit * height + _GAP


def _band(axes: Axes, subtasks: NDArray[np.int64], period: float) -> None:
    """Draw what the expert is about as a band."""
    edges = [0, *(np.flatnonzero(np.diff(subtasks)) + 1).tolist(), len(subtasks)]
    shades = ("#DCE6EE", "#F1E3D3")
    for number, (begin, end) in enumerate(pairwise(edges)):
        axes.axvspan(begin * period, end * period, color=shades[number % 2], lw=0)
        if (end - begin) * period > 0.045 * len(subtasks) * period:
            middle = (begin + end) / 2.0 * period
            name = SUBTASKS[subtasks[begin]]
            axes.text(middle, 0.5, name, ha="center", va="center", fontsize=9, color=style.INK, clip_on=True)
    axes.set(ylim=(0.0, 1.0), yticks=[])
    axes.set_ylabel("about", rotation=0, ha="right", va="center")
    axes.grid(visible=False)


def _arms(axes: Axes, time: Array, intended: Array, executed: Array) -> None:
    for name, arm, colour in (("left arm", LEFT_ARM, style.COM), ("right arm", RIGHT_ARM, style.ZMP)):
        axes.plot(time, executed[:, arm], color=colour, lw=0.8, alpha=0.3)
        lines = axes.plot(time, intended[:, arm], color=colour, lw=1.3, alpha=0.9)
        lines[0].set_label(f"{name}, 7 joints (-1 to 1)")
    axes.set_ylabel("arms")
    legend_above(axes)


def _three(
    axes: Axes, time: Array, intended: Array, executed: Array, names: tuple[str, ...], what: str
) -> None:
    for part, (name, colour) in enumerate(zip(names, _COLOURS, strict=True)):
        axes.plot(time, executed[:, part], color=colour, lw=0.8, alpha=0.3)
        axes.plot(time, intended[:, part], color=colour, lw=1.5, label=name)
    axes.set_ylabel(what)
    legend_above(axes)


def _rest(axes: Axes, time: Array, intended: Array, states: Array) -> None:
    grippers = (intended[:, ACTION.grippers] + 1.0) / 2.0
    for part, (side, colour) in enumerate((("left", style.COM), ("right", style.ZMP))):
        axes.plot(time, grippers[:, part], color=colour, lw=1.5, label=f"{side} gripper, 1 open")
    odometry = states[:, STATE.odometry]
    axes.plot(time, np.hypot(odometry[:, 0], odometry[:, 1]), color=style.COP, lw=1.5, label="come (m)")
    axes.plot(time, odometry[:, 2], color=style.CART_TABLE, lw=1.5, label="turned (rad)")
    axes.set_ylabel("fingers, odometry", fontsize="small")
    legend_above(axes)
