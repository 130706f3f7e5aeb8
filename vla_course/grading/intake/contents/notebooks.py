"""Answers in a notebook's cells, where a file was asked for: found, and put into the file where that is allowed."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise
from vla_course.course.source.source import Function, lines_of, marked_functions
from vla_course.course.source.variants import Variant, put_in_place
from vla_course.grading.intake.submission import Cells

MAX_CELLS = 2000
MAX_CODE = 2**18  # characters of one notebook's code: pictures are what makes notebooks large
MAX_ALL_CODE = 2**19  # of all notebooks of a submission


def cells_of(data: bytes) -> Cells:
    """The code cells of a notebook with their numbers, all kinds of cells counted from 1; of no notebook, none.

    A line for IPython alone (`%matplotlib`, `!ls`) and a cell that is not valid Python are left out, so that one
    such cell does not hide the others.
    """
    try:
        texts = [
            (number, source if isinstance(source := cell["source"], str) else "".join(source))
            for number, cell in enumerate(json.loads(data)["cells"][:MAX_CELLS], start=1)
            if cell["cell_type"] == "code"
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()
    found, letters = [], 0
    for number, text in texts:
        lines = ["" if line.lstrip().startswith(("%", "!", "?")) else line for line in text.split("\n")]
        letters += len(text)
        if letters <= MAX_CODE and _parsed("\n".join(lines)) is not None:
            found.append((number, "\n".join(lines)))
    return tuple(found)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True)
class CellAnswers:
    """What a submission's notebooks answer that its files do not."""

    files: Mapping[PurePosixPath, bytes]
    """all files, those answers put in"""
    found: Mapping[str, str]
    """by exercise, the cell that holds the answer"""


def answers_in_cells(
    files: Mapping[PurePosixPath, bytes],
    notebooks: Mapping[PurePosixPath, Cells],
    exercises: Sequence[Exercise],
    stub: Callable[[PurePosixPath], str],
) -> CellAnswers:
    """Look in cells for exercises that the files leave open; the last definition in a notebook is the answer.

    Args:
        files: what was handed in, by path below the exercises.
        notebooks: their code cells, by path in the submission.
        exercises: those that count.
        stub: gives the file as it was handed out, for one that is missing.
    """
    texts = {
        path: data.decode("utf-8", errors="replace").replace("\r\n", "\n") for path, data in files.items()
    }
    found: dict[str, str] = {}
    sheets = list(_parsed_sheets(notebooks))
    for exercise in exercises:
        text = texts.get(exercise.path)
        if text is None:
            text = stub(exercise.path)
        if not _is_open(text, exercise):
            continue
        for sheet in sheets:
            answer = _answer(sheet, exercise)
            if answer is not None:
                texts[exercise.path] = put_in_place(text, exercise, answer)
                number = next(at for at, code in reversed(sheet.cells) if answer.source.strip() in code)
                found[exercise.id] = f"cell {number} of {sheet.path}"
    changed = {one.path for one in exercises if one.id in found}
    return CellAnswers({**files, **{path: texts[path].encode() for path in changed}}, found)


@dataclass(frozen=True)
class _Sheet:
    """The code of one notebook, read once for all exercises."""

    path: PurePosixPath
    cells: Cells
    code: str
    tree: ast.Module


def _parsed_sheets(notebooks: Mapping[PurePosixPath, Cells]) -> Iterator[_Sheet]:
    left = MAX_ALL_CODE
    for path, cells in sorted(notebooks.items()):
        code = "\n".join(text for _, text in cells)
        left -= len(code)
        tree = _parsed(code) if left >= 0 else None
        if tree is not None:
            yield _Sheet(path, cells, code, tree)


def _is_open(text: str, exercise: Exercise) -> bool:
    """Whether the file still has the stub's answer; one that cannot be read, or lost the mark, speaks for itself."""
    try:
        marked = next((one for one in marked_functions(text, exercise.file) if one.id == exercise.id), None)
    except (CourseError, ValueError, RecursionError, MemoryError):
        return False
    if marked is None:
        return False
    answer = "".join(lines_of(text)[marked.first - 1 : marked.last])
    return f'NotAttempted("{exercise.id}")' in answer


def _answer(sheet: _Sheet, exercise: Exercise) -> Variant | None:
    """The last definition of the exercise's function in that code, with the imports and helpers that it names."""
    code, tree = sheet.code, sheet.tree
    *owner, name = exercise.symbol.split(".")
    scopes = (
        [tree.body]
        if not owner
        else [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner[0]]
    )
    answers = [
        node for body in scopes for node in body if isinstance(node, Function) and node.name == name
    ]
    if not answers:
        return None
    answer = answers[-1]
    if any(isinstance(node, ast.Name) and node.id == "NotAttempted" for node in ast.walk(answer)):
        return None
    source = "\n".join(code.split("\n")[answer.lineno - 1 : answer.end_lineno])
    return Variant(exercise.id, "right", "", source, "\n".join(_needed(tree, answer)))


def _needed(tree: ast.Module, answer: Function) -> Iterator[str]:
    """Imports and helpers at the top of cells that the answer names, and those that these name in turn."""
    defined: dict[str, ast.stmt] = {}
    for node in tree.body:
        for name in _names_of(node):
            defined[name] = node
    wanted: list[ast.stmt] = [answer]
    seen, kept = {id(answer)}, list[ast.stmt]()
    while wanted:
        for named in ast.walk(wanted.pop()):
            source = defined.get(named.id) if isinstance(named, ast.Name) else None
            if source is not None and id(source) not in seen and answer not in ast.walk(source):
                seen.add(id(source))
                kept.append(source)
                wanted.append(source)
    in_order = sorted(kept, key=lambda node: (not isinstance(node, ast.Import | ast.ImportFrom), node.lineno))
    yield from (ast.unparse(node) for node in in_order)


def _names_of(node: ast.stmt) -> list[str]:
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.split(".")[0] for alias in names]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []
