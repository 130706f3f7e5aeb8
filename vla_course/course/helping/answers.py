"""`solution("3.5")`: the reference answer, where this edition of the course holds it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.shown import as_html
from vla_course.course.source.source import BEGIN, END, lines_of, marked_functions, read_source


@dataclass(frozen=True, repr=False)
class Solution:
    """The reference's function, markers left out."""

    exercise_id: str
    title: str
    place: str
    source: str

    def __repr__(self) -> str:
        return self.source

    def _repr_html_(self) -> str | None:
        return as_html(self)


def solution(exercise_id: str) -> Solution:
    """The reference answer to an exercise."""
    root = CourseRoot.current()
    exercise = load_manifest(root).exercise(exercise_id)
    path = root.solutions / exercise.path
    if not path.exists():
        raise CourseError(
            f"the solution of {exercise.id} is not part of this edition of the course; "
            f'hint("{exercise.id}") helps, and your instructor has it'
        )
    where = root.shorten(path)
    text = read_source(path)
    for marked in marked_functions(text, where):
        if marked.id == exercise.id:
            lines = lines_of(text)[marked.first - 1 : marked.last]
            kept = [line for line in lines if line.strip() not in (BEGIN, END)]
            return Solution(exercise.id, exercise.title, where, textwrap.dedent("".join(kept)))
    raise CourseError(f'{where} holds no function marked @exercise("{exercise.id}")')
