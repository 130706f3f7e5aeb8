"""The child process of a check: runs the graded tests of one exercise and writes what became of each.

    python -P -m vla_course.course.checking.run_shown 3.5 --report FILE [--hidden] [--seeds 0,1] [--memory 4]
    python -P -m vla_course.course.checking.run_shown --standby      (its command line comes later: `standby.py`)

The report is one JSON object a line, written as things happen, so that a student's endless loop or `os._exit`
leaves everything before it on record. Whose answers run and where the course is come through the environment.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vla_course.course.root import ROOT_VARIABLE, CourseRoot
from vla_course.machine import limit

if TYPE_CHECKING:
    from vla_course.course.checking.plugin import Judge

MAX_FILE = 64 * 2**20  # bytes in any one file that the child writes

NO_REPORT = os.EX_IOERR
"""the exit code of a child that cannot write its report: the disk is full, say"""

PYTEST_OPTIONS = (
    *("-c", os.devnull, "--rootdir", ".", "--noconftest", "--import-mode=importlib", "--assert=plain", "--capture=no"),
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging", "-p", "no:faulthandler"),
    *("-p", "no:debugging", "-p", "no:junitxml", "-p", "no:pastebin", "-p", "no:doctest"),
    *("-p", "no:unraisableexception"),
)
"""Pytest without anything that a check does not need: reporting, rewriting, caches, configuration."""


STEADY = {"MPLBACKEND": "Agg", **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")}
"""the environment of all that runs a student's code: it opens no window, and takes one processor"""


def graded_environment(root: CourseRoot) -> dict[str, str]:
    """This process's environment, for a child that runs graded tests of that course: nothing slows or sways them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return kept | STEADY | {
        ROOT_VARIABLE: str(root.folder),
        "PYTHONDONTWRITEBYTECODE": "1",  # bytecode dated to the second could outlive a quick edit
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def main() -> int:
    if sys.argv[1:] == ["--standby"]:
        from vla_course.course.checking.standby import wait_for_job

        sys.argv[1:] = wait_for_job()
    arguments = _arguments()
    limit("RLIMIT_AS", int(arguments.memory * 2**30))
    limit("RLIMIT_FSIZE", MAX_FILE)
    limit("RLIMIT_CORE", 0)

    from vla_course.course.checking.no_debugger import without_debugger
    from vla_course.course.checking.plugin import Judge
    from vla_course.course.checking.student import load_student
    from vla_course.course.manifest import load_manifest

    root = CourseRoot.current()
    exercise = load_manifest(root).exercise(arguments.exercise)
    files = graded_files(root.graded, exercise.id, hidden=arguments.hidden)
    with arguments.report.open("w", encoding="utf-8") as report:
        for seed in arguments.seeds:

            def emit(event: dict[str, Any], seed: int = seed) -> None:
                try:
                    report.write(json.dumps({"seed": seed, **event}) + "\n")
                    report.flush()
                except OSError as fault:
                    print(fault.strerror, flush=True)
                    os._exit(NO_REPORT)

            without_debugger(lambda message: emit({"event": "remark", "message": message}))
            judge = Judge(exercise, seed=seed, load_student=load_student, emit=emit)
            run_graded(files, root.graded, judge)
            emit({"event": "end"})
            for name in [name for name in sys.modules if name.startswith("vla_course.exercises.")]:
                del sys.modules[name]  # the next seed meets the module as new
    # What the student left behind (threads, atexit hooks) has no say in how this process ends.
    sys.stdout.flush()
    os._exit(0)


def graded_files(graded: Path, exercise_id: str, *, hidden: bool) -> list[Path]:
    """The test files of an exercise: `shown/dayN_topic/test_3_5_*.py`, also in `hidden/` if asked for."""
    pattern = f"*/test_{exercise_id.replace('.', '_')}_*.py"
    kinds = ("shown", "hidden") if hidden else ("shown",)
    return [file for kind in kinds for file in sorted((graded / kind).glob(pattern))]


def run_graded(files: Sequence[Path], graded: Path, judge: Judge) -> None:
    """Run test files below the folder `graded` under pytest, with the judge as its plugin.

    Pytest takes a `[`, a `::` or a `$` in a path for something of its own, and quotes too: it gets names below the
    folder that it is started in, none of which holds any, and is back in the folder of before when tests run.
    """
    import pytest

    names = [file.relative_to(graded).as_posix() for file in files]
    sys.path.insert(0, str(graded))  # what its tests share
    try:
        returned = _Returned(Path.cwd())
        with contextlib.chdir(graded):
            pytest.main([*names, *PYTEST_OPTIONS], plugins=[judge, returned])
    finally:
        sys.path.remove(str(graded))


class _Returned:
    """A pytest plugin that goes to a folder before tests are collected."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pytest_sessionstart(self) -> None:
        os.chdir(self.folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run_shown", description="The child process of a check.")
    parser.add_argument("exercise")
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[0])
    parser.add_argument("--memory", type=float, default=4.0, help="GiB of address space")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
