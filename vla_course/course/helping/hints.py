"""Hints in tiers: the one for a recognised mistake first, else the next that has not been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.shown import as_html
from vla_course.course.source.keeping import read_state, write_state
from vla_course.course.verdict import Hint, Property


@dataclass(frozen=True, repr=False)
class ShownHint:
    """A hint as it is shown, with its place in the tiers."""

    exercise_id: str
    title: str
    text: str
    number: int
    of: int
    remark: str = ""
    """that it could not be noted, and why"""

    def __repr__(self) -> str:
        more = f'hint("{self.exercise_id}") again for the next' if self.number < self.of else "the last one"
        told = f"Hint {self.number} of {self.of} for {self.exercise_id}: {self.text} ({more})"
        return f"{told} {self.remark}".rstrip()

    def _repr_html_(self) -> str | None:
        return as_html(self)


def hint(exercise_id: str, number: int | None = None) -> ShownHint:
    """The next hint for an exercise, or the one of that number; after the last one, the last again."""
    root = CourseRoot.current()
    exercise = load_manifest(root).exercise(exercise_id)
    of = len(exercise.hints)
    if number is None:
        number = min(read_so_far(root, exercise) + 1, of)
    elif not 1 <= number <= of:
        raise CourseError(f"exercise {exercise.id} has hints 1 to {of}, and none of number {number}")
    read = max(number, read_so_far(root, exercise))
    remark = write_state(root, "hints", read_state(root, "hints") | {exercise.id: read})
    return ShownHint(exercise.id, exercise.title, exercise.hints[number - 1], number, of, remark)


def read_so_far(root: CourseRoot, exercise: Exercise) -> int:
    """How many of its hints the student has read."""
    number = read_state(root, "hints").get(exercise.id, 0)
    return max(0, min(number, len(exercise.hints))) if isinstance(number, int) else 0


def hint_for(root: CourseRoot, exercise: Exercise, properties: Iterable[Property]) -> Hint:
    """What helps most after a check: the hint of the first recognised mistake, else the next tier, unread."""
    for part in properties:
        if not part.passed and part.mistake is not None and part.mistake in exercise.mistakes:
            return Hint(exercise.mistakes[part.mistake], part.mistake)
    return Hint(exercise.hints[min(read_so_far(root, exercise), len(exercise.hints) - 1)])
