"""Gradescope: `results.json` of a submission, and the autograder bundle that makes one there.

The fields are those of Gradescope's autograder specification
(https://gradescope-autograders.readthedocs.io/en/latest/specs/); others are refused before they are written.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Manifest, load_manifest
from vla_course.course.root import DAY_FOLDERS, CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.grading.class_run.state import SEED_BITS
from vla_course.grading.intake.submit import write_bytes, zip_bytes
from vla_course.grading.judging.verdicts import ExerciseVerdict, TestVerdict, TooBusy
from vla_course.grading.marks.gradebook import Grade, grades_of
from vla_course.grading.marks.policy import Policy
from vla_course.grading.marks.rubric import WrittenMark
from vla_course.grading.marks.rules import Rules

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
OUTPUT_CHARACTERS = 4000


class _Documented(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GradescopeTest(_Documented):
    """One entry of `tests`."""

    name: str
    number: str
    score: float = Field(ge=0)
    max_score: float = Field(ge=0)
    output: str = Field(default="", max_length=OUTPUT_CHARACTERS)
    tags: tuple[str, ...] = ()
    visibility: Visibility = "visible"
    extra_data: dict[str, Any] = {}


class GradescopeResults(_Documented):
    """The whole of `results.json`; a top-level score overrides the sum of the tests'."""

    score: float = Field(ge=0)
    execution_time: float = Field(ge=0)
    output: str = ""
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    extra_data: dict[str, Any] = {}
    tests: tuple[GradescopeTest, ...]

    @model_validator(mode="after")
    def _numbers_are_unique(self) -> GradescopeResults:
        numbers = [test.number for test in self.tests]
        if len(set(numbers)) != len(numbers):
            raise ValueError("two tests bear the same number")
        return self


def results_of(grade: Grade, manifest: Manifest, hidden: Visibility) -> GradescopeResults:
    """The results of one student; `hidden` says when the properties that hidden tests looked at are shown."""
    tests = [test for mark in grade.marks for test in _tests(mark.verdict, manifest, hidden)]
    tests += [_written(one) for one in grade.written]
    remarks = [*(f"Note: {note}" for note in grade.notes)]
    for mark in grade.marks:
        remarks += [
            f"{mark.verdict.exercise_id}: {mark.points:g} points ({reason})" for reason in mark.reasons
        ]
    for one in grade.written:
        remarks += [f"{one.question.id}: {one.points:g} points ({reason})" for reason in one.reasons]
    remarks += [f"Total changed: {one.reason}" for one in grade.adjustments if one.changes]
    return GradescopeResults(
        score=grade.points,
        execution_time=round(grade.verdict.seconds, 2),
        output="\n".join(remarks)[:OUTPUT_CHARACTERS],
        extra_data={
            "course_version": grade.verdict.course_version,
            "sandbox_level": grade.verdict.sandbox_level,
            "points_before_policy": grade.before_policy,
            "content": grade.submission.content,
        },
        tests=tuple(tests),
    )


def _tests(verdict: ExerciseVerdict, manifest: Manifest, hidden: Visibility) -> list[GradescopeTest]:
    passed = sum(test.points for test in verdict.tests if test.passed)
    # Where the grader gave other than the plain sum (a test cut short), the entries still add up to its points.
    scale = verdict.points / passed if passed else 0.0
    worth = sum(test.points for test in verdict.tests)
    if not verdict.tests:
        return [
            GradescopeTest(
                name=f"{verdict.exercise_id} {verdict.title}",
                number=verdict.exercise_id,
                score=verdict.points,
                max_score=verdict.out_of,
                output=(verdict.message or verdict.status)[:OUTPUT_CHARACTERS],
                tags=(verdict.status,),
            )
        ]
    return [
        GradescopeTest(
            name=f"{verdict.exercise_id} {verdict.title}: {test.says}",
            number=f"{verdict.exercise_id}.{count}",
            score=round(test.points * scale, 4) if test.passed else 0.0,
            max_score=round(test.points * verdict.out_of / worth, 4) if worth else 0.0,
            output=_told(test, verdict, manifest)[:OUTPUT_CHARACTERS],
            tags=tuple(filter(None, ("hidden" if test.hidden else "shown", test.mistake))),
            visibility=hidden if test.hidden else "visible",
        )
        for count, test in enumerate(verdict.tests, start=1)
    ]


def _written(mark: WrittenMark) -> GradescopeTest:
    scores = [f"{mark.scores[one.id]:g}/{one.points:g} {one.says}" for one in mark.question.criterion if mark.marked]
    return GradescopeTest(
        name=f"{mark.question.id} {mark.question.title}",
        number=mark.question.id,
        score=mark.earned,
        max_score=mark.question.points,
        output="\n".join([*scores, mark.comment] if mark.marked else ["not marked yet"])[:OUTPUT_CHARACTERS],
        tags=("marked by hand",),
    )


def _told(test: TestVerdict, verdict: ExerciseVerdict, manifest: Manifest) -> str:
    if test.passed:
        return ""
    mistakes = manifest.exercise(verdict.exercise_id).mistakes
    hint = mistakes.get(test.mistake, "") if test.mistake else ""
    return "\n".join(filter(None, (verdict.message, test.message, hint))) or "does not hold"


