"""The cards of a panel that cannot go on: an exercise is not written yet, or what is written fails."""

from __future__ import annotations

from html import escape
from typing import Final

from vla_course.course.exercise import NotAttempted
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.showing.card import card, code, prose

COURSE_STANDS_IN: Final = "Until then the course's own can stand in: choose it above."
"""what to do in a panel that lets one choose"""


def needs_card(missing: NotAttempted, until_then: str = "Write it, and run the cell again.") -> str:
    """Say which exercise the panel waits for, where it is written, and what can be done."""
    root = CourseRoot.current()
    exercise = load_manifest(root).exercise(missing.exercise_id)
    path = root.shorten(root.desk() / exercise.path)
    body = f"<p>This panel needs {code(exercise.symbol)} in {code(path)}. {until_then}</p>"
    return card(f"Exercise {exercise.id} ({escape(exercise.title)}) is waiting for you", body, tone="info")


def fault_card(title: str, fault: Exception) -> str:
    """Say what the student's code has raised, where a widget shows no traceback."""
    return card(title, f"<p>{escape(type(fault).__name__)}: {prose(str(fault))}</p>", tone="bad")
