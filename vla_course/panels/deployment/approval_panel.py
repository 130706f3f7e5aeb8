"""A human in the loop: what the robot asks, with three answers, and the one button that always works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import ipywidgets

from vla_course.deployment.safety.approval import Approval
from vla_course.deployment.safety.emergency import EmergencyStop
from vla_course.learning.environment.action_space import BodyCommand

_SAYS = {
    "approved": "You said yes. It holds for {holds:.0f} s; all limits hold as ever.",
    "refused": "You said no. The robot stands until it is told something else.",
    "timed out": "Nobody answered for {patience:.0f} s, and silence is no consent: the robot stands.",
}


class ApprovalPanel(ipywidgets.VBox):
    """Buttons for `approval` and `emergency`. By code: `approve`, `refuse`, `edit`, `press`, `release`.

    Args:
        approval: where the robot asks.
        emergency: the stop.
        calm: tells whether the robot stands at rest (`SafetyLayer.calm`); by default it is taken to.
        who: whoever sits here, and acknowledges a stop.
    """

    def __init__(
        self,
        approval: Approval,
        emergency: EmergencyStop,
        calm: Callable[[], bool] = lambda: True,
        who: str = "whoever sits at this notebook",
    ) -> None:
        self._approval, self._emergency, self._calm, self._who = approval, emergency, calm, who
        wide = {"layout": {"width": "150px"}}
        self.yes = ipywidgets.Button(description="Yes", icon="check", button_style="success", **wide)
        self.no = ipywidgets.Button(description="No", icon="times", **wide)
        self.slower = ipywidgets.FloatSlider(
            value=0.5,
            min=0.1,
            max=1.0,
            step=0.1,
            description="pace",
            readout_format=".1f",
            layout={"width": "260px"},
        )
        self.change = ipywidgets.Button(description="Yes, but slower", icon="pencil", **wide)
        self.stop = ipywidgets.Button(
            description="EMERGENCY STOP", icon="hand-paper-o", button_style="danger",
            layout={"width": "310px", "height": "56px"},
        )  # fmt: skip
        self.reset = ipywidgets.Button(
            description="I have looked: release", icon="unlock", layout={"width": "200px"}
        )
        self._question, self._told = ipywidgets.HTML(), ipywidgets.HTML()
        self.yes.on_click(lambda _: self.approve())
        self.no.on_click(lambda _: self.refuse())
        self.change.on_click(lambda _: self.edit(float(self.slower.value)))
        self.stop.on_click(lambda _: self.press())
        self.reset.on_click(lambda _: self.release())
        row = {"flex_flow": "row wrap"}
        super().__init__(
            [
                self._question,
                ipywidgets.HBox([self.yes, self.no, self.change, self.slower], layout=row),
                ipywidgets.HBox([self.stop, self.reset], layout=row),
                self._told,
            ]
        )
        self.add_class("vla-approval-panel")
        self.show()

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return f"{self._question.value}{self._told.value}"

    def show(self, told: str = "") -> None:
        """Show what is asked now, and what became of the last answer; call it after every decision."""
        asked, pressed = self._approval.pending, self._emergency.pressed
        if asked is None:
            self._question.value = "<p>The robot asks nothing.</p>"
        else:
            words = asked.words or "go on with what it is not sure of"
            self._question.value = f"<p>Number {asked.number}: may I <b>{escape(words)}</b>?</p>"
        for button in (self.yes, self.no, self.change):
            button.disabled = asked is None or pressed
        self.reset.disabled = not pressed
        if pressed:
            told = told or f"Stopped: {self._emergency.reason}."
        elif not told and asked is None:
            told = _SAYS.get(self._approval.verdict, "").format(
                holds=self._approval.holds, patience=self._approval.patience
            )
        self._told.value = f"<p>{escape(told)}</p>"

    def approve(self) -> None:
        """Say yes to what is asked."""
        self._answer(self._approval.approve)

    def refuse(self) -> None:
        """Say no to what is asked."""
        self._answer(self._approval.refuse)

    def edit(self, pace: float) -> None:
        """Say yes to what is asked, its feet at a part `pace` of their speed."""

        def slowed(command: BodyCommand) -> BodyCommand:
            return replace(command, base_velocity=pace * command.base_velocity)

        self._answer(lambda number: self._approval.edit(number, slowed))

    def press(self) -> None:
        """Stop the robot."""
        self._emergency.press("the button in the notebook was pressed")
        self.show()

    def release(self) -> None:
        """Acknowledge the stop, and release it where the robot is calm."""
        self._emergency.acknowledge(self._who)
        why = self._emergency.reset(self._calm())
        self.show(f"Not released: {why}." if why else "Released.")

    def _answer(self, answer: Callable[[int], None]) -> None:
        asked = self._approval.pending
        told = ""
        try:
            answer(asked.number if asked is not None else 0)
        except ValueError:
            told = "Too late: nothing is being asked any more."
        self.show(told)
