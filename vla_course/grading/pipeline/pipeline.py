"""`vla-course grade`: from a folder of submissions to marks, files for the platforms, and reports; step by step.

Each step reads what the earlier ones left in the `Run` and adds its own part. To leave a step out, or to put one
in, is to change the list `STEPS`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.course.source.source import read_source
from vla_course.course.source.stubs import day_files
from vla_course.course.source.variants import put_in_place, read_variants
from vla_course.grading.class_run.adjustments import TEMPLATE, read_adjustments
from vla_course.grading.class_run.anonymous import masked, write_the_way_back
from vla_course.grading.class_run.canvas import read_gradebook
from vla_course.grading.class_run.gradebook import absent, beyond_bounds, grades_of, strangers
from vla_course.grading.class_run.groups import read_groups
from vla_course.grading.class_run.history import keep_history
from vla_course.grading.class_run.policy import (
    alias_of,
    excused,
    read_policy,
    read_roster,
    read_times,
    with_alias,
)
from vla_course.grading.class_run.rubric import WrittenMark, ids_of, prepare_sheets, read_rubric, read_sheets
from vla_course.grading.class_run.run import Progress, Run, Silent, Step
from vla_course.grading.class_run.scheduler import GRADER, Backend, on_this_machine
from vla_course.grading.class_run.similarity import compare_class
from vla_course.grading.class_run.state import State
from vla_course.grading.class_run.tables import ClassMarks, write_for_platforms, write_tables
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submit import release_of
from vla_course.grading.pipeline.gradescope import results_of, write_results
from vla_course.grading.pipeline.grading import grade_what_changed, look_in_cells
from vla_course.grading.reports.feedback import write_feedback
from vla_course.grading.reports.items import write_items
from vla_course.grading.worker.sandbox import choose_sandbox


def read_rules(run: Run) -> None:
    """Read all that people wrote down: what is wrong there is told before an hour of grading, not after."""
    policy, beside = run.policy, run.beside_policy
    if policy.gradebook:
        run.gradebook = read_gradebook(beside / policy.gradebook, policy.assignment)
        run.roster = run.gradebook.people()
    if policy.roster:
        run.roster = read_roster(beside / policy.roster)
    if policy.groups:
        run.groups = read_groups(beside / policy.groups)
    if policy.rubric:
        run.questions = read_rubric(beside / policy.rubric, run.manifest)
    if policy.late.times not in ("names", "files"):
        run.times = read_times(beside / policy.late.times)
    place = run.out / "adjustments.toml"
    if not place.exists():
        write_atomically(place, TEMPLATE)
    read_adjustments(place, run.manifest, ids_of(run.questions))


def take_in(run: Run) -> None:
    """Read what was handed in."""
    counted = [exercise.id for exercise in run.exercises]
    taken = run.policy.notebooks == "taken"
    run.submissions = [
        with_alias(look_in_cells(one, run.root, run.exercises, taken=taken), run.seed)
        for one in collect(run.place, run.manifest, release_of(run.root), counted)
    ]


def apply_policy(run: Run) -> None:
    """Lateness, extensions, groups, marks and adjustments by hand, and who is missing."""
    policy = run.policy
    adjustments = read_adjustments(run.out / "adjustments.toml", run.manifest, ids_of(run.questions))
    written: dict[str, list[WrittenMark]] = {}
    if run.questions:
        sheets = run.out / "marking"
        people = {one.alias if policy.anonymous else one.key: one for one in run.submissions}
        prepare_sheets(sheets, run.questions, people, names=not policy.anonymous)
        written, remarks = read_sheets(sheets, run.questions, run.submissions)
        run.remarks += remarks
    run.grades = grades_of(
        [(one, run.verdicts[one.key]) for one in run.submissions if one.key not in run.ungraded],
        policy=policy,
        times=run.times,
        adjustments=adjustments,
        roster=run.roster,
        groups=run.groups,
        written=written,
        seed=run.seed,
    )
    run.missing = [excused(person, policy) for person in absent(run.roster, run.submissions, run.groups)]
    handed_in = [grade.submission for grade in run.grades] + run.submissions
    run.remarks += [
        f'adjustments.toml: nobody of this class is "{name}"'
        for name in strangers([one.student for one in adjustments], [*handed_in, *run.groups])
    ]
    run.remarks += [
        f'excused: nobody of this class is "{name}"'
        for name in strangers(list(policy.excused), [*handed_in, *run.roster])
    ]
    run.remarks += beyond_bounds(run.grades)
    run.remarks += [
        f"{group.name} of {policy.groups}: nobody has handed anything in"
        for group in run.groups
        if not any(group.handed_in(one) for one in run.submissions)
    ]
    run.remarks += [f"{key}: {fault}" for key, fault in run.ungraded.items()]


def keep_changes(run: Run) -> None:
    """Add to `history.csv` whatever has changed since the last run."""
    now = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC"
    shown = (lambda key: alias_of(run.seed, key)) if run.policy.anonymous else str
    run.changes, remarks = keep_history(run.out, run.grades, now, shown)
    run.remarks += remarks


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


def hide_names(run: Run) -> None:
    """Put keys in place of names where marking is anonymous, and write down which is whose."""
    if run.policy.anonymous:
        write_the_way_back(run.state.folder / "names.csv", run)
    run.shown = masked(run) if run.policy.anonymous else run


def write_gradebook(run: Run) -> None:
    """`grades.csv`, `tests.csv`, `items.csv`, and for the platforms `canvas.csv` and `moodle.csv`."""
    write_tables(run.out, _marks(as_shown(run)))
    write_items(run.out / "items.csv", run.grades)
    if run.policy.anonymous:
        for name in ("canvas.csv", "moodle.csv"):  # they need names
            (run.out / name).unlink(missing_ok=True)
    else:
        run.remarks += write_for_platforms(run.out, _marks(run), run.gradebook)


def _marks(run: Run) -> ClassMarks:
    return ClassMarks(run.grades, run.missing, run.ungraded, run.exercises, run.questions, run.policy)


def write_gradescope(run: Run) -> None:
    """One `results.json` a student."""
    grades = as_shown(run).grades
    for grade in grades:
        results = results_of(grade, run.manifest, run.policy.hidden_visibility)
        write_results(run.out / "gradescope" / f"{grade.key}.json", results)
    _sweep(run.out / "gradescope", {f"{grade.key}.json" for grade in grades})


def write_reports(run: Run) -> None:
    """One page a student, the same in a zip for each platform, and one for the instructor."""
    from vla_course.grading.reports.report import Pages  # Jinja comes with the extra `instructor`

    pages = Pages(run.manifest, run.policy)
    shown = as_shown(run)
    for grade in shown.grades:
        write_atomically(run.out / "students" / f"{grade.key}.html", pages.of_student(grade, shown.changes))
    _sweep(run.out / "students", {f"{grade.key}.html" for grade in shown.grades})
    named = [] if run.policy.anonymous else run.grades
    run.remarks += write_feedback(run.out, named, lambda grade: pages.of_student(grade, run.changes))
    write_atomically(run.out / "class.html", pages.of_class(shown))


def as_shown(run: Run) -> Run:
    """The run as who marks may see it."""
    return run.shown or run


def _sweep(folder: Path, wanted: set[str]) -> None:
    """Remove the files of students who are no longer among the submissions."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted:
            path.unlink()


STEPS: tuple[Step, ...] = (
    Step("reading the rules", read_rules),
    Step("reading submissions", take_in),
    Step("grading", grade_what_changed),
    Step("applying the policy", apply_policy),
    Step("keeping the history", keep_changes),
    Step("comparing", compare),
    Step("hiding names", hide_names),
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
    for step in steps:
        run.progress.step(step.title)
        step.do(run)
    return run
