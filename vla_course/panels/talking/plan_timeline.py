"""A goal as it was pursued: plans, their steps and attempts over time, and photographs of what happened meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Final

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.deployment.executor.deeds import Attempt
from vla_course.deployment.executor.executor import Pursuit
from vla_course.panels.drawing.style import CART_TABLE, COP, INK, SOFT, ZMP, Picture, look, picture
from vla_course.simulation.scene.cameras import Camera, Tripod
from vla_course.simulation.tasks.stage import Stage

ENDS: Final = {
    "success": (COP, "", "done: perceived to be so"),
    "failure": (CART_TABLE, "//", "failed: tried again, or not"),
    "halted": (ZMP, "xx", "halted: a guard failed, or another command"),
}
"""of each way in which an attempt ends: its colour, its hatch, what it means"""
_WIDTH, _HEIGHT = 380, 330


def timeline_picture(pursuit: Pursuit) -> Picture:
    """Draw the attempts of a goal over time, a row for each step of each plan; before a new plan stands why it is."""
    rows: list[str] = []
    heads: list[tuple[int, float, str]] = []
    places: dict[tuple[int, str], int] = {}
    for number, (begin, why, names) in enumerate(pursuit.plans):
        if number:
            heads.append((len(rows) + len(heads), begin, f"a new plan, for {why}"))
        for name in names:
            places[number, name] = len(rows) + len(heads)
            rows.append(name)
    low = len(rows) + len(heads) - 0.4
    tried = "; ".join(f"{one.step} {one.ended}" for one in pursuit.attempts)
    figure, (axes,) = picture(
        height=1.3 + 0.40 * (low + 0.4),
        alt=f"{pursuit.sentence}: {tried}. In the end: {pursuit.outcome}. {pursuit.reason}",
    )
    with rc_context(look()):
        for attempt in pursuit.attempts:
            _bar(axes, places[attempt.plan, attempt.step], attempt)
        for place, begin, why in heads:
            axes.text(pursuit.begin, place, why, va="center", fontsize=9.5, color=INK)
            axes.plot((begin, begin), (place + 0.4, low), color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
        axes.set(xlabel="s", xlim=(pursuit.begin, pursuit.end + 0.5), ylim=(low, -0.6))
        axes.set_yticks(list(places.values()), rows)
        axes.grid(axis="y", visible=False)
        ending = f"{pursuit.outcome}: {pursuit.reason}" if pursuit.reason else pursuit.outcome
        # Over all of the picture: beside long names of steps the axes alone are too narrow for it.
        said = fill(f"“{pursuit.sentence}” - {ending}", 90)
        figure.suptitle(said, x=0.01, ha="left", fontsize=11.5, fontweight="bold")
        marks = [
            axes.barh(0, 0, color=colour, hatch=hatch, edgecolor="white", label=means)
            for colour, hatch, means in ENDS.values()
        ]
        figure.legend(handles=marks, loc="outside lower center", ncols=3)
    return figure


def _bar(axes: Axes, row: int, attempt: Attempt) -> None:
    colour, hatch, _ = ENDS.get(attempt.ended, (SOFT, "", ""))
    axes.barh(
        row,
        attempt.end - attempt.begin,
        left=attempt.begin,
        height=0.62,
        color=colour,
        hatch=hatch,
        edgecolor="white",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """A picture (height, width, 3) of a stage, at `time` s, while the robot was about to do something."""

    time: float
    doing: str
    rgb: NDArray[np.uint8]


class Photographer:
    """Stands beside a stage and takes a photograph every so often; call `follow` after every tick.

    Args:
        every: s between two of them.
    """

    def __init__(self, every: float = 1.0) -> None:
        self._every, self._next = every, 0.0
        self.photographs: list[Photograph] = []

    def follow(self, stage: Stage, doing: str = "") -> None:
        """Take a photograph, where it is time for one."""
        if stage.world.time < self._next:
            return
        self._next = stage.world.time + self._every
        x, y, _ = stage.scene.description.table.position
        stand = Tripod((x + 0.3, y + 3.3, 1.85), (x + 0.3, y, 0.80))
        camera = Camera(stage.world, stand, width=_WIDTH, height=_HEIGHT, field_of_view=0.62)
        self.photographs.append(Photograph(stage.world.time, doing, camera.capture().rgb))


def strip_picture(photographs: Sequence[Photograph], times: Sequence[float], title: str = "") -> Picture:
    """Lay out the photographs that are nearest to `times` s, from left to right."""
    shown = [min(photographs, key=lambda one: abs(one.time - moment)) for moment in times]
    doings = ", ".join(f"{one.doing} after {one.time:.0f} s" for one in shown)
    figure, panes = picture(1, len(shown), height=1.9, alt=f"{title}: {doings}")
    with rc_context(look()):
        for pane, one in zip(panes, shown, strict=True):
            pane.imshow(one.rgb, interpolation="lanczos")
            pane.set(xticks=[], yticks=[])
            pane.set_xlabel(f"{one.time:.0f} s: {one.doing}", fontsize=8.5)
            pane.grid(visible=False)
            pane.spines[:].set_visible(False)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, fontweight="bold")
    return figure


def moments_of(pursuit: Pursuit, count: int = 5) -> list[float]:
    """Return `count` times, s, spread over a pursuit, its end included."""
    return np.linspace(pursuit.begin + 1.0, pursuit.end, count).tolist()
