"""A button that says what is going on while its work is done, in words that fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ipywidgets


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
