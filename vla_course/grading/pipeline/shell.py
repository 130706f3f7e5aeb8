"""`vla-course grade` in a shell: a progress bar, and what there is to say at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vla_course.course.root import CourseRoot
from vla_course.grading.class_run.run import Progress
from vla_course.grading.class_run.scheduler import on_cluster, on_this_machine
from vla_course.grading.pipeline.pipeline import as_shown, grade_class
from vla_course.grading.reports.feedback import CANVAS, MOODLE
from vla_course.machine import cores

if TYPE_CHECKING:
    from rich.console import Console


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
    backend = on_cluster(scheduler) if scheduler else on_this_machine(workers or cores())
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
    for remark in as_shown(run).remarks:
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
    imported = "names are hidden" if run.policy.anonymous else "canvas.csv and moodle.csv to import"
    for name, what in (
        ("class.html", "the class: distribution, hard exercises, mistakes, changes, similarity"),
        ("students/", "one report a student"),
        (CANVAS, "the same, to be uploaded to Canvas"),
        (MOODLE, "the same, to be uploaded to Moodle"),
        ("grades.csv", f"all marks; {imported}; tests.csv and items.csv, each test"),
        ("marking/", "sheets for those who mark, then grade again"),
        ("gradescope/", "one results.json a student"),
        ("adjustments.toml", "write changes by hand here, then grade again; history.csv keeps them"),
    ):
        if (out / name).exists():
            console.print(f"  {out / name}  {what}", markup=False, soft_wrap=True)
    if run.ungraded:
        console.print("some have no marks yet: the same command tries those again", style="bold red")
    return 1 if run.ungraded else 0
