"""Answers that were written into cells of a notebook, where no test looks: found by the names that they define."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from vla_course.course.manifest import Exercise

MAX_CELLS = 2000
MAX_CODE = 2**18  # characters of all code cells: pictures are what makes notebooks large


@dataclass(frozen=True)
class InCell:
    """One exercise's function, as a cell of a notebook defines it."""

    exercise: Exercise
    notebook: PurePosixPath
    cell: int
    """counted from 1, all kinds of cells"""
    source: str
    """of the whole cell"""


def answers_in(notebooks: Mapping[PurePosixPath, bytes], exercises: Iterable[Exercise]) -> list[InCell]:
    """Every definition of an exercise's function (or of a method in its class) in a notebook's code cells.

    A notebook that cannot be read holds none. Where a function is defined again and again, the last one stands.
    """
    wanted = list(exercises)
    found: dict[tuple[str, PurePosixPath], InCell] = {}
    for path, data in sorted(notebooks.items()):
        for number, source in _code_cells(data):
            defined = set(_defined(source))
            for exercise in wanted:
                if exercise.symbol in defined:
                    found[exercise.id, path] = InCell(exercise, path, number, source)
    return list(found.values())


def _code_cells(data: bytes) -> Iterator[tuple[int, str]]:
    try:
        cells = json.loads(data)["cells"]
        left = MAX_CODE
        for number, cell in enumerate(cells[:MAX_CELLS], start=1):
            if cell["cell_type"] == "code":
                source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
                left -= len(source)
                if left >= 0:
                    yield number, source
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return


def _defined(source: str) -> Iterator[str]:
    """The functions and methods that a cell defines; lines of IPython's own are left out."""
    plain = "\n".join(
        "pass" if line.lstrip().startswith(("%", "!", "?")) else line for line in source.split("\n")
    )
    try:
        tree = ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (
                f"{node.name}.{method.name}" for method in node.body if isinstance(method, ast.FunctionDef)
            )