def write_results(path: Path, results: GradescopeResults) -> None:
    """Write `results.json`."""
    write_atomically(path, json.dumps(results.model_dump(mode="json"), indent=1) + "\n")


SCRIPTS = Path(__file__).with_name("autograder")
"""`setup.sh` and `run_autograder` as Gradescope calls them, and a `Dockerfile` that sets up the same elsewhere"""
TORCH_INDEX = "TORCH_INDEX"
"""as for `make setup`: where pip finds PyTorch's CPU build"""
NEEDED = {
    *("numpy", "scipy", "pybullet", "pin", "torch", "transformers", "safetensors"),  # tests, answers, the frame
    *("pytest", "matplotlib", "msgpack", "pydantic", "jinja2", "pyyaml", "typer", "rich"),  # the grader
}
"""the packages that grading imports, and nothing else of what the course installs: no notebook, no cluster"""

BUNDLED = (
    *("LICENSE", "README.md", "constraints.txt", "pyproject.toml"),
    *("data", "solutions", "vla_course", "tests/graded"),
)
NAME = re.compile(r"[A-Za-z0-9_.-]+")
TORCH = re.compile(r"^\s*(import|from)\s+torch\b", re.MULTILINE)
NOT_BUNDLED = {"__pycache__", ".ipynb_checkpoints", "variants"}


def write_bundle(root: CourseRoot, out: Path, seed: int) -> int:
    """Write the autograder's zip; returns how many files of the course are in it.

    It holds the hidden tests, the reference and the secret seed: for Gradescope, not for students.
    """
    if not any(root.solutions.glob(DAY_FOLDERS)):
        raise CourseError("this edition of the course holds no solutions to grade by")
    course = {
        f"course/{path.relative_to(root.folder).as_posix()}": path.read_bytes()
        for name in BUNDLED
        for path in _files(root.folder / name)
    }
    members = {
        "setup.sh": _setup(os.environ.get(TORCH_INDEX, "")),
        **{name: (SCRIPTS / name).read_bytes() for name in ("run_autograder", "Dockerfile")},
        "requirements.txt": requirements(root).encode(),
        "seed": f"{seed}\n".encode(),
        **course,
    }
    write_bytes(out, zip_bytes(members, executable=("setup.sh", "run_autograder")))
    return len(course)


def _setup(torch_index: str) -> bytes:
    """The script, with that address for PyTorch where none is given when it runs."""
    text = (SCRIPTS / "setup.sh").read_text(encoding="utf-8")
    return text.replace("${TORCH_INDEX:-}", f"${{TORCH_INDEX:-{torch_index}}}").encode()


def requirements(root: CourseRoot) -> str:
    """What grading needs installed, a line each: of the project's dependencies those in `NEEDED`.

    Torch only where an exercise or a test imports it.
    """
    project = root.folder / "pyproject.toml"
    if not project.is_file():
        return ""
    found = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    listed = [*found["dependencies"], *found["optional-dependencies"]["instructor"]]
    needed = [line for line in listed if (name := NAME.match(line)) and name[0].lower() in NEEDED]
    trees = (root.solutions, root.graded)
    texts = (path.read_text(encoding="utf-8") for tree in trees for path in sorted(tree.rglob("*.py")))
    if not any(TORCH.search(text) for text in texts):
        needed = [line for line in needed if not line.startswith("torch")]
    return "\n".join([*needed, ""])


def release_bundle(root: CourseRoot, out: Path, seed: int | None) -> str:
    """Write the bundle with that seed, or a new one; returns what to say about it."""
    drawn = secrets.randbits(SEED_BITS) if seed is None else seed
    count = write_bundle(root, out, drawn)
    said = f"wrote {out}: setup.sh, run_autograder, {count} files of the course, hidden tests and seed {drawn} included"
    if "\ntorch" in f"\n{requirements(root)}" and not os.environ.get(TORCH_INDEX):
        said += f"\nIt will install PyTorch with CUDA: for the CPU build set {TORCH_INDEX}, as for `make setup`"
    return said


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [path for path in sorted(place.rglob("*")) if path.is_file() and not NOT_BUNDLED & set(path.parts)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade the one submission that Gradescope hands over, and write its `results.json`."""
    from vla_course.grading.judging.grade_one import grade_submission
    from vla_course.grading.pipeline.grading import grade_alone

    parser = argparse.ArgumentParser(prog="gradescope", description=main.__doc__)
    parser.add_argument("submission", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--seed-file", type=Path, required=True)
    typed = parser.parse_args(arguments)
    root = CourseRoot.current()
    manifest = load_manifest(root)
    try:
        submission, verdict = grade_alone(
            typed.submission,
            root=root,
            manifest=manifest,
            seed=int(typed.seed_file.read_text()),
            grade=grade_submission,
        )
    except TooBusy as fault:
        raise SystemExit(f"no results: {fault}") from None
    policy = Policy()
    (grade,) = grades_of([(submission, verdict)], Rules(policy))
    write_results(typed.results, results_of(grade, manifest, policy.hidden_visibility))
    return 0


if __name__ == "__main__":
    sys.exit(main())
