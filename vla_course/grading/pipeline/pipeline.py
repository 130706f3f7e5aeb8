"""`vla-course grade`: from a folder of submissions to marks, files for the platforms, and reports; step by step.

Each step reads what the earlier ones left in the `Run` and adds its own part. To leave a step out, or to put one
in, is to change the list `STEPS`.
"""

from __future__ import annotations

import datetime
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
from vla_course.grading.class_run.anonymous import masked, still_named, write_the_way_back
from vla_course.grading.class_run.history import keep_history
from vla_course.grading.class_run.run import Progress, Run, Silent, Step
from vla_course.grading.class_run.scheduler import GRADER, Backend, on_this_machine
from vla_course.grading.class_run.similarity import compare_class
from vla_course.grading.class_run.state import State
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submit import release_of
from vla_course.grading.marks.adjustments import TEMPLATE, read_adjustments
from vla_course.grading.marks.canvas import read_gradebook
from vla_course.grading.marks.gradebook import Grade, beyond_bounds, grades_of
from vla_course.grading.marks.groups import one_of_each_group, read_groups, share_out
from vla_course.grading.marks.meant import alias_of, with_alias
from vla_course.grading.marks.policy import read_policy, read_roster, read_times
from vla_course.grading.marks.rubric import ids_of, prepare_sheets, read_rubric, read_sheets
from vla_course.grading.marks.rules import Rules, resolve
from vla_course.grading.marks.tables import ClassMarks, write_for_platforms, write_tables
from vla_course.grading.pipeline.gradescope import results_of, write_results
from vla_course.grading.pipeline.grading import grade_what_changed, look_in_cells
from vla_course.grading.reports.feedback import write_feedback
from vla_course.grading.reports.items import write_items
from vla_course.grading.worker.sandbox import choose_sandbox

NO_PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""why nothing at all can be written where the marks go"""


def read_tables(run: Run) -> None:
    """Read the tables that the policy names: a slip is told before an hour of grading, not after."""
    policy, beside = run.policy, run.beside_policy
    if policy.gradebook:
        run.gradebook = read_gradebook(beside / policy.gradebook, policy.assignment)
        run.roster = run.gradebook.people()
    if policy.roster:
        run.roster = read_roster(beside / policy.roster)
    if policy.rubric:
        run.questions = read_rubric(beside / policy.rubric, run.manifest)


def take_in(run: Run) -> None:
    """Read what was handed in, by whom and for whom."""
    counting = [exercise.id for exercise in run.exercises]
    found = collect(run.place, run.manifest, release_of(run.root), counting=counting, say=run.remarks.append)
    taken = run.policy.notebooks == "taken"
    looked = [look_in_cells(one, run.root, run.exercises, taken=taken) for one in found]
    groups = read_groups(run.beside_policy / run.policy.groups) if run.policy.groups else ()
    shared = share_out(looked, groups, run.roster, run.remarks.append)
    run.submissions = [with_alias(one, run.seed) for one in shared]


def read_rules(run: Run) -> None:
    """Read what the instructor wrote, and find out whom it means."""
    place = run.out / "adjustments.toml"
    if not place.exists():
        write_atomically(place, TEMPLATE)
    times = run.policy.late.times
    run.rules = resolve(
        run.submissions,
        policy=run.policy,
        times=() if times in ("names", "files") else read_times(run.beside_policy / times),
        adjustments=read_adjustments(place, run.manifest, ids_of(run.questions)),
        roster=run.roster,
        questions=ids_of(run.questions),
    )
    if run.questions:
        sheets = run.out / "marking"
        prepare_sheets(sheets, run.questions, run.submissions, names=not run.policy.anonymous)
        run.rules.written, remarks = read_sheets(sheets, run.questions, run.submissions)
        run.rules.remarks += remarks
    run.remarks += run.rules.remarks


def apply_policy(run: Run) -> None:
    """Lateness, extensions, marks and adjustments by hand, and who is missing."""
    rules = run.rules or Rules(run.policy)
    graded = [(one, run.verdicts[one.key]) for one in run.submissions if one.key not in run.ungraded]
    run.grades = grades_of(graded, rules)
    run.missing = rules.absent
    run.remarks += beyond_bounds(run.grades)
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
        one_of_each_group(run.submissions),
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


def hide_names(run: Run) -> None:
    """Put keys in place of names where marking is anonymous, and write down which is whose."""
    if run.policy.anonymous:
        write_the_way_back(run.state.folder / "names.csv", run)
        run.remarks += still_named(run)
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
    shown = as_shown(run)

    def write(grade: Grade) -> None:
        results = results_of(grade, run.manifest, run.policy.hidden_visibility)
        write_results(run.out / "gradescope" / f"{grade.key}.json", results)

    _for_each(shown, "Gradescope results", write)
    _sweep(run.out / "gradescope", {f"{grade.key}.json" for grade in shown.grades})


def write_reports(run: Run) -> None:
    """One page a student, the same in a zip for each platform, and one page for the instructor."""
    from vla_course.grading.reports.report import Pages  # Jinja comes with the extra `instructor`

    pages = Pages(run.manifest, run.policy)
    shown = as_shown(run)

    def page_of(grade: Grade) -> str:
        try:
            return pages.of_student(grade, shown.changes)
        except Exception as fault:
            shown.remarks.append(
                f"{grade.key}: the report could not be made in full: {type(fault).__name__}: {fault}"
            )
            return pages.of_marks_alone(grade)

    def write(grade: Grade) -> None:
        write_atomically(run.out / "students" / f"{grade.key}.html", page_of(grade))

    _for_each(shown, "the report", write)
    _sweep(run.out / "students", {f"{grade.key}.html" for grade in shown.grades})
    shown.remarks += write_feedback(run.out, [] if run.policy.anonymous else run.grades, page_of)
    try:
        page = pages.of_class(shown)
    except Exception as fault:  # what students wrote stands on it only where pairs are shown
        shown.remarks.append(f"the similar pairs cannot be shown: {type(fault).__name__}: {fault}")
        page = pages.of_class(replace(shown, pairs=[]))
    write_atomically(run.out / "class.html", page)


def as_shown(run: Run) -> Run:
    """The run as markers may see it."""
    return run.shown or run


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
    Step("reading tables", read_tables),
    Step("reading submissions", take_in),
    Step("reading the rules", read_rules),
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
    if weakness := choose_sandbox().does_not_hold:
        run.remarks.append(weakness)
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
