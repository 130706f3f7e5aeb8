"""What there is to do for an exercise that is not written yet, or not to its end."""

from __future__ import annotations

from dataclasses import dataclass

from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted
from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.shown import in_words
from vla_course.course.source.leftover import leftover
from vla_course.course.source.source import Written


@dataclass(frozen=True)
class Whereabouts:
    """Where an exercise is written."""

    title: str
    """in brackets after a space; empty where the manifest does not know the exercise"""
    todo: str
    """what to write where"""
    file: str = ""
    left_over: str = ""
    """which `raise NotAttempted` an answer has left standing; empty where nothing was begun"""


def whereabouts(missing: NotAttempted) -> Whereabouts:
    """Return where to write the exercise that is missing."""
    root, exercise_id = CourseRoot.current(), missing.exercise_id
    try:
        found = load_manifest(root).exercise(exercise_id)
        file = root.desk() / found.path
        path, stub = root.shorten(file), pristine(root, found.path)
        rest = leftover(Written.read(file).text, stub, exercise_id)
    except (CourseError, OSError):
        return Whereabouts("", f'look for @exercise("{exercise_id}") and write your answer there')
    says = f'`raise NotAttempted("{exercise_id}")`'
    left_over = f"line {rest.line} of {path} still says {says}: {rest.advice}" if rest else ""
    return Whereabouts(f" ({found.title})", f"write {found.symbol} in {path}", path, left_over)


@in_words.register
def waiting_line(missing: NotAttempted) -> str:
    """Say in one line which exercise waits, and what to do."""
    place = whereabouts(missing)
    if place.left_over:
        return f"exercise {missing.exercise_id}{place.title} is begun, but {place.left_over}"
    return (
        f"exercise {missing.exercise_id}{place.title} is not solved yet: {place.todo}, "
        f'then run check("{missing.exercise_id}") or `vla-course check {missing.exercise_id}`'
    )
