"""Preview control to play with: how far ahead it looks, how much a jerk costs, and what becomes of the ZMP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from vla_course.course.errors import CourseError
from vla_course.course.showing.card import card
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

Array = NDArray[np.float64]
MakePreview = Callable[..., Any]
"""timestep s, height m, horizon s, error_weight, jerk_weight -> an object with `samples`, `C` and `step`"""

TIMESTEP: Final = 0.01
"""s"""
HEIGHT: Final = 0.845
"""m, of the pendulum that sways like the course's robot"""
SECONDS: Final = 6.0
FIRST_STEP, STEP, SHIFT, STEPS = 2.0, 0.55, 0.10, 6
"""s, s, s: when the first foot is lifted, from lift to lift, both feet down; and how many steps are made"""
HALF_WIDTH: Final = 0.09
"""m, from the middle to each foot"""
HALF_SOLE: Final = 0.055
"""m, half as wide as a sole"""
FARTHEST: Final = 0.5
"""m: a cart that is that far from the feet has fallen over"""


@dataclass(frozen=True)
class PreviewRun:
    """A cart that follows feet from side to side; all (n,), m and s."""

    time: Array
    reference: Array
    position: Array
    zmp: Array

    @property
    def worst(self) -> float:
        """m, the greatest error of the ZMP while it steps."""
        carried = (self.time > FIRST_STEP) & (self.time < FIRST_STEP + STEPS * STEP)
        return float(np.abs(self.zmp - self.reference)[carried].max())


def stepping_zmp(times: Array) -> Array:
    """Return where the ZMP is wanted (n,) m, to the left: in the middle, foot by foot, in the middle again."""
    knots, places = [0.0], [0.0]
    for number in range(STEPS + 1):
        begin = FIRST_STEP + number * STEP
        goal = 0.0 if number == STEPS else HALF_WIDTH * (1.0 if number % 2 == 0 else -1.0)
        knots += [begin - SHIFT, begin]
        places += [places[-1], goal]
    return np.interp(times, knots, places)


def run_preview(
    make: MakePreview, horizon: float, jerk_weight: float, error_weight: float = 1.0
) -> PreviewRun:
    """Let a cart follow `stepping_zmp` for `SECONDS` s under a preview controller.

    Raises:
        CourseError: the controller's `step` gave something that is not a state (3,) and a number.
    """
    preview = make(TIMESTEP, HEIGHT, horizon, error_weight=error_weight, jerk_weight=jerk_weight)
    times: Array = TIMESTEP * np.arange(round(SECONDS / TIMESTEP), dtype=np.float64)
    wanted = stepping_zmp(TIMESTEP * np.arange(len(times) + preview.samples + 1))
    state, total, states = np.zeros(3), 0.0, []
    for k in range(len(times)):
        states.append(state)
        answer = preview.step(state, total, wanted[k : k + preview.samples + 1])
        try:
            new, total = answer
            state, total = np.asarray(new, dtype=float), float(total)
        except (TypeError, ValueError):
            raise CourseError(
                f"step gave {answer!r}: expected the state (3,) and the sum of errors"
            ) from None
        if state.shape != (3,):
            raise CourseError(f"step gave a state of shape {state.shape}: expected (3,)")
        # Beyond this all numbers only grow.
        if not abs(state[0]) < FARTHEST:
            break
    found = np.array(states)
    times = times[: len(found)]
    return PreviewRun(times, wanted[: len(times)], found[:, 0], found @ np.asarray(preview.C, dtype=float))


