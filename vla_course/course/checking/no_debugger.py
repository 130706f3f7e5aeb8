"""`breakpoint()` left in an answer: nobody sits at the debugger of a check, so it does nothing but be told."""

from __future__ import annotations

import bdb
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType


def without_debugger(tell: Callable[[str], None]) -> None:
    """Let whatever stops a program in Python's debugger go on instead, and tell of each such line once.

    All roads lead through `Bdb.set_trace`: `breakpoint()`, `pdb.set_trace()`, a `Pdb` of one's own, IPython's. What
    `PYTHONBREAKPOINT` names is for the environment to leave out.
    """
    told: set[tuple[str, int]] = set()

    def goes_on(self: bdb.Bdb, frame: FrameType | None = None) -> None:
        at = frame or sys._getframe().f_back
        if at is None or (place := (at.f_code.co_filename, at.f_lineno)) in told:
            return
        told.add(place)
        line = linecache.getline(*place).strip()
        tell(f"{Path(place[0]).name}, line {place[1]} stops for a debugger: take out `{line}`, which did nothing here.")

    bdb.Bdb.set_trace = goes_on  # type: ignore[method-assign]
