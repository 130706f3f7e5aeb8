"""`vla-course grade`: from a folder of submissions to marks, files for the platforms, and reports; step by step.

Each step reads what the earlier ones left in the `Run` and adds its own part. To leave a step out, or to put one
in, is to change the list `STEPS`.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from vla_course.course.errors import CourseError
from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.course.source.source import read_source
from vla_course.course.source.stubs import day_files
from vla_course.course.source.variants import put_in_place, read_variants
from vla_course.grading.class_run.gradebook import Grade, grades_of, write_csv_files
from vla_course.grading.class_run.policy import (
    ADJUSTMENTS,
    read_adjustments,
    read_policy,
    read_roster,
    read_times,
)
from vla_course.grading.class_run.rules import Rules, resolve
from vla_course.grading.class_run.run import Progress, Run, Silent, Step
from vla_course.grading.class_run.scheduler import GRADER, Backend, on_this_machine
from vla_course.grading.class_run.similarity import compare_class
from vla_course.grading.class_run.state import State
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submit import release_of
from vla_course.grading.pipeline.gradescope import results_of, write_results
from vla_course.grading.pipeline.grading import grade_what_changed, told_of_cells
from vla_course.grading.worker.sandbox import choose_sandbox

NO_PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""why nothing at all can be written where the marks go"""


def take_in(run: Run) -> None:
    """Read what was handed in."""
    counting = [exercise.id for exercise in run.exercises]
    found = collect(
        run.place, run.manifest, release_of(run.root), counting=counting, say=run.remarks.append
    )
    run.submissions = [told_of_cells(one, run.exercises) for one in found]


def read_rules(run: Run) -> None:
    """Read what the instructor wrote, and whom it means: a slip is told before an hour of grading, not after."""
    place = run.out / "adjustments.toml"
    if not place.exists():
        write_atomically(place, ADJUSTMENTS)
    times = run.policy.late.times
    run.rules = resolve(
        run.submissions,
        policy=run.policy,
        times=() if times in ("names", "files") else read_times(run.beside_policy / times),
        adjustments=read_adjustments(place, run.manifest),
        roster=read_roster(run.beside_policy / run.policy.roster) if run.policy.roster else (),
    )
    run.remarks += run.rules.remarks


def apply_policy(run: Run) -> None:
    """Lateness, extensions, adjustments by hand, and who is missing."""
    rules = run.rules or Rules(run.policy)
    graded = [(one, run.verdicts[one.key]) for one in run.submissions if one.key not in run.ungraded]
    run.grades = grades_of(graded, rules)
    run.missing = rules.absent
    run.remarks += [f"{key}: {fault}" for key, fault in run.ungraded.items()]


def compare(run: Run) -> None:
    """Look for submissions that resemble each other."""
    days = {exercise.day.folder for exercise in run.exercises}
    tree = run.root.solutions if run.root.solutions.is_dir() else run.root.pristine_stubs
    paths = [path for path in day_files(tree) if path.parts[0] in days]
    apart = {(one.source, one.content): one for one in run.submissions}  # what a group handed in is one work
    run.pairs = compare_class(
        apart.values(),
        stubs={path: pristine(run.root, path) for path in paths},
        references=_answers(run, paths),
        say=run.remarks.append,
    )


def _answers(run: Run, paths: Sequence[PurePosixPath]) -> dict[PurePosixPath, list[str]]:
    """The reference's text of each file, and the same with each variant: nobody must copy to come to these."""
    texts = {
        path: [read_source(run.root.solutions / path)] if (run.root.solutions / path).exists() else []
        for path in paths
    }
    for (
        exercise
    ) in run.manifest.exercises:  # those too that do not count: their answers are in the same files
        for variant in read_variants(run.root, exercise):
            if texts.get(exercise.path):
                texts[exercise.path].append(put_in_place(texts[exercise.path][0], exercise, variant))
    return texts


def write_gradebook(run: Run) -> None:
    """`grades.csv`, `canvas.csv`, `moodle.csv`."""
    write_csv_files(run.out, run.grades, run.missing, run.ungraded, run.exercises, run.policy)