def preview_picture(run: PreviewRun, *, title: str = "", height: float = 3.4) -> Picture:
    """Draw where the ZMP was wanted and where it was, with the soles as bands, and the centre of mass."""
    alt = f"ZMP wanted, ZMP reached and centre of mass against time; the greatest error is {100 * run.worst:.1f} cm."
    figure, (axes,) = picture(height=height, alt=alt)
    for number in range(STEPS):
        begin = FIRST_STEP + number * STEP
        middle = 100.0 * HALF_WIDTH * (1.0 if number % 2 == 0 else -1.0)
        low = middle - 100.0 * HALF_SOLE
        box: dict[str, Any] = {"color": style.BAND, "ec": style.SOFT, "lw": 0.8, "zorder": 0.5}
        axes.fill_between(
            [begin, begin + STEP - SHIFT],
            low,
            low + 200.0 * HALF_SOLE,
            label="sole that carries" if number == 0 else None,
            **box,
        )
    axes.plot(run.time, 100.0 * run.reference, color=style.INK, lw=1.0, ls="--", label="ZMP wanted", zorder=3)
    axes.plot(run.time, 100.0 * run.zmp, color=style.ZMP, lw=1.6, label="ZMP")
    axes.plot(run.time, 100.0 * run.position, color=style.COM, lw=2.0, label="CoM")
    if run.time[-1] < SECONDS - 2 * TIMESTEP:
        axes.axvline(run.time[-1], color=style.INK, lw=1.2, ls=":")
        axes.text(run.time[-1], -24.0, " gone", color=style.INK, fontsize=9)
    axes.set(xlabel="time (s)", ylabel="to the left (cm)", xlim=(0.0, SECONDS), ylim=(-26.0, 26.0))
    legend_above(axes)
    if title:
        axes.set_title(title, loc="left", pad=22, color=style.INK)
    return figure


class PreviewExplorer(ipywidgets.VBox):
    """Two sliders over `run_preview`; each change is drawn at once.

    Attributes:
        last: the run that is shown, None where the student's controller could not be run.
    """

    def __init__(self, make: MakePreview, horizon: float = 1.6, jerk_weight: float = 1e-6) -> None:
        self._make = make
        self.last: PreviewRun | None = None
        wide = {"layout": {"width": "430px"}, "style": {"description_width": "150px"}}
        self.horizon = ipywidgets.FloatSlider(
            value=horizon, min=0.1, max=2.0, step=0.1, description="horizon (s)", readout_format=".1f", **wide
        )
        self.jerk_weight = ipywidgets.FloatLogSlider(
            value=jerk_weight,
            min=-9.0,
            max=-2.0,
            step=0.5,
            description="jerk weight",
            readout_format=".0e",
            **wide,
        )
        self._picture, self._told = ipywidgets.HTML(), ipywidgets.HTML()
        for control in (self.horizon, self.jerk_weight):
            control.observe(self._redraw, "value")
        self._redraw()
        super().__init__([ipywidgets.HBox([self.horizon, self.jerk_weight]), self._told, self._picture])
        self.add_class("vla-preview-explorer")

    @property
    def status(self) -> str:
        """The sentence or card that is shown, as HTML."""
        return str(self._told.value)

    def _redraw(self, _: object = None) -> None:
        try:
            run = run_preview(self._make, self.horizon.value, self.jerk_weight.value)
        except Exception as fault:  # of the student's code: shown, not raised into a slider that nobody reads
            self.last, self._picture.value = None, ""
            told = f"<p>{escape(type(fault).__name__)}: {escape(str(fault))}</p>"
            self._told.value = card("Your preview controller could not run", told, tone="bad")
            return
        self.last = run
        self._told.value = f'<div style="margin-left: 12px; font-size: 13px">{tell(run)}</div>'
        self._picture.value = preview_picture(run).html()


def tell(run: PreviewRun) -> str:
    """Say in one sentence what became of a run."""
    if run.time[-1] < SECONDS - 2 * TIMESTEP:
        return f"The body is gone after {run.time[-1]:.1f} s: it began to lean too late."
    centimetres = 100.0 * run.worst
    if centimetres > 100.0 * HALF_SOLE:
        return f"The ZMP is up to {centimetres:.1f} cm off: it leaves the sole, and this robot would tip."
    return f"The ZMP is at most {centimetres:.1f} cm off, and a sole reaches {100 * HALF_SOLE:.1f} cm to each side."
