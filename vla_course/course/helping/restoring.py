"""`reset("3.5")`: the pristine stub back in place, and the student's work kept."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.shown import as_html
from vla_course.course.source.keeping import back_up, write_atomically
from vla_course.course.source.source import Written, lines_of, marked_functions, read_source, with_plain_ends
from vla_course.course.source.stubs import day_files, stub_of


@dataclass(frozen=True, repr=False)
class Restored:
    """What was put back, and where the student's own version is kept."""

    what: str
    file: str
    backup: str | None
    remark: str = ""

    def __repr__(self) -> str:
        kept = f"; your version is kept in {self.backup}" if self.backup else ""
        return f"{self.what} is as it was at first in {self.file}{kept}.{self.remark and ' ' + self.remark}"

    def _repr_html_(self) -> str | None:
        return as_html(self)


def reset(target: str) -> Restored:
    """Put back the pristine stub of one exercise ("3.5") or of a whole file ("day3_humanoid_balance/zmp.py").

    Other exercises in the same file stay as they are. The file is backed up first, always.
    """
    root = CourseRoot.current()
    if root.desk() == root.solutions:
        raise CourseError("VLA_COURSE_EXERCISES selects the solutions, which nobody resets: unset it")
    if isinstance(target, str) and target.endswith(".py"):
        return _reset_file(root, _whole_file(root, target))
    return _reset_exercise(root, load_manifest(root).exercise(target))


def _reset_file(root: CourseRoot, path: PurePosixPath) -> Restored:
    student = _file(root, path)
    written = Written.read(student) if student.exists() else Written("")
    backup = back_up(root, student)
    write_atomically(student, written.mark + written.in_its_lines(pristine(root, path)))
    return Restored(path.name, root.shorten(student), root.shorten(backup) if backup else None)


def _reset_exercise(root: CourseRoot, exercise: Exercise) -> Restored:
    student = _file(root, exercise.path)
    stub = pristine(root, exercise.path)
    if not student.exists():
        return _reset_file(root, exercise.path)
    written = Written.read(student)
    text = written.text
    span = _function(stub, exercise.id)
    fresh = lines_of(written.in_its_lines(stub))[span[0] : span[1]]
    lines = lines_of(text)
    try:
        start, end = _function(text, exercise.id)
    except (CourseError, ValueError):  # the file is not valid Python
        start, end = _function_in_broken_file(lines, exercise.id, lines_of(stub))
    if start == end:
        raise CourseError(
            f'{root.shorten(student)} holds no @exercise("{exercise.id}") any more: '
            f"`vla-course reset {exercise.path}` puts the whole file back (yours is kept)"
        )
    if end < len(lines) or fresh[-1].endswith("\n"):
        fresh[-1] = fresh[-1].rstrip("\r\n") + written.line_end
    restored = "".join([*lines[:start], *fresh, *lines[end:]])
    backup = back_up(root, student)
    write_atomically(student, written.mark + restored)
    return Restored(
        f"{exercise.id} {exercise.title}",
        root.shorten(student),
        root.shorten(backup) if backup else None,
        _still_broken(restored, exercise),
    )


def _file(root: CourseRoot, path: PurePosixPath) -> Path:
    """Where the student's file is, or would be."""
    student = root.desk() / path
    if student.is_dir():
        raise CourseError(f"{root.shorten(student)} is a folder, expected a file: move it away first")
    return student


def pristine(root: CourseRoot, path: PurePosixPath) -> str:
    """The untouched stub file: generated from its solution, or the copy that the student edition carries."""
    for source in (root.solutions / path, root.pristine_stubs / path):
        if source.exists():
            text = with_plain_ends(read_source(source))
            return stub_of(text, root.shorten(source)) if source.is_relative_to(root.solutions) else text
    raise CourseError(f"there is no pristine {path} in this checkout of the course")


def _whole_file(root: CourseRoot, target: str) -> PurePosixPath:
    """The file meant by its name or by the end of its path."""
    tree = root.solutions if root.solutions.is_dir() else root.pristine_stubs
    known = day_files(tree)
    asked = PurePosixPath(target.replace("\\", "/"))
    found = [path for path in known if asked.parts[-2:] in (path.parts, (path.name,))]
    if len(found) == 1:
        return found[0]
    near = found or difflib.get_close_matches(target, [str(path) for path in known], n=3, cutoff=0.3)
    raise CourseError(f'no single exercise file "{target}"; write one of: {", ".join(map(str, near))}')


def _function(text: str, exercise_id: str) -> tuple[int, int]:
    """Start and end (line indices, end excluded) of the function with that mark; equal if there is none."""
    for marked in marked_functions(text, "file"):
        if marked.id == exercise_id:
            return marked.first - 1, marked.last
    return 0, 0


def _function_in_broken_file(lines: list[str], exercise_id: str, stub: list[str]) -> tuple[int, int]:
    """The same for a file that does not parse: from the mark to the next line that the stub holds as well.

    Landmarks are the stub's own decorators, functions and classes at the mark's indentation or less, after
    the function in question; without one the function runs to the end of the file.
    """
    mark = re.compile(rf"(\s*)@exercise\(\s*['\"]{re.escape(exercise_id)}['\"]\s*\)")
    start = next((number for number, line in enumerate(lines) if mark.match(line)), None)
    if start is None:
        return 0, 0
    while start > 0 and lines[start - 1].lstrip().startswith("@"):  # e.g. @staticmethod above the mark
        start -= 1
    after = _function("".join(stub), exercise_id)[1]
    indent = len(lines[start]) - len(lines[start].lstrip())
    outer = [line for line in stub[after:] if line.strip() and len(line) - len(line.lstrip()) <= indent]
    landmarks = {line.rstrip() for line in outer if line.lstrip()[0] not in ")#"}
    end = next(
        (number for number in range(start + 1, len(lines)) if lines[number].rstrip() in landmarks), len(lines)
    )
    while lines[end - 1].strip() == "":  # the blank lines before the landmark stay
        end -= 1
    return start, end


def _still_broken(text: str, exercise: Exercise) -> str:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as fault:
        line = getattr(fault, "lineno", None)
        return (
            f"The file has another fault{f' on line {line}' if line else ''}; "
            f"`vla-course reset {exercise.path}` puts the whole file back"
        )
    return ""
