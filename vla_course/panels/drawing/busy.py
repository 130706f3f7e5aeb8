"""While something takes its time: a button that says what is done, a line that says how long it takes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

import ipywidgets

Say = Callable[[str], None]


class BusyButton(ipywidgets.Button):
    """A button as wide as its words, at least as wide as any other; while `busy`, it turns and cannot be pressed.

    Args:
        idle: what it does, such as "Push".
        working: what is going on then, such as "the robot is pushed ...".
        icon: its sign, of Font Awesome.
    """

    def __init__(self, idle: str, working: str, icon: str) -> None:
        super().__init__(
            description=idle, icon=icon, button_style="primary", layout={"width": "auto", "min_width": "148px"}
        )
        self.add_class("vla-busy-button")
        self._idle, self._working, self._icon = idle, working, icon

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Say what is going on until the block ends, however it ends."""
        self.disabled, self.description, self.icon = True, self._working, "spinner"
        try:
            yield
        finally:
            self.disabled, self.description, self.icon = False, self._idle, self._icon


@contextmanager
def phase_line(patience: str) -> Iterator[Say]:
    """Show `patience`, such as "about a minute", and whatever is said meanwhile; nothing outside a notebook.

    Yields a function that takes what is going on now, such as "walks". Saying the same again costs nothing.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if not hasattr(shell, "kernel"):
        yield lambda _: None
        return
    from IPython.display import HTML, display

    line = display(HTML(_line(patience, "")), display_id=True)
    said = ""

    def say(now: str) -> None:
        nonlocal said
        if now != said:
            said = now
            line.update(HTML(_line(patience, now)))

    try:
        yield say
    finally:
        line.update(HTML(""))


def _line(patience: str, now: str) -> str:
    return f"<p><b>{escape(now) or '...'}</b> (this takes {escape(patience)})</p>"
