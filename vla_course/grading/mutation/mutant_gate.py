"""Which mutants the graded tests let live.

    python -m vla_course.grading.mutation.mutant_gate [3.5 ...] [--seed 0] [--sample 20]

The course's own code, so no worker: tests are called as plain functions, the student being the mutated module,
in processes of our own. A mutant is killed by the first test, shown or hidden, that fails or takes far too long.
A survivor that no test can tell from the reference is listed, with the reason, in
`tests/grading/equivalent_mutants.toml`.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.util
import inspect
import multiprocessing
import os
import random
import signal
import sys
import time
import tomllib
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any, NoReturn

import numpy as np

from vla_course.course.checking.run_shown import graded_files
from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import EXERCISES_VARIABLE, ISOLATE_VARIABLE, ROOT_VARIABLE, CourseRoot
from vla_course.grading.mutation.mutants import Mutant, mutants_of
from vla_course.machine import cores, limit

SECONDS = 1.0
"""what a test may take on top of five times what it takes on the reference's answer"""
MEMORY_BYTES = 8 * 2**30


@dataclass(frozen=True)
class Survivor:
    """A mutant that every test takes for right, and why no test could do otherwise, where that is known."""

    exercise_id: str
    place: str
    change: str
    text: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.place}: {self.change}" + (f" ({self.why})" if self.why else "")


@dataclass(frozen=True)
class Kills:
    """The mutants of one exercise: how many there were, which live."""

    exercise_id: str
    made: int
    survivors: tuple[Survivor, ...]
    seconds: float

    @property
    def killed(self) -> int:
        return self.made - len(self.survivors)

    @property
    def unexplained(self) -> tuple[Survivor, ...]:
        return tuple(survivor for survivor in self.survivors if not survivor.why)


class Overdue(BaseException):
    """A test takes far longer than it does on the reference's answer."""


def run_mutants(root: CourseRoot, ids: Sequence[str], *, seed: int, sample: int | None, processes: int) -> list[Kills]:
    """The kills of each exercise; `sample` mutants of each, drawn by the seed, where it is given."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        jobs = [pool.submit(_kills, root, exercise_id, seed, sample) for exercise_id in ids]
        return [job.result() for job in jobs]


def explained(root: CourseRoot) -> dict[tuple[str, str, str], str]:
    """Why a mutant is equivalent, by its exercise, the line as it stands in the file, and the change."""
    path = root.folder / "tests" / "grading" / "equivalent_mutants.toml"
    if not path.exists():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    return {
        (table["exercise"], table["line"], change): table["why"] for table in tables for change in table["changes"]
    }


def _kills(root: CourseRoot, exercise_id: str, seed: int, sample: int | None) -> Kills:
    begun = time.monotonic()
    os.environ.pop(ISOLATE_VARIABLE, None)
    os.environ.pop(EXERCISES_VARIABLE, None)
    os.environ[ROOT_VARIABLE] = str(root.folder)
    limit("RLIMIT_AS", MEMORY_BYTES)
    warnings.simplefilter("ignore")
    exercise = load_manifest(root).exercise(exercise_id)
    mutants = mutants_of(root, exercise)
    if sample is not None:
        mutants = random.Random(seed).sample(mutants, min(sample, len(mutants)))
    reasons = explained(root)
    with _quiet():
        tests = _tests(root, exercise, seed)
        survivors = [mutant for mutant in mutants if _lives(mutant, exercise, tests)]
    return Kills(
        exercise_id,
        len(mutants),
        tuple(
            Survivor(
                exercise_id,
                f"{mutant.file}:{mutant.line}",
                mutant.change,
                mutant.text,
                reasons.get((exercise_id, mutant.text, mutant.change), ""),
            )
            for mutant in survivors
        ),
        round(time.monotonic() - begun, 1),
    )


Test = tuple[Callable[[Any], None], float]
"""A test that takes the student's module, and how long it may take."""


def _tests(root: CourseRoot, exercise: Exercise, seed: int) -> list[Test]:
    """The exercise's tests, quickest first, each having passed on the reference's answer."""
    sys.path.insert(0, str(root.graded))
    reference = importlib.import_module(f"vla_course.reference.{exercise.module}")
    timed = []
    for path in graded_files(root.graded, exercise.id, hidden=True):
        place = path.relative_to(root.graded)
        module = importlib.import_module(".".join(place.with_suffix("").parts))
        for name, function in vars(module).items():
            mark = getattr(function, "__graded__", None)
            if mark is None or mark.exercise_id != exercise.id or function.__module__ != module.__name__:
                continue
            test = _bound(function, [seed, zlib.crc32(f"{place.as_posix()}::{name}".encode())])
            begun = time.monotonic()
            try:
                test(reference)
            except Exception as fault:
                raise CourseError(f"{place}::{name} fails on the reference's answer: {fault}") from fault
            timed.append((time.monotonic() - begun, test))
    return [(test, 5.0 * took + SECONDS) for took, test in sorted(timed, key=lambda entry: entry[0])]


def _bound(function: Callable[..., None], entropy: list[int]) -> Callable[[Any], None]:
    """The test with its `rng`, drawn as the judge draws it."""
    takes = inspect.signature(function).parameters.keys()

    def test(student: Any) -> None:
        given = {"student": student, "rng": np.random.default_rng(entropy)}
        function(**{name: given[name] for name in takes})

    return test


def _lives(mutant: Mutant, exercise: Exercise, tests: list[Test]) -> bool:
    for test, seconds in tests:
        try:
            with _limit(seconds):
                test(_module(mutant, exercise))
        except KeyboardInterrupt:
            raise
        except BaseException:
            return False
    return True


def _module(mutant: Mutant, exercise: Exercise) -> ModuleType:
    """The solution's module with the mutant in it; its relative imports find the reference's other files."""
    module = ModuleType(f"vla_course.reference.{exercise.module}")
    module.__package__ = f"vla_course.reference.{exercise.day.folder}"
    exec(compile(mutant.module(), f"<mutant of {mutant.file}>", "exec"), module.__dict__)
    return module


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def overdue(number: int, frame: FrameType | None) -> NoReturn:
        raise Overdue

    before = signal.signal(signal.SIGALRM, overdue)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        np.errstate(all="ignore"),
    ):
        yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutant_gate", description="Which mutants do the graded tests let live?")
    parser.add_argument("exercises", nargs="*", help="ids such as 3.5; every exercise where none is given")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sample", type=int, help="that many mutants of each exercise")
    parser.add_argument("--processes", type=int, default=min(4, cores()))
    options = parser.parse_args()
    root = CourseRoot.current()
    ids = options.exercises or [exercise.id for exercise in load_manifest(root).exercises]
    found = run_mutants(root, ids, seed=options.seed, sample=options.sample, processes=options.processes)
    for kills in found:
        print(f"{kills.exercise_id:5} {kills.killed:4} of {kills.made:4} killed, {kills.seconds:6.1f} s")
    for kills in found:
        for survivor in kills.survivors:
            print(f"lives: {survivor}\n       {survivor.text}")
    made, killed = sum(kills.made for kills in found), sum(kills.killed for kills in found)
    unexplained = sum(len(kills.unexplained) for kills in found)
    print(f"{killed} of {made} killed ({100.0 * killed / max(made, 1):.1f} %), {unexplained} survivors unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
