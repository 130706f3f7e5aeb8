"""An answer that Python never gets to, or falls out of: the stub's `raise NotAttempted` still stands beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vla_course.course.errors import CourseError
from vla_course.course.source.source import Function, marked_functions


@dataclass(frozen=True)
class Leftover:
    """The line of the `raise`, and on which side of it the student's code is."""

    line: int
    code: Literal["below", "above"]

    @property
    def advice(self) -> str:
        if self.code == "below":
            return "it stands above your code, so that Python never gets there. Delete that line"
        return "Python gets there after your code. Delete that line, and return the result"


def leftover(text: str, pristine: str, exercise_id: str) -> Leftover | None:
    """The `raise NotAttempted` left in a file whose exercise has an answer; None where the exercise is untouched.

    `pristine` is the untouched stub: code that it gives before the `raise` is no answer. A file that is not valid
    Python has nothing left over.
    """
    try:
        found = _raise_in(text, exercise_id)
        given = _raise_in(pristine, exercise_id)
    except (CourseError, ValueError):
        return None
    if found is None:
        return None
    line, before, after = found
    if after:
        return Leftover(line, "below")
    return Leftover(line, "above") if given is not None and before != given[1] else None


def _raise_in(text: str, exercise_id: str) -> tuple[int, str, bool] | None:
    """Line of the `raise` in that exercise, what comes before it in its block, and whether anything comes after."""
    marked = next((one for one in marked_functions(text, "file") if one.id == exercise_id), None)
    if marked is None:
        return None
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function) and node.lineno == marked.definition:
            return next(_raises(node.body), None)
    return None


def _raises(block: list[ast.stmt]) -> Iterator[tuple[int, str, bool]]:
    for number, statement in enumerate(block):
        match statement:
            case ast.Raise(exc=ast.Call(func=ast.Name(id="NotAttempted"))) | ast.Raise(exc=ast.Name(id="NotAttempted")):
                before = "\n".join(ast.dump(earlier) for earlier in block[:number])
                # On the line of the `raise` itself, the stub of a generator has its `yield`.
                after = any(later.lineno > statement.lineno for later in block[number + 1 :])
                yield statement.lineno, before, after
