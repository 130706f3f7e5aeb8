"""No line of an answer may reach a student: a scan of the stubs, the notebooks and the shown tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.root import CourseRoot
from vla_course.course.source.ownership import is_own
from vla_course.course.source.source import answers, read_source
from vla_course.course.source.stubs import day_files, generate

SIGNIFICANT = 20  # characters: shorter lines (`return x`, `else:`) say nothing
ADVICE = (
    "say the same in other words there (a test: by another way to the truth than the answer's), or give less"
)


@dataclass(frozen=True)
class Leak:
    """A line of an answer, found where students look."""

    file: str
    line: int
    text: str
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: holds a line of an answer ({self.source}): {self.text}"


def answer_lines(root: CourseRoot) -> dict[str, str]:
    """Each significant line of the answers (stripped) and where it stands.

    Comments, and lines that the solutions also hold outside their answers, give nothing away.
    """
    inside: dict[str, str] = {}
    outside: set[str] = set()
    for path in day_files(root.solutions):
        text = read_source(root.solutions / path)
        blocks = answers(text, f"solutions/{path}")
        for number, line in enumerate(text.splitlines(), start=1):
            stripped = line.strip()
            if any(block.begin < number < block.end for block in blocks):
                if len(stripped) >= SIGNIFICANT and not stripped.startswith("#"):
                    inside.setdefault(stripped, f"solutions/{path}:{number}")
            else:
                outside.add(stripped)
    return {line: where for line, where in inside.items() if line not in outside}


def find_leaks(root: CourseRoot) -> list[Leak]:
    """Lines of answers in the stubs, the notebooks and the shown tests; a student's own lines are none."""
    secret = answer_lines(root)
    stubs = {root.stubs / path: text for path, text in generate(root).items()}
    found = []
    for tree in (root.stubs, root.notebooks, root.graded / "shown"):
        for path in sorted([*tree.rglob("*.py"), *tree.rglob("*.ipynb")]):
            if ".ipynb_checkpoints" in path.parts:
                continue
            if tree != root.graded / "shown" and _is_own(root, path, stubs.get(path, "")):
                continue
            for number, line in _lines(path):
                if line.strip() in secret:
                    found.append(Leak(root.shorten(path), number, line.strip(), secret[line.strip()]))
    return found


def _is_own(root: CourseRoot, path: Path, pristine: str) -> bool:
    """Whether a student has worked on it: a stub, a notebook that was run, or a file that was never the course's."""
    if path.suffix == ".ipynb":  # written from a script, which is scanned as well
        return is_own(root, path)
    return path.read_bytes() != pristine.encode("utf-8") and is_own(root, path, pristine)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a script; of a notebook, those of its cells counted through."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell.get("source", ())) for cell in json.loads(text).get("cells", ()))
    yield from enumerate(text.splitlines(), start=1)
