"""The friendly card of a panel that needs an exercise which is not written yet."""

from __future__ import annotations

from html import escape

from vla_course.course.card import card, code
from vla_course.course.exercise import NotAttempted
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot


def needs_card(missing: NotAttempted) -> str:
    """Say which exercise the panel waits for, and where it is written."""
    root = CourseRoot.current()
    exercise = load_manifest(root).exercise(missing.exercise_id)
    path = root.shorten(root.desk() / exercise.path)
    body = (
        f"<p>This panel needs {code(exercise.symbol)} in {code(path)}. Write it, and run the cell again.</p>"
    )
    return card(f"Exercise {exercise.id} ({escape(exercise.title)}) is waiting for you", body, tone="info")
