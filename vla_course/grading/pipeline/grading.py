"""The step that grades: each submission once, what has not changed not again; and one submission without a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import vla_course
from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import Exercise, Manifest
from vla_course.course.root import CourseRoot
from vla_course.grading.class_run.run import Run
from vla_course.grading.class_run.scheduler import Task
from vla_course.grading.class_run.state import fingerprint, key_of, seed_of
from vla_course.grading.intake.contents.notebooks import answers_in_cells
from vla_course.grading.intake.intake import read_submission
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.submit import release_of
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict
from vla_course.grading.walls.scratch import Scratch
from vla_course.grading.worker.sandbox import Sandbox, choose_sandbox

SECONDS_FOR_THE_GRADER = 600.0  # by the clock, to start and to end, beside what the exercises may take
SLACK = 20.0  # so much longer than an exercise's processor time it may take by the clock, on a busy machine


def grade_what_changed(run: Run) -> None:
    """Grade what has changed since it was last graded; a verdict is kept as soon as it is there."""
    run.state.keep_seed(run.seed)
    course = fingerprint(run.root)
    wanted = run.policy.exercises
    by_key: dict[str, list[Submission]] = {}
    for submission in run.submissions:
        if submission.files:
            by_key.setdefault(key_of(submission, run.seed, course, wanted, run.level), []).append(submission)
        else:
            run.verdicts[submission.key] = nothing_to_grade(run, submission.notes)
    waiting: list[Task] = []
    for key, students in by_key.items():
        kept = run.state.read(key)
        if kept is None:
            waiting.append(_task(run, key, students[0], course, wanted))
        else:
            run.verdicts |= {student.key: kept for student in students}
    run.progress.total(len(by_key), len(by_key) - len(waiting))
    for done in run.backend(waiting, run.root) if waiting else ():
        students = by_key[done.key]
        if done.verdict is None:
            run.ungraded |= {one.key: f"not graded: {done.fault}" for one in students}
        else:
            run.state.keep(done.key, done.verdict)
            run.verdicts |= {one.key: done.verdict for one in students}
            run.fresh += len(students)
        run.progress.advance(students[0].alias if run.policy.anonymous else students[0].name)


def _task(run: Run, key: str, submission: Submission, course: str, wanted: tuple[str, ...]) -> Task:
    return Task(
        key=key,
        files=Task.files_of(list(submission.files.items())),
        seed=seed_of(submission, run.seed),
        exercises=wanted,
        level=run.level,
        fingerprint=course,
        seconds=SECONDS_FOR_THE_GRADER + SLACK * sum(exercise.seconds for exercise in run.exercises),
        grader=run.grader,
    )


def look_in_cells(
    submission: Submission, root: CourseRoot, exercises: Sequence[Exercise], *, taken: bool
) -> Submission:
    """The submission with a note on answers that stand in a notebook's cells, where no test looks.

    Args:
        submission: as it was taken in.
        root: of the course, for the files as they were handed out.
        exercises: those that count.
        taken: whether such answers are put into their files, and graded.
    """
    if not submission.notebooks:
        return submission
    try:
        answers = answers_in_cells(
            submission.files, submission.notebooks, exercises, lambda path: pristine(root, path)
        )
    except Exception as fault:  # whatever somebody wrote into a cell, the class goes on
        note = f"the cells of its notebooks cannot be looked through: {type(fault).__name__}"
        return replace(submission, notes=(*submission.notes, note))
    if not answers.found:
        return submission
    told = ", ".join(f"{name} ({place})" for name, place in list(answers.found.items())[:4])
    told += f" and {len(answers.found) - 4} more" if len(answers.found) > 4 else ""
    if taken:
        note = f"answered in a notebook and taken from there: {told}"
        return replace(submission, files=answers.files, notes=(*submission.notes, note))
    note = f"answered in a notebook and not in the file, which is what is graded: {told}"
    return replace(submission, notes=(*submission.notes, note))


def nothing_to_grade(run: Run, notes: Sequence[str]) -> SubmissionVerdict:
    """The verdict on a submission that holds no exercise: no points, and why."""
    why = "; ".join(notes) or "nothing was handed in"
    exercises = tuple(
        ExerciseVerdict(one.id, one.title, "does not load", 0.0, one.points, (), message=why)
        for one in run.exercises
    )
    out_of = sum(one.points for one in run.exercises)
    return SubmissionVerdict("", exercises, 0.0, out_of, run.seed, vla_course.__version__, run.level, 0.0)


class GradeFunction(Protocol):
    """What `grade_submission` is."""

    def __call__(
        self,
        folder: Path,
        *,
        seed: int,
        sandbox: Sandbox,
        root: CourseRoot,
        exercises: Sequence[str] | None = None,
    ) -> SubmissionVerdict: ...


def grade_alone(
    place: Path, *, root: CourseRoot, manifest: Manifest, seed: int, grade: GradeFunction
) -> tuple[Submission, SubmissionVerdict]:
    """Grade one submission here and now, without a class around it."""
    read = read_submission(place, manifest, release_of(root))
    submission = look_in_cells(read, root, manifest.exercises, taken=False)
    with Scratch("submission") as scratch:
        folder = submission.write(scratch.folder / "submission")
        return submission, grade(folder, seed=seed_of(submission, seed), sandbox=choose_sandbox(), root=root)
