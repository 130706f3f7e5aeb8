"""`vla-course release --stubs`: the student's files, generated from the solutions, never written by hand."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vla_course.course.errors import CourseError, Unresolved
from vla_course.course.manifest import Manifest, load_manifest
from vla_course.course.root import DAY_FOLDERS, CourseRoot
from vla_course.course.source.ownership import is_own
from vla_course.course.source.source import Answer, Marked, answers, lines_of, marked_functions, read_source

DIFF_LINES = 12


def stub_of(text: str, where: str) -> str:
    """The same file with every answer replaced by `raise NotAttempted(...)` and nothing else changed.

    What is an async generator stays one, by a `yield` on that line: whoever goes through it is told as well.
    """
    lines = lines_of(text)
    for marked, answer in reversed(_paired(text, where)):
        opening = lines[answer.begin - 1]
        indent = opening[: len(opening) - len(opening.lstrip())]
        line_end = opening[len(opening.rstrip("\r\n")) :]
        generator = "; yield" if marked.yields else ""
        lines[answer.begin - 1 : answer.end] = [f'{indent}raise NotAttempted("{marked.id}"){generator}{line_end}']
    return "".join(lines)


def _paired(text: str, where: str) -> list[tuple[Marked, Answer]]:
    """Each marked function with its one answer block."""
    left = answers(text, where)
    pairs = []
    for marked in marked_functions(text, where):
        own = [answer for answer in left if marked.definition < answer.begin <= marked.last]
        if len(own) != 1:
            raise CourseError(
                f"{where}:{marked.definition}: {marked.symbol} (exercise {marked.id}) holds {len(own)} "
                "answer blocks, expected one"
            )
        left.remove(own[0])
        pairs.append((marked, own[0]))
    if left:
        raise CourseError(f"{where}:{left[0].begin}: an answer block outside every function marked @exercise")
    return pairs


def generate(root: CourseRoot) -> dict[PurePosixPath, str]:
    """Every file of the stub tree by its path in it; raises if the solutions are unsound."""
    if not root.solutions.is_dir():
        raise CourseError("this edition of the course holds no solutions to generate stubs from")
    manifest = load_manifest(root)
    sources = {path: read_source(root.solutions / path) for path in day_files(root.solutions)}
    problems = [*_mismatches(manifest, sources), *_foreign_imports(sources)]
    if problems:
        raise Unresolved("the solutions and data/course.toml disagree:", problems)
    return {path: stub_of(text, f"solutions/{path}") for path, text in sources.items()}


def day_files(tree: Path) -> list[PurePosixPath]:
    """The Python files of a tree of day folders, by their path below it."""
    return sorted(
        PurePosixPath(path.relative_to(tree).as_posix())
        for folder in tree.glob(DAY_FOLDERS)
        for path in folder.rglob("*.py")
        if path.is_file()
    )


def _mismatches(manifest: Manifest, sources: dict[PurePosixPath, str]) -> Iterator[str]:
    """Every exercise is marked once, at the file and symbol that the manifest says."""
    places: dict[str, list[tuple[PurePosixPath, Marked]]] = {}
    for path, text in sources.items():
        for marked in marked_functions(text, f"solutions/{path}"):
            places.setdefault(marked.id, []).append((path, marked))
    for exercise in manifest.exercises:
        found = places.pop(exercise.id, [])
        expected = f"expected once, at {exercise.symbol} in solutions/{exercise.path}"
        if not found:
            yield f'exercise {exercise.id}: no function is marked @exercise("{exercise.id}"), {expected}'
        elif len(found) > 1 or (found[0][0], found[0][1].symbol) != (exercise.path, exercise.symbol):
            at = ", ".join(f"{marked.symbol} (solutions/{path}:{marked.first})" for path, marked in found)
            yield f"exercise {exercise.id}: marked at {at}, {expected}"
    for exercise_id, found in places.items():
        path, marked = found[0]
        yield f'solutions/{path}:{marked.first}: @exercise("{exercise_id}") is not in data/course.toml'


def _foreign_imports(sources: dict[PurePosixPath, str]) -> Iterator[str]:
    """Solutions find each other by relative imports: the same file runs as exercise and as reference."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            for name in names:
                if (name + ".").startswith(("vla_course.exercises.", "vla_course.reference.", "solutions.")):
                    yield f"solutions/{path}:{node.lineno}: imports {name}, expected a relative import"


def write_stubs(root: CourseRoot) -> list[str]:
    """Bring the stub tree up to date; returns the paths written. What is replaced is kept in the backups."""
    from vla_course.course.source.keeping import back_up, write_atomically

    stubs = generate(root)
    written = []
    for path, text in stubs.items():
        target = root.stubs / path
        if _bytes(target) == text.encode("utf-8"):
            continue
        back_up(root, target)
        write_atomically(target, text)
        written.append(str(path))
    for path in set(day_files(root.stubs)) - set(stubs):
        back_up(root, root.stubs / path)
        (root.stubs / path).unlink()
        written.append(f"{path} (removed: no solution of that name)")
    return sorted(written)


@dataclass(frozen=True)
class Compared:
    """The stubs on disk beside those that the solutions give."""

    drift: tuple[str, ...]
    """what an author has to mend, line by line"""
    own: tuple[str, ...]
    """files that hold a student's work, and are nobody's business"""


def compare(root: CourseRoot) -> Compared:
    """Compare the stubs on disk with those that the solutions give; `ownership` says whose a difference is."""
    stubs = generate(root)
    drift: list[str] = []
    own: list[str] = []
    for path in sorted({*stubs, *day_files(root.stubs)}):
        pristine, actual = stubs.get(path), _bytes(root.stubs / path)
        if pristine is not None and actual == pristine.encode("utf-8"):
            continue
        if is_own(root, root.stubs / path, pristine or ""):
            own.append(str(path))
        elif pristine is None:
            drift.append(f"{path}: extra, no solution gives it")
        elif actual is None:
            drift.append(f"{path}: missing")
        else:
            drift.append(f"{path}: differs from what the solution gives")
            drift.extend(_short_diff(pristine, actual.decode("utf-8", errors="replace")))
    return Compared(tuple(drift), tuple(own))


def _bytes(path: Path) -> bytes | None:
    """What is in the file, whatever it is; None where there is none."""
    return path.read_bytes() if path.is_file() else None


def _short_diff(expected: str, actual: str) -> list[str]:
    lines = [
        repr(line)[1:-1] if line.strip() != line.strip("\n") else line.rstrip("\n")
        for line in difflib.unified_diff(
            expected.splitlines(keepends=True), actual.splitlines(keepends=True), "expected", "found", n=0
        )
    ]
    cut = [f"... {len(lines) - DIFF_LINES} more lines"] if len(lines) > DIFF_LINES else []
    return [f"    {line}" for line in lines[:DIFF_LINES] + cut]
