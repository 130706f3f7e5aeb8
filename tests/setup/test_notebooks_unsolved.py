"""A notebook in which some exercises are not solved: whatever builds on one says which, however one jumps about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.setup.pairing import NOTEBOOKS, ROOT, write
from vla_course.course.manifest import load_manifest
from vla_course.course.root import EXERCISES_VARIABLE
from vla_course.course.source.stubs import generate

DAYS = (
    "day1_fundamentals",
    "day2_streaming_pipeline",
    "day3_humanoid_balance",
    "day4_training",
    "day5_deployment",
)
IN_PANELS = ("day3_humanoid_balance",)
"""days whose panels say themselves what they miss, or whose cells need several exercises and name the first"""
SOLVED: dict[str, Callable[[int], bool]] = {
    "nothing": lambda number: False,
    "every other one": lambda number: number % 2 == 1,
    "the others": lambda number: number % 2 == 0,
}


def desk(folder: Path, day: str, solved: Callable[[int], bool]) -> set[str]:
    """Write a student's files with some exercises of a day solved; return the numbers of those that are not.

    Exercises that share a file are solved together.
    """
    of_file = defaultdict(list)
    for one in load_manifest(ROOT).exercises:
        if one.day.folder == day:
            of_file[str(one.path)].append(one.id)
    left = set()
    for path, stub in generate(ROOT).items():
        ids, text = of_file[str(path)], stub
        if ids and solved(int(ids[0].partition(".")[2])):
            text = (ROOT.solutions / path).read_text(encoding="utf-8")
        else:
            left.update(ids)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return left


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("what", SOLVED)
@pytest.mark.parametrize("day", DAYS)
def test_a_cell_that_builds_on_an_unsolved_exercise_says_so(
    day: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell is run, whatever stopped before it."""
    left = desk(tmp_path / "desk", day, SOLVED[what])
    monkeypatch.setenv(EXERCISES_VARIABLE, str(tmp_path / "desk"))
    notebook = nbformat.reads(write(NOTEBOOKS / f"{day}.py"), as_version=4)
    place = {"metadata": {"path": str(NOTEBOOKS)}}
    NotebookClient(notebook, timeout=600, allow_errors=True, resources=place).execute()
    stopped = [
        (cell.source, output)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    other = [f"{source}\n{one.ename}: {one.evalue}" for source, one in stopped if one.ename != "NotAttempted"]
    assert not other, "\n\n".join(other)
    named = {re.findall(r"exercise (\d+\.\d+)", one.evalue)[0] for _, one in stopped}
    assert named <= left
    if day not in IN_PANELS:
        assert named == left
