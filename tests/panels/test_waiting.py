"""What a reader sees while something takes its time: a button that says so, a line that says how long."""

from __future__ import annotations

from contextlib import suppress

import IPython
import IPython.display
import pytest

from vla_course.panels.drawing.busy import BusyButton, phase_line


def test_a_busy_button_says_what_is_done_and_comes_back_whatever_happens() -> None:
    button = BusyButton("Push", "the robot is pushed ...", "hand-o-right")
    with suppress(ValueError), button.busy():
        assert (button.description, button.disabled, button.icon) == ("the robot is pushed ...", True, "spinner")
        raise ValueError("no")
    assert (button.description, button.disabled, button.icon) == ("Push", False, "hand-o-right")


def test_a_button_is_as_wide_as_its_words() -> None:
    assert BusyButton("Push", "pushing ...", "road").layout.width == "auto"


class Line:
    """A display that can be updated; remembers what it has shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def __call__(self, shown: IPython.display.HTML, *, display_id: bool) -> Line:
        self.update(shown)
        return self

    def update(self, shown: IPython.display.HTML) -> None:
        self.shown.append(shown.data)


def test_a_phase_line_says_how_long_and_what_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    monkeypatch.setattr(IPython, "get_ipython", lambda: type("Shell", (), {"kernel": True})())
    monkeypatch.setattr(IPython.display, "display", line)
    with suppress(KeyError), phase_line("about a minute") as say:
        say("walks")
        say("walks")
        say("takes <it>")
        raise KeyError
    first, walks, takes, last = line.shown
    assert "about a minute" in first
    assert "walks" in walks
    assert "takes &lt;it&gt;" in takes
    assert last == ""


def test_outside_a_notebook_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with phase_line("long") as say:
        say("walks")
    assert capsys.readouterr().out == ""
