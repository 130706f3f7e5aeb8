"""Marked functions in a source file: where they start and end, and where their answers lie."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.errors import CourseError

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
BYTE_ORDER_MARK = "\ufeff"  # which Windows editors write before a UTF-8 text, and Python passes over
_MARKER = re.compile(r"[ \t]*# *(BEGIN|END) *SOLUTION[ \t]*\r?\n?", re.IGNORECASE)


Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Marked:
    """A function under `@exercise(id)`; lines count from 1, `last` included."""

    id: str
    symbol: str
    first: int  # the topmost decorator
    definition: int  # the line of `def`
    last: int
    indent: int
    yields: bool = False  # an async generator


@dataclass(frozen=True)
class Answer:
    """One answer block; the marker lines `begin` and `end` belong to it."""

    begin: int
    end: int


def read_source(path: Path) -> str:
    """The file's text with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


@dataclass(frozen=True)
class Written:
    """A text as an editor wrote it: with or without a byte order mark, with the line ends of one system or another."""

    text: str
    """without the mark, its line ends as they are"""
    mark: str = ""
    line_end: str = "\n"
    """the one that most of its lines have"""

    @classmethod
    def read(cls, path: Path) -> Written:
        """What is in a file; bytes that are no UTF-8 come through as they are."""
        text = path.read_bytes().decode("utf-8", errors="surrogateescape")
        mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
        windows = text.count("\r\n")
        return cls(text.removeprefix(mark), mark, "\r\n" if 2 * windows > text.count("\n") else "\n")

    def in_its_lines(self, text: str) -> str:
        """Another text with this one's line ends."""
        return with_plain_ends(text).replace("\n", self.line_end)


def with_plain_ends(text: str) -> str:
    """The text with a line feed at each line's end, as it is without a `core.autocrlf` of git's."""
    return text.replace("\r\n", "\n")


def lines_of(text: str) -> list[str]:
    """The lines as Python counts them, with their ends (`str.splitlines` also splits at form feeds)."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def marked_functions(text: str, where: str) -> list[Marked]:
    """Every function and method of the file under an `@exercise("...")` mark, in order."""
    try:
        tree = ast.parse(text)
    except SyntaxError as fault:
        raise CourseError(f"{where}:{fault.lineno}: not valid Python: {fault.msg}") from None
    return sorted(_marked_in(tree.body, ""), key=lambda marked: marked.first)


def _marked_in(body: list[ast.stmt], prefix: str) -> Iterator[Marked]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _marked_in(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, Function):
            for decorator in node.decorator_list:
                exercise_id = _exercise_id(decorator)
                if exercise_id is not None:
                    first = min(decorator.lineno for decorator in node.decorator_list)
                    last = node.end_lineno or node.lineno
                    symbol = f"{prefix}{node.name}"
                    yields = isinstance(node, ast.AsyncFunctionDef) and _yields(node)
                    yield Marked(exercise_id, symbol, first, node.lineno, last, node.col_offset, yields)


def _yields(node: ast.AST) -> bool:
    """Whether a function yields itself: what is defined in it does so for itself."""
    return any(
        isinstance(inner, ast.Yield) or _yields(inner)
        for inner in ast.iter_child_nodes(node)
        if not isinstance(inner, Function | ast.Lambda)
    )


def _exercise_id(decorator: ast.expr) -> str | None:
    match decorator:
        case ast.Call(func=ast.Name(id="exercise"), args=[ast.Constant(value=str(exercise_id))]):
            return exercise_id
    return None


def answers(text: str, where: str) -> list[Answer]:
    """Every answer block of the file; unbalanced markers are a `CourseError` naming file and line."""
    found: list[Answer] = []
    begin = 0
    for number, line in enumerate(lines_of(text), start=1):
        marker = _MARKER.fullmatch(line)
        if not marker:
            continue
        if line.strip() not in (BEGIN, END):
            raise CourseError(f'{where}:{number}: marker "{line.strip()}", expected "{BEGIN}" or "{END}"')
        if line.strip() == BEGIN:
            if begin:
                raise CourseError(f'{where}:{number}: "{BEGIN}" inside the answer begun on line {begin}')
            begin = number
        elif not begin:
            raise CourseError(f'{where}:{number}: "{END}" without a "{BEGIN}" above it')
        else:
            found.append(Answer(begin, number))
            begin = 0
    if begin:
        raise CourseError(f'{where}:{begin}: "{BEGIN}" without an "{END}" below it')
    return found
