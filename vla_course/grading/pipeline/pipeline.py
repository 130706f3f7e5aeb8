"""`vla-course grade`: from a folder of submissions to marks, files for the platforms, and reports; step by step.

Each step reads what the earlier ones left in the `Run` and adds its own part. To leave a step out, or to put one
in, is to change the list `STEPS`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.course.source.source import read_source
from vla_course.course.source.stubs import day_files
from vla_course.course.source.variants import put_in_place, read_variants
from vla_course.grading.class_run.gradebook import absent, grades_of, strangers, write_csv_files
from vla_course.grading.class_run.policy import (
    ADJUSTMENTS,
    read_adjustments,
    read_policy,
    read_roster,
    read_times,
)
from vla_course.grading.class_run.run import Progress, Run, Silent, Step
from vla_course.grading.class_run.scheduler import GRADER, Backend, on_this_machine
from vla_course.grading.class_run.similarity import compare_class
from vla_course.grading.class_run.state import State
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submit import release_of
from vla_course.grading.pipeline.gradescope import results_of, write_results
from vla_course.grading.pipeline.grading import grade_what_changed
from vla_course.grading.worker.sandbox import choose_sandbox


def take_in(run: Run) -> None:
    """Read what was handed in, and the rules that it is judged by."""
    run.submissions = collect(run.place, run.manifest, release_of(run.root))


def apply_policy(run: Run) -> None:
    """Lateness, extensions, adjustments by hand, and who is missing."""
    place = run.out / "adjustments.toml"
    if not place.exists():
        write_atomically(place, ADJUSTMENTS)
    adjustments = read_adjustments(place, run.manifest)
    late = run.policy.late
    times: Mapping[str, datetime.datetime] = {}
    if late.times not in ("names", "files"):
        times = read_times(run.beside_policy / late.times)
    roster = read_roster(run.beside_policy / run.policy.roster) if run.policy.roster else ()
    graded = [(one, run.verdicts[one.key]) for one in run.submissions if one.key not in run.ungraded]
    run.grades = grades_of(graded, policy=run.policy, times=times, adjustments=adjustments, roster=roster)
    run.missing = absent(roster, run.submissions)
    run.remarks += [
        f'adjustments.toml: nobody of this class is "{name}"'
        for name in strangers(adjustments, run.submissions)
    ]
    run.remarks += [f"{key}: {fault}" for key, fault in run.ungraded.items()]


def compare(run: Run) -> None:
    """Look for submissions that resemble each other."""
    days = {exercise.day.folder for exercise in run.exercises}
    tree = run.root.solutions if run.root.solutions.is_dir() else run.root.pristine_stubs
    paths = [path for path in day_files(tree) if path.parts[0] in days]
    run.pairs = compare_class(
        run.submissions,
        stubs={path: pristine(run.root, path) for path in paths},
        references=_answers(run, paths),
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
    for grade in run.grades:
        results = results_of(grade, run.manifest, run.policy.hidden_visibility)
        write_results(run.out / "gradescope" / f"{grade.key}.json", results)
    _sweep(run.out / "gradescope", {f"{grade.key}.json" for grade in run.grades})


def write_reports(run: Run) -> None:
    """One page a student, and one for the instructor."""
    from vla_course.grading.reports.report import Pages  # Jinja comes with the extra `instructor`

    pages = Pages(run.manifest, run.policy)
    for grade in run.grades:
        write_atomically(run.out / "students" / f"{grade.key}.html", pages.of_student(grade))
    _sweep(run.out / "students", {f"{grade.key}.html" for grade in run.grades})
    write_atomically(run.out / "class.html", pages.of_class(run))


def _sweep(folder: Path, wanted: set[str]) -> None:
    """Remove the files of students who are no longer among the submissions."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted:
            path.unlink()


STEPS: tuple[Step, ...] = (
    Step("reading submissions", take_in),
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
    if weakness := choose_sandbox().does_not_hold:
        run.remarks.append(weakness)
    for step in steps:
        run.progress.step(step.title)
        step.do(run)
    return run
