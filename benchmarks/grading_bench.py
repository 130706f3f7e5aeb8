"""What benchmarks/grading.py measures on: the chosen exercises, the walls of this machine, where pieces are kept."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pieces import Pieces

from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.variants import Variant, read_variants
from vla_course.grading.judging.grade_one import grade_submission
from vla_course.grading.judging.judge import tasks_of
from vla_course.grading.judging.verdicts import SubmissionVerdict
from vla_course.grading.worker.sandbox import choose_sandbox

ROOT = CourseRoot.current()
MANIFEST = load_manifest(ROOT)
SANDBOX = choose_sandbox()
WORKERS = 2
HEAVY = "3.12"
"""moves the humanoid itself; a quick run leaves it out"""

Measure = Callable[[str, Callable[[], Any]], Any]


class Bench:
    """What is measured: the chosen exercises, in full or quickly, and where pieces are kept."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.quick, self.seed = options.quick, options.seed
        chosen = options.exercises or [exercise.id for exercise in MANIFEST.exercises]
        self.exercises = [MANIFEST.exercise(name) for name in chosen]
        self.ids = [exercise.id for exercise in self.exercises if not (self.quick and exercise.id == HEAVY)]
        kept = Pieces.of("grading", f"{self.ids} {self.seed} {self.quick}")
        self.measure: Measure = (lambda name, do: do()) if self.quick else kept.measure

    @property
    def tasks(self) -> list[str]:
        """The chosen exercises, and every integration on a file of theirs."""
        files = {exercise.path for exercise in self.exercises}
        return [
            task.exercise.id
            for task in tasks_of(ROOT, MANIFEST)
            if task.exercise.id in self.ids or (task.integration and task.exercise.path in files)
        ]

    def variants(self, kind: str) -> list[tuple[Exercise, Variant]]:
        """Every variant of that kind; in a quick run one an exercise."""
        chosen = []
        for exercise in (MANIFEST.exercise(name) for name in self.ids):
            found = [variant for variant in read_variants(ROOT, exercise) if variant.kind == kind]
            chosen += [(exercise, variant) for variant in (found[:1] if self.quick else found)]
        return chosen


def grade(folder: Path, seed: int, exercises: Sequence[str] | None = None) -> SubmissionVerdict:
    return grade_submission(folder, seed=seed, sandbox=SANDBOX, root=ROOT, exercises=exercises)


NOTES: list[str] = []
"""what figures only count, for the result"""


def names(what: str, found: Sequence[str]) -> None:
    """List what a figure only counts."""
    for name in found:
        NOTES.append(f"{what}: {name}")
        print(NOTES[-1])
