"""No answer leaves the house: a scan of every file of a student edition, whatever its kind."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from vla_course.course.edition.compiled import NAME, read_compiled
from vla_course.course.root import CourseRoot
from vla_course.course.source.leaks import SIGNIFICANT, answer_lines
from vla_course.course.source.source import BEGIN, END, answers, read_source
from vla_course.course.source.stubs import day_files

FORBIDDEN_FOLDERS = {"solutions", "hidden", "integration", "variants", "sample_class", ".vla_course"}


@dataclass(frozen=True)
class Secrets:
    """What must not be found: lines of answers, and the texts that describe the reference's parts."""

    lines: dict[str, str]
    """each line, blanks made even, and where it stands"""
    names: frozenset[str]
    """variables that only answers use"""

    @classmethod
    def of(cls, root: CourseRoot) -> Secrets:
        lines = {_even(line): where for line, where in answer_lines(root).items()}
        inside: set[str] = set()
        for path in day_files(root.solutions):
            inside |= _answer_variables(read_source(root.solutions / path), f"solutions/{path}")
        return cls(lines, frozenset(inside))


def _answer_variables(text: str, where: str) -> set[str]:
    blocks = answers(text, where)
    stored: dict[str, list[int]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored.setdefault(node.id, []).append(node.lineno)
    return {
        name
        for name, lines in stored.items()
        if all(any(block.begin < line < block.end for block in blocks) for line in lines)
    }


def scan(root: CourseRoot, edition: Path) -> list[str]:
    """Everything in the edition that gives something away, one line each; empty if nothing does."""
    secrets = Secrets.of(root)
    return [
        f"{path.relative_to(edition).as_posix()}{fault}"
        for path in sorted(edition.rglob("*"))
        for fault in _faults(path, edition, secrets)
    ]


def _faults(path: Path, edition: Path, secrets: Secrets) -> Iterator[str]:
    if path.is_symlink():
        yield " is a link"
    elif path.is_dir():
        if path.name in FORBIDDEN_FOLDERS:
            yield " is not for students"
    elif path.suffix == ".pyc":
        yield from _in_bytecode(path.read_bytes(), secrets)
    else:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield from _in_bytes(path.read_bytes(), secrets)
        else:
            yield from in_text(text, secrets)
            if path.suffix == ".ipynb":
                yield from _in_notebook(text, secrets)


def in_text(text: str, secrets: Secrets) -> Iterator[str]:
    """Lines of answers and marks of solutions in a text."""
    for number, line in enumerate(text.splitlines(), start=1):
        even = _even(line)
        if even in secrets.lines:
            yield f":{number}: holds a line of an answer ({secrets.lines[even]}): {even}"
        elif even in (BEGIN, END):
            yield f":{number}: holds the mark of a solution"


def _in_notebook(text: str, secrets: Secrets) -> Iterator[str]:
    for number, cell in enumerate(json.loads(text).get("cells", ()), start=1):
        for fault in in_text("".join(cell.get("source", ())), secrets):
            yield f", cell {number}, line {fault.lstrip(':')}"
        if cell.get("outputs"):
            yield f", cell {number} has outputs"


def _in_bytes(data: bytes, secrets: Secrets) -> Iterator[str]:
    for line, where in secrets.lines.items():
        if line.encode() in data:
            yield f" holds a line of an answer ({where}): {line}"


def _in_bytecode(data: bytes, secrets: Secrets) -> Iterator[str]:
    yield from _in_bytes(data, secrets)
    for code in _all_code(read_compiled(data)):
        place = f": {code.co_qualname}"
        if code.co_filename != NAME or any(line not in (None, 1) for *_, line in code.co_lines()):
            yield f"{place} tells files or lines of its source"
        named = {*code.co_varnames, *code.co_cellvars, *code.co_freevars} & secrets.names
        arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if named := named - set(arguments):
            yield f"{place} tells the names of its variables: {', '.join(sorted(named))}"
        first = code.co_consts[0] if code.co_consts and code.co_name != "<module>" else None
        if isinstance(first, str) and first != code.co_qualname:  # a class begins with its name
            yield f"{place} has a docstring"
        for text in _texts(code):
            for fault in in_text(text, secrets):
                yield f"{place}{fault}"


def _texts(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str) and len(constant) >= SIGNIFICANT:
            yield constant


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)


def _even(line: str) -> str:
    return " ".join(line.split())
