"""Which exercises are the student's own: attempted, and in a file that loads."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.source import marked_functions

Loads = Callable[[Sequence[str]], Mapping[str, str]]
"""for exercises, why the file of each does not load; nothing of those that do"""


@dataclass(frozen=True)
class Whose:
    """An exercise, and whether the student's function runs; `why` it does not."""

    exercise: Exercise
    why: str = ""

    @property
    def own(self) -> bool:
        """Whether the student's own function runs."""
        return not self.why


def whose_are(root: CourseRoot, exercises: Iterable[str], loads: Loads) -> tuple[Whose, ...]:
    """Say of each exercise whether the student's function runs, or the reference's.

    Args:
        root: of the course; the answers are those that `VLA_COURSE_EXERCISES` names.
        exercises: their ids.
        loads: tries to load files, where no harm comes of it.
    """
    manifest = load_manifest(root)
    asked = [manifest.exercise(one) for one in exercises]
    untried = {one.id: _untried(root, one) for one in asked}
    faults = loads([one.id for one in asked if not untried[one.id]])
    return tuple(Whose(one, untried[one.id] or faults.get(one.id, "")) for one in asked)


def _untried(root: CourseRoot, exercise: Exercise) -> str:
    """Say why there is nothing of the student's to run; nothing where there is."""
    path = root.desk() / exercise.path
    try:
        text = path.read_bytes().decode("utf-8-sig")
        found = [one for one in marked_functions(text, exercise.file) if one.id == exercise.id]
    except OSError:
        return f"{exercise.path} is missing"
    except (CourseError, UnicodeDecodeError, ValueError) as fault:
        return f"does not load: {fault}"
    if not found:
        return f"{exercise.file} has no function marked {exercise.id}"
    lines = range(found[0].definition, found[0].last + 1)
    stubs = (_stub_line(node, exercise.id) for node in ast.walk(ast.parse(text)))
    return "not attempted" if any(line in lines for line in stubs) else ""


def _stub_line(node: ast.AST, exercise_id: str) -> int:
    """Return the line of a stub's `raise NotAttempted("3.5")`; 0 of anything else."""
    match node:
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=value)]), lineno=line):
            return line if name == NotAttempted.__name__ and value == exercise_id else 0
    return 0
