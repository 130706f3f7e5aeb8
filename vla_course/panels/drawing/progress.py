"""A bar for what takes longer than one likes to wait: how much of it is done, and what is going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import ipywidgets
from IPython.display import display

Progress = Callable[[float, float, str], object]
"""how much is done, of how much, and what is going on"""

_FINEST = 0.01
"""fraction of the whole: what moves the bar by less is not sent to the browser"""


class Bar(ipywidgets.HBox):
    """A bar under a cell that runs long; call it now and then with what is done.

    Args:
        title: what runs, in a word or two.
    """

    def __init__(self, title: str) -> None:
        self._bar = ipywidgets.FloatProgress(value=0.0, min=0.0, max=1.0, description=title)
        self._word = ipywidgets.Label()
        super().__init__([self._bar, self._word])

    @classmethod
    def shown(cls, title: str) -> Self:
        """Return a bar that stands under the cell already."""
        bar = cls(title)
        display(bar)
        return bar

    def __call__(self, done: float, of: float, doing: str = "") -> None:
        """Show that `done` of `of` is done, and what is going on now."""
        fraction = min(max(done / of, 0.0), 1.0)
        if fraction == 1.0 or abs(fraction - self.fraction) >= _FINEST:
            self._bar.value = fraction
        if doing != self.doing:
            self._word.value = doing

    @property
    def fraction(self) -> float:
        """How much of the whole the bar shows."""
        return float(self._bar.value)

    @property
    def doing(self) -> str:
        """What it says is going on."""
        return str(self._word.value)
