"""Desks for a capstone: folders of answers as students have them."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from vla_course.course.root import CourseRoot

HOUSE = Path(__file__).parents[2]
Desk = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    """Lay a desk: the stubs, and in their place files that are given, or "solved"."""
    root = CourseRoot(HOUSE)

    def lay(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "desk"
        for day in root.stubs.glob("day*"):
            shutil.copytree(day, folder / day.name, dirs_exist_ok=True)
        for name, text in files.items():
            solved = (root.solutions / name).read_text(encoding="utf-8")
            (folder / name).write_text(solved if text == "solved" else text, encoding="utf-8")
        monkeypatch.setenv("VLA_COURSE_EXERCISES", str(folder))
        return folder

    return lay


@pytest.fixture
def solution() -> Callable[[str], str]:
    """Return the text of a reference answer's file."""
    return lambda name: (CourseRoot(HOUSE).solutions / name).read_text(encoding="utf-8")
