"""Push me: a hand, a humanoid, and whose controller shall stand it."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import ipywidgets
import numpy as np

from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted
from vla_course.course.showing.card import card
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.compass import compass
from vla_course.panels.balance.story import Outcome, outcome
from vla_course.panels.balance.trial import WHO, Trial, Who, run_trial
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.figures import from_above, over_time
from vla_course.panels.drawing.replay import Replay, replay
from vla_course.panels.drawing.traces import footprints
from vla_course.panels.drawing.waiting import COURSE_STANDS_IN, needs_card

_NAMES: Final[dict[Who, str]] = {"off": "off, a statue", "reference": "the course's", "student": "yours"}
_KNOBS: Final = {
    "dcm_gain": (0.0, 12.0, 0.5, "k, dcm_gain"),
    "edge_margin": (0.0, 0.06, 0.002, "edge_margin (m)"),
}
_HEADINGS = 360


class PushPanel(ipywidgets.VBox):
    """A panel to push the robot with, by hand or by code (`run`).

    Args:
        controller: whose controller is chosen at first: "off", "reference" or "student".
        knobs: fields of `BalanceConfig` that get a slider: "dcm_gain", "edge_margin".

    Attributes:
        record: the last run, None before the first and after one that failed.
        outcome: what became of it.
        status: HTML, the sentence or card that is shown.
    """

    def __init__(self, controller: Who = "reference", knobs: tuple[str, ...] = ()) -> None:
        self.record: MotionRecord | None = None
        self.outcome: Outcome | None = None
        self.replay: Replay | None = None
        self._home = run_trial(Trial(impulse=0.0, duration=0.1), "off")
        self._soles = footprints(self._home)
        headings = np.linspace(0.0, 2.0 * np.pi, _HEADINGS, endpoint=False)
        self._limits = np.column_stack((headings, [self.limit(float(np.degrees(h))) for h in headings]))

        wide = {"layout": {"width": "350px"}, "style": {"description_width": "125px"}}
        self.direction = ipywidgets.IntSlider(
            value=0, min=-180, max=180, step=15, description="direction (°)", **wide
        )
        self.impulse = ipywidgets.FloatSlider(
            value=0.34, min=0.0, max=0.9, step=0.01, description="push (N s/kg)", readout_format=".2f", **wide
        )
        self.pull_back = ipywidgets.Checkbox(
            value=False,
            description="and pull back 0.4 s later",
            indent=False,
            layout={"margin": "0 0 0 130px", "width": "auto"},
        )
        self.controller = ipywidgets.ToggleButtons(
            options=[(name, who) for who, name in _NAMES.items()], value=controller, description="controller"
        )
        self.controller.style.button_width = "110px"
        self.controller.style.description_width = "75px"
        self._knobs = {name: _knob(name, wide) for name in knobs}
        self.button = BusyButton("Push", "the robot is pushed ...", "hand-o-right")
        self._share = ipywidgets.HTML()
        self._compass = ipywidgets.HTML()
        self._status = ipywidgets.HTML()
        self._view = ipywidgets.VBox([])
        self._pictures = ipywidgets.HTML()
        for control in (self.direction, self.impulse, self.pull_back):
            control.observe(self._redraw, "value")
        self.button.on_click(self._press)
        self._redraw()
        hand = [self.direction, self.impulse, self._share, self.pull_back, *self._knobs.values()]
        controls = ipywidgets.HBox(
            [ipywidgets.VBox([*hand, self.controller, self.button]), self._compass],
            layout={"flex_flow": "row wrap"},
        )
        super().__init__([controls, self._status, self._view, self._pictures])
        self.add_class("vla-push-panel")

    @property
    def status(self) -> str:
        """The sentence or card that is shown, as HTML."""
        return str(self._status.value)

    def limit(self, direction: float) -> float:
        """Return the no-step limit in N s/kg towards `direction` degrees, from the reference's formula."""
        from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit

        u = np.array([np.cos(np.radians(direction)), np.sin(np.radians(direction))])
        home = self._home
        return float(no_step_push_limit(home.center_of_mass[-1], home.support_polygons[-1], u, home.gravity))

    def run(
        self,
        direction: float = 0.0,
        impulse: float = 0.34,
        controller: Who = "reference",
        *,
        pull_back: bool = False,
    ) -> Outcome | None:
        """Push the robot and show what happens; returns None where the controller could not run.

        Raises:
            ValueError: a number is outside its range, or there is no such controller.
        """
        if controller not in WHO:
            raise ValueError(f"controller is {controller!r}, expected one of {WHO}")
        config = {name: float(knob.value) for name, knob in self._knobs.items()}
        trial = Trial(direction, impulse, pull_back, config=config)
        self._set(trial, controller)
        self.record = self.outcome = self.replay = None
        with self.button.busy():
            self._try(trial, controller)
        return self.outcome

    def _try(self, trial: Trial, controller: Who) -> None:
        try:
            record = run_trial(trial, controller)
        except NotAttempted as missing:
            self._fail(needs_card(missing, COURSE_STANDS_IN))
        except CourseError as fault:
            self._fail(
                card("Your controller could not hold the robot", f"<p>{escape(str(fault))}</p>", tone="bad")
            )
        else:
            self._show(record, trial, controller)

    def _set(self, trial: Trial, controller: Who) -> None:
        """Let the controls show the push that is made."""
        self.direction.value = round((trial.direction + 180.0) % 360.0 - 180.0)
        self.impulse.value, self.pull_back.value = trial.impulse, trial.pull_back
        self.controller.value = controller

    def _press(self, _: object) -> None:
        self.run(
            self.direction.value, self.impulse.value, self.controller.value, pull_back=self.pull_back.value
        )

    def _fail(self, html: str) -> None:
        self._status.value = html
        self._view.children = ()
        self._pictures.value = ""

    def _show(self, record: MotionRecord, trial: Trial, controller: Who) -> None:
        from vla_course.reference.day3_humanoid_balance.dcm import divergent_component_of_motion

        told = outcome(record)
        share = trial.impulse / self.limit(trial.direction)
        pushed = f"{trial.impulse:.2f} N s/kg, {share:.2f} of the no-step limit"
        body = (
            f"<p>The robot <b>{escape(str(told))}</b>.</p><div class='vla-soft'>Pushed with {pushed}.</div>"
        )
        title = f"Controller: {_NAMES[controller]}"
        html = card(title, body, tone="bad" if told.fell else "good", status="fell" if told.fell else "stood")
        traces = over_time(
            record,
            divergent_component_of_motion=divergent_component_of_motion,
            direction=trial.direction,
            height=3.2,
        )
        above = from_above(record, divergent_component_of_motion=divergent_component_of_motion, height=3.2)
        shown = replay(record, height=340)
        self._status.value = html
        self._view.children = (shown,)
        self._pictures.value = (
            f'<div style="display: flex; flex-wrap: wrap">{traces.html()}{above.html()}</div>'
        )
        self.record, self.outcome, self.replay = record, told, shown

    def _redraw(self, _: object = None) -> None:
        limit = self.limit(self.direction.value)
        share = self.impulse.value / limit
        self._share.value = (
            f'<div style="margin-left: 130px; font-size: 12.5px; line-height: 1.4">{share:.2f} of the no-step limit, '
            f"which is {limit:.2f} N s/kg this way</div>"
        )
        self._compass.value = compass(
            self.direction.value,
            self.impulse.value,
            self._limits,
            self._soles,
            self._home.center_of_mass[-1, :2],
            pull_back=self.pull_back.value,
        )


def _knob(name: str, wide: dict[str, Any]) -> ipywidgets.FloatSlider:
    if name not in _KNOBS:
        raise ValueError(f"knob is {name!r}, expected some of {tuple(_KNOBS)}")
    low, high, step, label = _KNOBS[name]
    now = getattr(BalanceConfig(), name)
    return ipywidgets.FloatSlider(
        value=now, min=low, max=high, step=step, description=label, readout_format=".3f", **wide
    )
