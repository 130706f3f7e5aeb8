"""`make test` is about the course, whatever a student has written by then: its quick stages on a copy of all of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    *("solutions", "notebooks", "vla_course", "tests/graded/shown", "tests/setup"),
    *("data", "docs", "pyproject.toml", ".gitignore"),
)
QUICK = ("lint", "stubs-check")
STAGES = {
    "lint": ["-m", "ruff", "check", "."],
    "stubs-check": ["-m", "vla_course.cli", "release", "--stubs", "--check"],
    "notebooks": ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/setup/test_notebooks_paired.py"],
}

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")


def git(course: Path, *arguments: str) -> None:
    name = ("-c", "user.name=n", "-c", "user.email=n@example.org")
    subprocess.run(["git", *name, *arguments], cwd=course, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course as it was cloned, with untouched stubs and notebooks."""
    folder = tmp_path_factory.mktemp("clone")
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "Untitled*")
        shutil.copytree(source, target, ignore=ignored) if source.is_dir() else shutil.copy2(source, target)
    for command in (["-m", "vla_course.cli", "release", "--stubs", "--yes"], ["-m", "tests.setup.pairing"]):
        run(folder, command)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "the course")
    return folder


def run(course: Path, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VLA_COURSE", "PYTEST"))}
    return subprocess.run(
        [sys.executable, *command],
        cwd=course,
        env=kept | {"PYTHONPATH": str(course)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def solve(course: Path) -> None:
    for solution in (course / "solutions").glob("day*/*.py"):
        shutil.copy2(solution, course / "vla_course" / "exercises" / solution.relative_to(course / "solutions"))


def half_solve(course: Path) -> None:
    for stub in (course / "vla_course" / "exercises").glob("day*/*.py"):
        text = stub.read_text(encoding="utf-8")
        stub.write_text(text.replace("    raise NotAttempted", "    import os, sys\n    raise NotAttempted"))


def botch(course: Path) -> None:
    for number, stub in enumerate(sorted((course / "vla_course" / "exercises").glob("day*/*.py"))):
        if number % 3 == 0:
            stub.write_text("def broken(:\n")
        elif number % 3 == 1:
            stub.write_bytes(b"\xff\xfed\x00e\x00f\x00")
        else:
            stub.unlink()


def work_in_the_notebooks(course: Path) -> None:
    for notebook in (course / "notebooks").glob("*.ipynb"):
        told = json.loads(notebook.read_text(encoding="utf-8"))
        told["cells"][0]["source"] = "my own words, and [a link](to/nowhere)"
        told["metadata"]["kernelspec"]["name"] = "mine"
        notebook.write_text(json.dumps(told))
    (course / "notebooks" / "Untitled.ipynb").write_text("{}")


@pytest.mark.parametrize("work", [solve, half_solve, botch, work_in_the_notebooks], ids=lambda work: work.__name__)
def test_the_quick_stages_are_green_for_a_student_and_strict_for_an_author(course: Path, work) -> None:
    git(course, "checkout", "--quiet", ".")
    git(course, "clean", "--quiet", "-d", "--force")
    work(course)
    for name in STAGES if work in (botch, work_in_the_notebooks) else QUICK:
        told = run(course, STAGES[name])
        assert told.returncode == 0, f"{name}:\n{told.stdout}{told.stderr}"
    strict = "notebooks" if work is work_in_the_notebooks else "stubs-check"
    assert run(course, STAGES[strict], VLA_COURSE_AUTHOR="yes").returncode != 0
