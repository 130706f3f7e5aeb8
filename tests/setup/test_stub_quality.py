"""Stubs as students get them are typed and tidy. What lies on the desk of this checkout is the student's affair."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vla_course.course.root import CourseRoot
from vla_course.course.source.stubs import generate

ROOT = CourseRoot(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stubs that the solutions give, in a folder of their own."""
    folder = tmp_path_factory.mktemp("stubs")
    for path, text in generate(ROOT).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text.encode("utf-8"))
    return folder


def run(*arguments: str, text: str | None = None) -> str:
    """What a tool finds fault with; empty where it finds none."""
    told = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT.folder, input=text, capture_output=True, text=True, check=False
    )
    return told.stdout + told.stderr if told.returncode else ""


def test_the_stubs_are_tidy() -> None:
    for path, text in generate(ROOT).items():
        assert not run("ruff", "check", "--quiet", f"--stdin-filename=vla_course/exercises/{path}", "-", text=text)


@pytest.mark.slow
def test_the_stubs_are_typed(stubs: Path) -> None:
    days = sorted(str(day) for day in stubs.iterdir())
    assert days
    # Behind the `raise` of an async generator its `yield` is not reached.
    assert not run("mypy", "--no-warn-unreachable", *days)


BOTCHED = "def f(x) -> int:\n    return 'text'\n"


def test_neither_linter_nor_type_checker_looks_at_the_desk(tmp_path: Path) -> None:
    """With the project's own settings, on a tree as small as can be."""
    desk = tmp_path / "vla_course" / "exercises" / "day1_numbers"
    desk.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_bytes((ROOT.folder / "pyproject.toml").read_bytes())
    (tmp_path / "vla_course" / "__init__.py").write_text("")
    (tmp_path / "vla_course" / "exercises" / "__init__.py").write_text("")
    (tmp_path / "vla_course" / "panel.py").write_text(
        '"""Runs what is on the desk."""\n\n\ndef run() -> None:\n'
        "    from vla_course.exercises.day1_numbers.stats import mean\n\n    mean()\n"
    )
    stats = desk / "stats.py"
    for botched in (BOTCHED, "def mean(:\n"):
        stats.write_text(botched)
        for tool in (["ruff", "check", "."], ["mypy"]):
            told = subprocess.run(
                [sys.executable, "-m", *tool], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert told.returncode == 0, told.stdout + told.stderr
