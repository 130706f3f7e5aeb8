"""The course as a student meets it: check, hint, solution, reset and progress.

Everything is imported on first use, so that an exercise file that only needs its mark loads nothing more.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vla_course.course.checking.checking import check
    from vla_course.course.exercise import NotAttempted
    from vla_course.course.helping.answers import solution
    from vla_course.course.helping.hints import hint
    from vla_course.course.helping.progress import progress
    from vla_course.course.helping.restoring import reset

__all__ = ["NotAttempted", "check", "hint", "progress", "reset", "solution"]

# No submodule may bear the name of a function here: importing it would shadow the function.
_HOME = {
    "NotAttempted": "exercise",
    "check": "checking.checking",
    "hint": "helping.hints",
    "progress": "helping.progress",
    "reset": "helping.restoring",
    "solution": "helping.answers",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    importlib.import_module(f"{__name__}.showing.display")  # registers how records look
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
