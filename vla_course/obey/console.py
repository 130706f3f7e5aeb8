"""The same call in a notebook: what the robot's three cameras see, beside that its plan, and in the end the page."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ipywidgets

from vla_course.course.root import CourseRoot
from vla_course.obey.guarding import Guarding
from vla_course.obey.page import page, plan_tree, write_page
from vla_course.obey.policies import shipped
from vla_course.obey.running import run
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.waiting import fault_card
from vla_course.serving.packets.pictures import encode_picture
from vla_course.simulation.scene.cameras import PLACES

if TYPE_CHECKING:
    from vla_course.learning.planned.policy import PlannedPolicy
    from vla_course.obey.told import Run
    from vla_course.panels.drawing.film import Filmed

EVERY: Final = 0.4
"""s of the robot's time, from one picture on the screen to the next"""


class RunConsole(ipywidgets.VBox):
    """Type a command and watch; by code, `tell`.

    Args:
        film: where the film goes; recording and page lie beside it. None: build/run.mp4, as in a terminal.
        seed: of the scene.

    Attributes:
        done: what came of the last command; None before, and where it was refused as none of the language.
    """

    def __init__(self, film: Path | None = None, seed: int = 0) -> None:
        self._film = film or CourseRoot.current().folder / "build" / "run.mp4"
        self._seed, self._due = seed, 0.0
        self._policy: PlannedPolicy | None = None
        self.done: Run | None = None
        self.command = ipywidgets.Text(
            value="look at the red cup", description="command", layout={"width": "520px"}
        )
        self.button = BusyButton("Tell it", "the robot is at work ...", "play")
        self.button.on_click(lambda _: self.tell(self.command.value))
        self.eyes = {
            place: ipywidgets.Image(format="jpeg", layout={"width": "160px", "height": "160px"})
            for place in PLACES
        }
        named = [ipywidgets.VBox([self.eyes[place], ipywidgets.HTML(f"its {place}")]) for place in PLACES]
        self._plan, self._page = ipywidgets.HTML("<p>Nobody has told it anything.</p>"), ipywidgets.HTML()
        wrap = {"flex_flow": "row wrap"}
        super().__init__(
            [
                ipywidgets.HBox([self.command, self.button], layout=wrap),
                ipywidgets.HBox([ipywidgets.HBox(named), self._plan], layout=wrap),
                self._page,
            ]
        )
        self.add_class("vla-run-console")

    @property
    def status(self) -> str:
        """What is shown beside the cameras, as HTML."""
        return str(self._plan.value)

    def tell(self, sentence: str) -> Run | None:
        """Let the robot do what a sentence says, in a new scene; what cannot be is told, and nothing moves."""
        self.command.value, self.done, self._due = sentence, None, 0.0
        self._page.value = ""
        with self.button.busy():
            try:
                self._policy = self._policy or shipped("planned")
                self.done = run(
                    sentence,
                    self._film,
                    self._seed,
                    policy=self._policy,
                    recording=self._film.with_suffix(".mcap"),
                    guarding=Guarding(sentence),
                    watch=self._show,
                )
                write_page(self._film.with_suffix(".html"), self.done, self._film)
            except (ValueError, OSError) as why:
                self._plan.value = fault_card("The robot stands", why)
                return None
        self._plan.value = self._told(self.done)
        inside = escape(page(self.done, self._film.name), quote=True)
        look = "width: 100%; height: 640px; border: 0"
        self._page.value = f'<iframe title="the page" style="{look}" srcdoc="{inside}"></iframe>'
        return self.done

    def _show(self, done: Run, filmed: Filmed) -> None:
        """Show what the cameras see, and how far the plan is."""
        if done.seconds < self._due:
            return
        self._due = done.seconds + EVERY
        for place, rgb in zip(PLACES, filmed.eyes, strict=True):
            self.eyes[place].value = encode_picture(rgb, quality=75)
        about = done.moments[-1].doing if done.moments else ""
        self._plan.value = f"<p>{done.seconds:.1f} s: {escape(about)}</p>{''.join(plan_tree(done))}"

    def _told(self, done: Run) -> str:
        lines = "".join(f"<li>{escape(line)}</li>" for line in done.lines)
        return f"<ul>{lines}</ul>"
