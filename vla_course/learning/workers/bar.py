"""A bar that says how far long work is, and how long the rest will take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def progress_bar(
    console: Console | None, doing: str, total: int, missing: int
) -> Iterator[Callable[[], None]]:
    """Show how far it is; yields what to call for every piece that is done.

    Args:
        console: shows it; None: nothing is shown.
        doing: in a word.
        total: how many pieces there are to be.
        missing: how many of them are not there yet.
    """
    if console is None:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, speed_estimate_period=600.0) as bar:
        shown = bar.add_task("", total=total, completed=total - missing)
        yield lambda: bar.advance(shown)
