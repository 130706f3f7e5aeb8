"""Push me while I walk: a hand, a phase of the step, and a robot that may put its foot elsewhere or not."""

from __future__ import annotations

from html import escape
from typing import Final

import ipywidgets

from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted
from vla_course.course.showing.card import card
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.replay import Replay, replay
from vla_course.panels.drawing.waiting import COURSE_STANDS_IN, needs_card
from vla_course.panels.walking.figures import tracks_picture, walked
from vla_course.panels.walking.trial import Walks, WalkTrial, run_walk_trial

_NAMES: Final[dict[Walks, str]] = {"reference": "the course's", "student": "yours"}


class BumpPanel(ipywidgets.VBox):
    """A panel to push a robot that walks, by hand or by code (`run`).

    Attributes:
        record: the last run, None before the first and after one that failed.
        status: HTML, the sentence or card that is shown.
    """

    def __init__(self, controller: Walks = "reference", speed: float = 0.3) -> None:
        self.record: MotionRecord | None = None
        self.replay: Replay | None = None
        self._speed = speed
        wide = {"layout": {"width": "380px"}, "style": {"description_width": "125px"}}
        self.direction = ipywidgets.IntSlider(
            value=90, min=-180, max=180, step=15, description="direction (°)", **wide
        )
        self.impulse = ipywidgets.FloatSlider(
            value=0.3, min=0.0, max=0.8, step=0.02, description="push (N s/kg)", readout_format=".2f", **wide
        )
        self.phase = ipywidgets.FloatSlider(
            value=0.25, min=0.0, max=1.0, step=0.05, description="phase of the step", **wide
        )
        self.moves_steps = ipywidgets.Checkbox(
            value=True,
            description="it may put its foot elsewhere",
            indent=False,
            layout={"margin": "0 0 0 130px", "width": "auto"},
        )
        self.controller = ipywidgets.ToggleButtons(
            options=[(name, who) for who, name in _NAMES.items()], value=controller, description="walks on"
        )
        self.controller.style.button_width = "110px"
        self.controller.style.description_width = "75px"
        self.button = BusyButton("Push", "the robot walks ...", "hand-o-right")
        self._foot, self._status = ipywidgets.HTML(), ipywidgets.HTML()
        self._view = ipywidgets.VBox([])
        self._pictures = ipywidgets.HTML()
        self.phase.observe(self._redraw, "value")
        self.button.on_click(self._press)
        self._redraw()
        controls = ipywidgets.VBox(
            [
                *(self.direction, self.impulse, self.phase, self._foot, self.moves_steps),
                *(self.controller, self.button, self._status),
            ],
            layout={"width": "420px"},
        )
        beside = ipywidgets.VBox([self._view], layout={"flex": "1 1 480px"})
        row = ipywidgets.HBox([controls, beside], layout={"flex_flow": "row wrap"})
        super().__init__([row, self._pictures])
        self.add_class("vla-bump-panel")

    @property
    def status(self) -> str:
        """The sentence or card that is shown, as HTML."""
        return str(self._status.value)

    def run(
        self,
        direction: float = 90.0,
        impulse: float = 0.3,
        phase: float = 0.25,
        controller: Walks = "reference",
        *,
        moves_steps: bool = True,
    ) -> MotionRecord | None:
        """Push the robot and show what happens; returns None where the student's pieces could not run.

        Raises:
            ValueError: a number is outside its range, or there is no such controller.
        """
        trial = WalkTrial(direction, impulse, phase, self._speed, moves_steps)
        self.direction.value = round((direction + 180.0) % 360.0 - 180.0)
        self.impulse.value, self.phase.value = impulse, phase
        self.moves_steps.value, self.controller.value = moves_steps, controller
        self.record = self.replay = None
        with self.button.busy():
            self._try(trial, controller)
        return self.record

    def _try(self, trial: WalkTrial, controller: Walks) -> None:
        try:
            record = run_walk_trial(trial, controller)
        except NotAttempted as missing:
            self._fail(needs_card(missing, COURSE_STANDS_IN))
        except CourseError as fault:
            self._fail(
                card("Your pieces could not walk the robot", f"<p>{escape(str(fault))}</p>", tone="bad")
            )
        else:
            self._show(record, trial, controller)

    def _press(self, _: object) -> None:
        self.run(
            self.direction.value,
            self.impulse.value,
            self.phase.value,
            self.controller.value,
            moves_steps=self.moves_steps.value,
        )

    def _fail(self, html: str) -> None:
        self._status.value = html
        self._view.children = ()
        self._pictures.value = ""

    def _show(self, record: MotionRecord, trial: WalkTrial, controller: Walks) -> None:
        from vla_course.reference.day3_humanoid_balance.dcm import divergent_component_of_motion

        may = "could put its foot elsewhere" if trial.moves_steps else "had to keep to its steps"
        body = (
            f"<p>The robot <b>{walked(record)}</b>.</p><div class='vla-soft'>Pushed with {trial.impulse:.2f} "
            f"N s/kg towards {trial.direction:.0f}°; it {may}.</div>"
        )
        fell = record.fell
        self._status.value = card(
            f"Walks on: {_NAMES[controller]}",
            body,
            tone="bad" if fell else "good",
            status="fell" if fell else "walks",
        )
        shown = replay(record, height=360)
        self._view.children = (shown,)
        pictured = tracks_picture({"": record}, divergent_component_of_motion=divergent_component_of_motion)
        self._pictures.value = pictured.html()
        self.record, self.replay = record, shown

    def _redraw(self, _: object = None) -> None:
        trial = WalkTrial(phase=self.phase.value)
        foot = "right" if self.phase.value < 0.5 or self.phase.value == 1.0 else "left"
        where = f"the {foot} foot has just landed" if trial.both_feet else f"the {foot} foot is in the air"
        self._foot.value = (
            f'<div style="margin-left: 130px; font-size: 12.5px; line-height: 1.4">{where}</div>'
        )
