"""The drift lab: change a robot's world, and see whether its monitors notice, how soon, and what they say."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted
from vla_course.course.showing.card import card
from vla_course.deployment.monitors.cusum import Threshold, path_of
from vla_course.deployment.monitors.fitted import DETECTORS, Fitted, load_fitted
from vla_course.deployment.monitors.lab import SIZES, Recorded, load_lab
from vla_course.deployment.monitors.monitor import Monitor
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.panels.deployment.drift_pictures import alarm_picture, usual_episodes
from vla_course.panels.drawing.style import Picture
from vla_course.panels.drawing.waiting import needs_card

Array = NDArray[np.float64]

NOTHING: Final = "nothing"
RATES: Final[dict[str, float]] = {
    "as shipped": 0.0,
    "1 in 3": 1 / 3,
    "1 in 10": 0.1,
    "1 in 25": 0.04,
    "1 in 1000": 0.001,
}
"""of false alarms: episodes, by what the menu says; 0 for the thresholds that ship"""
UNITS: Final[dict[str, str]] = {
    "dark": "of the light is left",
    "camera moved": "degrees",
    "unknown thing": "things",
    "wrong mass": "kg more in a hand",
    "slippery floor": "friction",
}


class DriftLab(ipywidgets.VBox):
    """Choose a change, its size, and how many false alarms may be; by code, `choose`.

    Everything shown was recorded; scores, CUSUMs and thresholds are computed anew at each choice, by the functions
    that were handed in.

    Args:
        parts: threshold (5.3) and distance (5.4), by default the reference's.

    Attributes:
        cause: what the monitors name now; empty for nothing.
        picture: what is shown; None where a function of the student's could not be run.
    """

    def __init__(self, parts: MonitorParts | None = None) -> None:
        self._parts = parts or MonitorParts.reference()
        self._fitted, self._lab = load_fitted(), load_lab()
        self.cause = ""
        self.picture: Picture | None = None
        wide = {"layout": {"width": "290px"}, "style": {"description_width": "110px"}}
        kinds = [(kind or NOTHING, kind) for kind in SIZES]
        self.kind = ipywidgets.Dropdown(options=kinds, value="dark", description="what changes", **wide)
        self.size = ipywidgets.Dropdown(options=self._sizes("dark"), description="how much", **wide)
        self.size.index = len(SIZES["dark"]) - 1
        self.rate = ipywidgets.Dropdown(options=list(RATES), description="false alarms", **wide)
        self._told, self._view = ipywidgets.HTML(), ipywidgets.HTML()
        self.kind.observe(self._other_kind, "value")
        for control in (self.size, self.rate):
            control.observe(self._redraw, "value")
        self._redraw()
        super().__init__([ipywidgets.HBox([self.kind, self.size, self.rate]), self._told, self._view])
        self.add_class("vla-drift-lab")

    @property
    def status(self) -> str:
        """The sentence or card that is shown, as HTML."""
        return str(self._told.value)

    def choose(self, kind: str, size: float | None = None, rate: str = "as shipped") -> DriftLab:
        """Choose by code what the menus choose; `size` None is the greatest that there is.

        Raises:
            ValueError: there is no such kind, size or rate.
        """
        if kind not in SIZES or rate not in RATES or (size is not None and size not in SIZES[kind]):
            raise ValueError(
                f"kind, size and rate are {kind!r}, {size} and {rate!r}, expected one of {list(SIZES)}, a size of "
                f"{SIZES.get(kind)}, and one of {list(RATES)}"
            )
        self.rate.value = rate
        self.kind.value = kind
        self.size.value = SIZES[kind][-1] if size is None else size
        self._redraw()
        return self

    def _sizes(self, kind: str) -> list[tuple[str, float]]:
        return [(f"{size:g} {UNITS.get(kind, '')}", size) for size in SIZES[kind]]

    def _other_kind(self, _: object = None) -> None:
        kind = self.kind.value
        self.size.options = self._sizes(kind)
        self.size.index = len(SIZES[kind]) - 1
        self._redraw()

    def _redraw(self, _: object = None) -> None:
        recorded = self._lab[self.kind.value, self.size.value]
        try:
            self.picture = self._watched(recorded)
        except NotAttempted as missing:
            self._blank(needs_card(missing))
        except (
            Exception
        ) as fault:  # of the student's code, or a promise that cannot be made: shown, not raised
            told = f"<p>{escape(type(fault).__name__)}: {escape(str(fault))}</p>"
            self._blank(card("No threshold, or no distance", told, tone="bad"))
        else:
            self._view.value = self.picture.html()

    def _blank(self, told: str) -> None:
        self.picture, self.cause, self._view.value, self._told.value = None, "", "", told

    def _watched(self, recorded: Recorded) -> Picture:
        """Watch a recorded stream, and draw it."""
        fitted = self._calibrated(RATES[self.rate.value])
        raw = {name: recorded.scores[:, column] for column, name in enumerate(DETECTORS)}
        raw["joints"] = fitted.strain(recorded.missed, recorded.raised, self._parts)
        scores = fitted.standardised(raw)
        monitor = Monitor(fitted)
        for k, time in enumerate(recorded.times):
            monitor.judge(float(time), {name: float(score[k]) for name, score in scores.items()})
        sums = {
            name: np.array(path_of(score, fitted.gauges[name].slack)) / fitted.gauges[name].threshold.value
            for name, score in scores.items()
        }
        self.cause = monitor.cause
        said = "<br>".join(escape(alarm.says) for alarm in monitor.alarms) or "No alarm."
        self._told.value = f'<div style="margin-left: 12px; font-size: 13px">{said}</div>'
        return alarm_picture(recorded, sums, monitor.alarms, monitor.cause)

    def _calibrated(self, rate: float) -> Fitted:
        """Return the detectors with the thresholds of a rate; those that ship where it is 0."""
        if rate == 0.0:
            return self._fitted
        gauges = {}
        for name, gauge in self._fitted.gauges.items():
            episodes = usual_episodes(self._fitted, name)
            # An alarm at 0 would ring for nothing: where no sum ever rose, one deviation has to add up.
            value = max(1.0, self._parts.threshold(episodes, gauge.slack, rate))
            threshold = Threshold(value, rate, len(episodes), modelled=False)
            gauges[name] = replace(gauge, threshold=threshold)
        return replace(self._fitted, gauges=gauges)
