"""Hints in tiers: the one for a recognised mistake first, else the next that has not been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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

    def __repr__(self) -> str:
        more = f'hint("{self.exercise_id}") again for the next' if self.number < self.of else "the last one"
        return f"Hint {self.number} of {self.of} for {self.exercise_id}: {self.text} ({more})"

    def _repr_html_(self) -> str | None:
        return as_html(self)


def hint(exercise_id: str) -> ShownHint:
    """The next hint for an exercise; after the last one, the last again."""
    root = CourseRoot.current()
    exercise = load_manifest(root).exercise(exercise_id)
    number = min(read_so_far(root, exercise) + 1, len(exercise.hints))
    write_state(root, "hints", read_state(root, "hints") | {exercise.id: number})
    return ShownHint(exercise.id, exercise.title, exercise.hints[number - 1], number, len(exercise.hints))


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
