"""The small course in any folder, and a copy of the whole one in a folder whose name holds all that is odd."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.course.conftest import Course, build_course
from tests.course.conftest import course as small_course

course = small_course

ROOT = Path(__file__).resolve().parents[2]
ODD = "Kurs [WS26] of Luca's a::b $HOME \"100 % ü😀\""
"""a name in which there is everything that pytest, shells, rich, PYTHONPATH and URLs take for something of their own"""


@dataclass(frozen=True)
class Checkout:
    """A checkout of the whole course, with which commands are run as from an installation of that very copy."""

    folder: Path

    def run(self, *arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """`vla-course ARGUMENTS` in its folder."""
        begin = "import sys; sys.path.insert(0, sys.argv.pop(1)); from vla_course.cli import main; sys.exit(main())"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "VLA_"))}
        return subprocess.run(
            [sys.executable, "-P", "-c", begin, str(self.folder), *arguments],
            cwd=cwd or self.folder,
            env=kept | {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"} | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=200,
        )


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """What checks and grades need of the course, in a folder with an odd name."""
    folder = tmp_path_factory.mktemp("anywhere") / ODD
    passed_over = shutil.ignore_patterns("__pycache__")
    parts = ("vla_course", "solutions", "tests/graded", "data/humanoid", "data/course.toml")
    for part in (*parts, "tests/conftest.py", "pyproject.toml"):
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=passed_over)
        else:
            shutil.copy(source, target)
    return Checkout(folder)


@pytest.fixture
def course_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Course]:
    """Builds the small course in a folder of that name."""

    def build(name: str) -> Course:
        built = build_course(tmp_path / name)
        monkeypatch.setenv("VLA_COURSE_ROOT", str(built.root.folder))
        monkeypatch.delenv("VLA_COURSE_EXERCISES", raising=False)
        return built

    return build
