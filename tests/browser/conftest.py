"""Where there is no browser these tests are skipped, and say why."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.lab import CHROMIUM, ROOT, Server, serve
from tests.setup.pairing import write_all
from vla_course.course.root import CourseRoot
from vla_course.course.source.stubs import write_stubs

Serve = Callable[[str | None], Server]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = None
    if CHROMIUM is None:
        reason = "there is no Chromium on this machine"
    elif importlib.util.find_spec("playwright") is None:
        reason = "Playwright is not installed (extra `browser`)"
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def course_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student works on, as nobody has worked on it yet; nothing done in a browser touches this checkout."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("data", "solutions", "tests/graded"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    write_all(folder / "notebooks")
    write_stubs(CourseRoot(folder))
    return folder


@pytest.fixture(scope="session")
def jupyter(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """One server for each value of VLA_COURSE_EXERCISES, started when first asked for."""
    running: dict[str | None, Server] = {}
    with ExitStack() as stack:

        def start(exercises: str | None) -> Server:
            if exercises not in running:
                home = tmp_path_factory.mktemp("jupyter")
                running[exercises] = stack.enter_context(serve(course_copy, home, exercises))
            return running[exercises]

        yield start
