"""One line below a cell that takes a while: how long, and what the robot is about. Gone when the cell has ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

Say = Callable[[str], None]


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