def write_gradescope(run: Run) -> None:
    """One `results.json` a student."""

    def write(grade: Grade) -> None:
        results = results_of(grade, run.manifest, run.policy.hidden_visibility)
        write_results(run.out / "gradescope" / f"{grade.key}.json", results)

    _for_each(run, "Gradescope results", write)
    _sweep(run.out / "gradescope", {f"{grade.key}.json" for grade in run.grades})


def write_reports(run: Run) -> None:
    """One page a student, and one for the instructor."""
    from vla_course.grading.reports.report import Pages  # Jinja comes with the extra `instructor`

    pages = Pages(run.manifest, run.policy)

    def write(grade: Grade) -> None:
        try:
            page = pages.of_student(grade)
        except Exception as fault:
            run.remarks.append(f"{grade.key}: the report could not be made in full: {type(fault).__name__}: {fault}")
            page = pages.of_marks_alone(grade)
        write_atomically(run.out / "students" / f"{grade.key}.html", page)

    _for_each(run, "the report", write)
    _sweep(run.out / "students", {f"{grade.key}.html" for grade in run.grades})
    try:
        page = pages.of_class(run)
    except Exception as fault:  # what students wrote stands on it only where pairs are shown
        run.remarks.append(f"the similar pairs cannot be shown: {type(fault).__name__}: {fault}")
        page = pages.of_class(replace(run, pairs=[]))
    write_atomically(run.out / "class.html", page)


def _for_each(run: Run, what: str, write: Callable[[Grade], None]) -> None:
    """Do it for every student; what goes wrong with one is said and keeps nobody else from theirs."""
    for grade in run.grades:
        try:
            write(grade)
        except CourseError:
            raise
        except OSError as fault:
            if fault.errno in NO_PLACE:  # it is nobody's fault, and the next one would fare no better
                raise
            run.remarks.append(f"{grade.key}: {what} could not be written: {fault}")
        except Exception as fault:
            run.remarks.append(f"{grade.key}: {what} could not be written: {type(fault).__name__}: {fault}")


def _sweep(folder: Path, wanted: set[str]) -> None:
    """Remove the files of students who are no longer among the submissions."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and not path.is_dir():
            path.unlink()


STEPS: tuple[Step, ...] = (
    Step("reading submissions", take_in),
    Step("reading the rules", read_rules),
    Step("grading", grade_what_changed),
    Step("applying the policy", apply_policy),
    Step("comparing", compare),
    Step("writing the gradebook", write_gradebook),
    Step("writing Gradescope results", write_gradescope),
    Step("writing reports", write_reports),
)


def grade_class(
    place: Path,
    out: Path,
    *,
    root: CourseRoot,
    policy: Path | None = None,
    seed: int | None = None,
    require_sandbox: bool = False,
    backend: Backend | None = None,
    grader: str = GRADER,
    progress: Progress | None = None,
    steps: Sequence[Step] = STEPS,
) -> Run:
    """Grade a class and write everything below `out`; what was graded before and has not changed is kept."""
    if not place.exists():
        raise CourseError(f"{place} is not there: name the folder that holds the submissions")
    manifest = load_manifest(root)
    level = choose_sandbox("bubblewrap").level if require_sandbox else "limits"
    run = Run(
        place=place,
        out=out,
        root=root,
        manifest=manifest,
        policy=read_policy(policy, manifest),
        policy_path=policy.resolve() if policy else None,
        seed=State(out / "state").seed(seed),
        level=level,
        backend=backend or on_this_machine(1),
        grader=grader,
        progress=progress or Silent(),
    )
    for step in steps:
        run.progress.step(step.title)
        try:
            step.do(run)
        except OSError as fault:
            if fault.errno not in NO_PLACE:
                raise
            raise CourseError(
                f"{step.title}: {fault.strerror} ({fault.filename or out}); put that right and run the same command "
                "again, what is graded is kept"
            ) from None
    return run
