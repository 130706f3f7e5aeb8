"""Grade one submission: every exercise in a worker of its own, verdicts made on this side."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vla_course.course.checking.effort import Watch
from vla_course.course.checking.run_shown import graded_environment
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.course.own_python import own_python
from vla_course.course.root import EXERCISES_VARIABLE, ISOLATE_VARIABLE, CourseRoot
from vla_course.grading.judging.as_source import remarks
from vla_course.grading.judging.judge import Task, tasks_of
from vla_course.grading.judging.take_in import take_in
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict, TooBusy
from vla_course.grading.walls.scratch import Scratch, seal
from vla_course.grading.worker.sandbox import Sandbox
from vla_course.grading.worker.stage import course_version, stage_of

START_SECONDS = 60.0
TASK_SECONDS = 60.0  # on top of what the student's code may take: physics, pictures
"""both of processor time; by the clock it may take `effort.PATIENCE` times as long"""
LOOK = 0.5


def grade_submission(
    folder: Path,
    *,
    seed: int,
    sandbox: Sandbox,
    root: CourseRoot,
    exercises: Sequence[str] | None = None,
) -> SubmissionVerdict:
    """Grade the answers in `folder` (day folders, or a checkout that holds them); never raises for their sake.

    The folder's name becomes the `submission_id`. `seed` is secret: all inputs of the tests are drawn from it.
    `exercises` are ids of the manifest or of integrations, all of both where None. Nothing in `folder` is
    written to, no link in it is followed. Raises `TooBusy` where this machine has no time for it, which is no mark,
    and `CourseError` where the course's own tests are broken.
    """
    begun = time.monotonic()
    manifest = load_manifest(root)
    tasks = {task.exercise.id: task for task in tasks_of(root, manifest)}
    wanted = list(tasks) if exercises is None else list(exercises)
    for name in wanted:
        if name not in tasks:
            raise CourseError(f'nothing is graded as "{name}"; there are {", ".join(tasks)}')
    with Scratch("grade") as scratch:
        desk = scratch.folder / "desk"
        notes = take_in(folder, desk)
        for day in manifest.days:  # a day that is missing is empty
            (desk / day.folder).mkdir(exist_ok=True)
        seal(desk)
        verdicts: dict[str, ExerciseVerdict] = {}
        while left := [name for name in wanted if name not in verdicts]:
            fell = None
            for event in _judged(left, tasks, root, sandbox, desk, seed, notes):
                match event:
                    case {"begin": str() as name}:
                        fell = name
                    case {"busy": str() as fault}:
                        raise TooBusy(fault)
                    case {"broken": str() as fault}:
                        raise CourseError(fault)
                    case {"verdict": verdict}:
                        made = ExerciseVerdict.from_json(verdict)
                        verdicts[made.exercise_id] = made
                        fell = None
            if fell is None and len(left) == sum(name not in verdicts for name in wanted):
                raise RuntimeError(f"the grader does not start: {notes[-1:]}")
            if fell is not None:
                verdicts[fell] = _fallen(tasks[fell])
        files = {exercise.file for exercise in manifest.exercises}
        for name in wanted:
            if verdicts[name].points and not verdicts[name].integration:
                notes += remarks(tasks[name].exercise, desk, files)
    graded = tuple(verdicts[name] for name in wanted)
    own = [verdict for verdict in graded if not verdict.integration]
    return SubmissionVerdict(
        submission_id=folder.name,
        exercises=graded,
        points=round(sum(verdict.points for verdict in own), 2),
        out_of=sum(verdict.out_of for verdict in own),
        seed=seed,
        course_version=course_version(root),
        sandbox_level=sandbox.level,
        seconds=round(time.monotonic() - begun, 2),
        notes=tuple(notes),
    )


def _judged(
    names: list[str],
    tasks: dict[str, Task],
    root: CourseRoot,
    sandbox: Sandbox,
    desk: Path,
    seed: int,
    notes: list[str],
) -> Iterator[dict[str, Any]]:
    """What a judging child says, until it ends or its time is up; a note where it did not end well."""
    job = {
        "parent": os.getpid(),
        "stage": str(stage_of(root).folder),
        "desk": str(desk),
        "scratch": str(desk.parent / "references"),
        "seed": seed,
        "level": sandbox.level,
        "filter_calls": sandbox.filter_calls,
        "tasks": names,
    }
    limit = START_SECONDS + sum(2.0 * tasks[name].exercise.seconds + TASK_SECONDS for name in names)
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            own_python("vla_course.grading.judging.judge_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=_environment(root),
            start_new_session=True,
        )
        try:
            out, note = _heard_out(child, json.dumps(job).encode(), Watch(child.pid, limit))
        except BaseException:
            _end(child)
            raise
        else:
            if child.returncode != 0 and not note:
                said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
                tail = said.read().decode("utf-8", errors="replace").strip().splitlines()[-1:]
                note = f"the grader ended with {child.returncode} and was started again: {tail}"
            notes += [note] if note else []
    for line in out.decode("utf-8").splitlines(keepends=True):
        if line.endswith("\n"):  # one cut off in the middle is none
            yield json.loads(line)


def _heard_out(child: subprocess.Popen[bytes], job: bytes, watch: Watch) -> tuple[bytes, str]:
    """What the child says until it ends, or has computed for too long: then it is ended, and the note says so."""
    given: bytes | None = job
    while True:
        try:
            return child.communicate(given, timeout=LOOK)[0], ""
        except subprocess.TimeoutExpired:
            given = None  # it has begun to take what it was given
        match watch.verdict():
            case "busy":
                raise TooBusy(
                    f"this machine is too busy: in {watch.waited:.0f} s the grader got {watch.processor:.0f} s of a "
                    "processor. Grade again"
                )
            case "time" | "sleep":
                return _end(child), f"the grader took more than {watch.seconds:.0f} s and was started again"


def _end(child: subprocess.Popen[bytes]) -> bytes:
    """Kill the child and all of its session; its workers die with it. What it had said comes back."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    return child.communicate()[0]


def _fallen(task: Task) -> ExerciseVerdict:
    """The verdict on an exercise whose answers brought the grader itself down."""
    worth = 0 if task.integration else task.exercise.points
    message = "the values that your code returned made the simulation fail"
    return ExerciseVerdict(
        task.exercise.id, task.exercise.title, "crashed", 0.0, worth, (), task.integration, message
    )


def _environment(root: CourseRoot) -> dict[str, str]:
    """The judge's: whose answers run is its worker's affair."""
    answers = (EXERCISES_VARIABLE, ISOLATE_VARIABLE)
    return {name: value for name, value in graded_environment(root).items() if name not in answers}
