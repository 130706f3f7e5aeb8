"""`vla-course grade`: from a folder of submissions to marks, files for the platforms, and reports; step by step.

Each step reads what the earlier ones left in the `Run` and adds its own part. To leave a step out, or to put one
in, is to change the list `STEPS`.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

import vla_course
from vla_course.course.keeping import write_atomically
from vla_course.course.manifest import Exercise, Manifest, load_manifest
from vla_course.course.restoring import pristine
from vla_course.course.root import CourseRoot
from vla_course.course.source import read_source
from vla_course.course.stubs import day_files
from vla_course.course.variants import put_in_place, read_variants
from vla_course.grading.gradebook import Grade, absent, grades_of, strangers, write_csv_files
from vla_course.grading.gradescope import results_of, write_results
from vla_course.grading.intake import Submission, collect, read_submission
from vla_course.grading.pipeline_state import State, fingerprint, key_of, seed_of
from vla_course.grading.policy import (
    ADJUSTMENTS,
    Person,
    Policy,
    read_adjustments,
    read_policy,
    read_roster,
    read_times,
)
from vla_course.grading.sandbox import Sandbox, choose_sandbox
from vla_course.grading.scheduler import GRADER, Backend, Task, on_cluster, on_this_machine
from vla_course.grading.similarity import Pair, compare_class
from vla_course.grading.submit import release_of
from vla_course.grading.verdicts import ExerciseVerdict, SubmissionVerdict

if TYPE_CHECKING:
    from rich.console import Console

SECONDS_FOR_THE_GRADER = 60.0  # to start and to end, beside what the exercises may take
SLACK = 4.0  # an exercise's budget counts so often: shown, hidden and integration tests, on a busy machine


class Progress(Protocol):
    """Told how far a step is."""

    def step(self, title: str) -> None: ...
    def total(self, total: int, done: int) -> None: ...
    def advance(self, what: str) -> None: ...


class Silent:
    """Tells nobody."""

    def step(self, title: str) -> None: ...
    def total(self, total: int, done: int) -> None: ...
    def advance(self, what: str) -> None: ...


@dataclass
class Run:
    """One grading of a class: what was asked, and what the steps have found so far."""

    place: Path
    out: Path
    root: CourseRoot
    manifest: Manifest
    policy: Policy
    policy_path: Path | None
    seed: int
    level: str
    backend: Backend
    grader: str = GRADER
    progress: Progress = field(default_factory=Silent)
    submissions: list[Submission] = field(default_factory=list)
    verdicts: dict[str, SubmissionVerdict] = field(default_factory=dict)
    """by the student's key"""
    fresh: int = 0
    """how many were graded now; the others were kept from earlier runs"""
    ungraded: dict[str, str] = field(default_factory=dict)
    """students whose grader failed, and how: they have no marks, which is not the same as none earned"""
    grades: list[Grade] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """for whoever runs it: things that are odd and stop nothing"""

    @property
    def state(self) -> State:
        return State(self.out / "state")

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those that count."""
        chosen = self.policy.exercises
        return tuple(one for one in self.manifest.exercises if not chosen or one.id in chosen)

    @property
    def beside_policy(self) -> Path:
        """Where files that the policy names are."""
        return self.policy_path.parent if self.policy_path else Path.cwd()


@dataclass(frozen=True)
class Step:
    title: str
    do: Callable[[Run], None]


def take_in(run: Run) -> None:
    """Read what was handed in, and the rules that it is judged by."""
    run.submissions = collect(run.place, run.manifest, release_of(run.root))


def grade(run: Run) -> None:
    """Grade what has changed since it was last graded; a verdict is kept as soon as it is there."""
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
            run.ungraded |= {one.key: f"not graded, the grader failed: {done.fault}" for one in students}
        else:
            run.state.keep(done.key, done.verdict)
            run.verdicts |= {one.key: done.verdict for one in students}
            run.fresh += len(students)
        run.progress.advance(students[0].name)


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


def nothing_to_grade(run: Run, notes: Sequence[str]) -> SubmissionVerdict:
    """The verdict on a submission that holds no exercise: no points, and why."""
    why = "; ".join(notes) or "nothing was handed in"
    exercises = tuple(
        ExerciseVerdict(one.id, one.title, "does not load", 0.0, one.points, (), message=why)
        for one in run.exercises
    )
    out_of = sum(one.points for one in run.exercises)
    return SubmissionVerdict("", exercises, 0.0, out_of, run.seed, vla_course.__version__, run.level, 0.0)


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
        f'adjustments.toml: nobody of this class is "{name}"' for name in strangers(adjustments, run.submissions)
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
    for exercise in run.manifest.exercises:  # those too that do not count: their answers are in the same files
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
    from vla_course.grading.report import Pages  # Jinja comes with the extra `instructor`

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
    Step("grading", grade),
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
    for step in steps:
        run.progress.step(step.title)
        step.do(run)
    return run


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
    submission = read_submission(place, manifest, release_of(root))
    with tempfile.TemporaryDirectory(prefix="vla-submission-") as scratch:
        folder = submission.write(Path(scratch, "submission"))
        return submission, grade(folder, seed=seed_of(submission, seed), sandbox=choose_sandbox(), root=root)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error: the step, how many are graded, and whose was the last."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with RichProgress(
        *columns, TextColumn("{task.fields[last]}", markup=False), console=Console(stderr=True)
    ) as bars:

        class Bars:
            task = bars.add_task("", total=None, last="")

            def step(self, title: str) -> None:
                bars.update(self.task, description=title, last="")

            def total(self, total: int, done: int) -> None:
                bars.update(self.task, total=total, completed=done)

            def advance(self, what: str) -> None:
                bars.update(self.task, advance=1, last=what)

        yield Bars()


def grade_from_shell(
    place: Path,
    out: Path,
    *,
    policy: Path | None,
    seed: int | None,
    workers: int | None,
    scheduler: str | None,
    require_sandbox: bool,
    console: Console,
) -> int:
    """What `vla-course grade` does: grade with a progress bar, say what there is; 1 where a grader failed."""
    backend = on_cluster(scheduler) if scheduler else on_this_machine(workers or os.cpu_count() or 1)
    with progress_bar() as progress:
        run = grade_class(
            place,
            out,
            root=CourseRoot.current(),
            policy=policy,
            seed=seed,
            require_sandbox=require_sandbox,
            backend=backend,
            progress=progress,
        )
    for remark in run.remarks:
        console.print(f"note: {remark}", markup=False, style="yellow", soft_wrap=True)
    kept = len(run.verdicts) - run.fresh
    late = sum(grade.late.days > 0 for grade in run.grades)
    odd = sum(bool(grade.notes) for grade in run.grades)
    console.print(
        f"{len(run.submissions)} submissions: {run.fresh} graded now, {kept} as before, {len(run.ungraded)} failed; "
        f"{late} late, {odd} with remarks, {len(run.missing)} missing, {len(run.pairs)} pairs to look at",
        markup=False,
        soft_wrap=True,
    )
    for name, what in (
        ("class.html", "the class: distribution, hard exercises, mistakes, similarity"),
        ("students/", "one report a student"),
        ("grades.csv", "all marks; canvas.csv and moodle.csv to import"),
        ("gradescope/", "one results.json a student"),
        ("adjustments.toml", "write changes by hand here, then grade again"),
    ):
        console.print(f"  {out / name}  {what}", markup=False, soft_wrap=True)
    if run.ungraded:
        console.print("some have no marks yet: the same command tries those again", style="bold red")
    return 1 if run.ungraded else 0
