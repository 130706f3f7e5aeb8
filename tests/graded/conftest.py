"""What the gate needs: seeds, and the stubs as a student first gets them."""

import os
from pathlib import Path

import pytest

from vla_course.course.root import CourseRoot
from vla_course.course.source.stubs import generate


@pytest.fixture(scope="session")
def seeds(pytestconfig: pytest.Config) -> range:
    """The seeds that each answer is graded under."""
    return range(pytestconfig.getoption("--gate-seeds"))


@pytest.fixture(scope="session")
def untouched_stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of stubs that nobody has worked on, whatever is on the desk of this checkout."""
    folder = tmp_path_factory.mktemp("stubs")
    for path, text in generate(CourseRoot.current()).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> None:
    """The gate says itself whose answers run."""
    os.environ.pop("VLA_COURSE_EXERCISES", None)
