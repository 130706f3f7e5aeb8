"""Answers that grade the graders: wrong ones that must lose points, and right ones in another hand.

A file `tests/graded/variants/dayN_topic/name_3_5.py` holds functions with the exercise's name, each marked:

    @wrong("gravity-sign")
    def zero_moment_point(...): ...

It is parsed, never imported: of each function a submission is made, which is the solutions with that one
function in place of the reference's.
"""

from __future__ import annotations

import ast
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise
from vla_course.course.root import DAY_FOLDERS, CourseRoot
from vla_course.course.source.source import BEGIN, END, Function, lines_of, marked_functions, read_source

F = TypeVar("F", bound=Callable[..., Any])


def wrong(mistake: str) -> Callable[[F], F]:
    """Mark an answer that loses points and raises the manifest's hint for `mistake`."""
    return lambda function: function


def right(name: str) -> Callable[[F], F]:
    """Mark an answer that differs from the reference and earns everything; `name` says how it differs."""
    return lambda function: function


@dataclass(frozen=True)
class Variant:
    """One such answer: its own source, and the imports of its file."""

    exercise_id: str
    kind: Literal["wrong", "right"]
    name: str
    source: str
    imports: str


def read_variants(root: CourseRoot, exercise: Exercise) -> list[Variant]:
    """Every variant of the exercise, from the files `*_3_5.py` of `tests/graded/variants`."""
    files = sorted((root.graded / "variants").glob(f"*/*_{exercise.id.replace('.', '_')}.py"))
    found = [variant for file in files for variant in _read_file(file, root.shorten(file), exercise)]
    names = [variant.name for variant in found]
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f'the variants of exercise {exercise.id} hold "{name}" twice')
    return found


def _read_file(path: Path, where: str, exercise: Exercise) -> list[Variant]:
    text = read_source(path)
    try:
        body = ast.parse(text).body
    except SyntaxError as fault:
        raise CourseError(f"{where}:{fault.lineno}: not valid Python: {fault.msg}") from None
    function = exercise.symbol.split(".")[-1]
    imports: list[str] = []
    variants: list[tuple[Literal["wrong", "right"], str, str]] = []
    for node in body:
        match node:
            case ast.ImportFrom(module="vla_course.course.source.variants" | "__future__"):
                continue
            case ast.Import() | ast.ImportFrom():
                imports.append(ast.unparse(node))
            case ast.Expr(value=ast.Constant(value=str())):
                continue
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name == function and (mark := _mark_of(node)):
                source = "".join(lines_of(text)[node.lineno - 1 : node.end_lineno])
                variants.append((*mark, source))
            case _:
                raise CourseError(
                    f"{where}:{node.lineno}: expected an import, or a function {function} "
                    'under @wrong("...") or @right("...")'
                )
    return [Variant(exercise.id, *variant, imports="\n".join(imports)) for variant in variants]


def _mark_of(node: Function) -> tuple[Literal["wrong", "right"], str] | None:
    """Which of the two marks a function stands under, and what it says."""
    match node.decorator_list:
        case [ast.Call(func=ast.Name(id=("wrong" | "right") as kind), args=[ast.Constant(value=str(label))])]:
            return kind, label
    return None


def build_submission(root: CourseRoot, exercise: Exercise, variant: Variant, folder: Path) -> Path:
    """Write the solutions to `folder`, the variant in place of the reference's answer; returns the folder."""
    for day in root.solutions.glob(DAY_FOLDERS):
        shutil.copytree(day, folder / day.name, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / exercise.path
    path.write_text(put_in_place(read_source(path), exercise, variant), encoding="utf-8")
    return folder


def put_in_place(text: str, exercise: Exercise, variant: Variant) -> str:
    """The module's text with the variant instead of the marked function, and its imports at the top."""
    marked = next((one for one in marked_functions(text, exercise.file) if one.id == exercise.id), None)
    if marked is None:
        raise CourseError(f'solutions/{exercise.path} holds no function marked @exercise("{exercise.id}")')
    lines = lines_of(text)
    source = textwrap.indent(textwrap.dedent(variant.source), " " * marked.indent)
    lines[marked.definition - 1 : marked.last] = [source.rstrip("\n") + "\n"]
    if variant.imports:
        top = _after_docstring_and_future(text)
        lines.insert(top, variant.imports + "\n")
    return "".join(line for line in lines if line.strip() not in (BEGIN, END))


def _after_docstring_and_future(text: str) -> int:
    """The number of lines before which no import may stand."""
    last = 0
    for node in ast.parse(text).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not docstring and not future:
            break
        last = node.end_lineno or last
    return last
