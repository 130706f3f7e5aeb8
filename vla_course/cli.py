"""`vla-course`: the course in a shell."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vla_course import capstone_cli, evaluate_cli, flight_cli, robot_cli, serve_cli
from vla_course.robot_cli import console

if TYPE_CHECKING:
    from vla_course.course.root import CourseRoot
    from vla_course.course.verdict import Verdict

app = typer.Typer(
    help="A five-day workbook on vision-language-action systems for humanoid robots.",
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

ExerciseId = Annotated[str, typer.Argument(metavar="EXERCISE", help="The exercise's number, such as 3.5.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]


@app.command()
def check(
    exercise: Annotated[
        str | None, typer.Argument(metavar="[EXERCISE]", help="The exercise's number, such as 3.5.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Check every exercise.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check your answer to an exercise, or to all of them.

    Example: [bold]vla-course check 3.5[/]
    """
    from vla_course.course.errors import CourseError

    if every == (exercise is not None):
        raise CourseError("say which exercise (`vla-course check 3.5`) or `vla-course check --all`")
    if exercise is None:
        raise typer.Exit(_check_all(as_json))
    from vla_course.course.checking.checking import check
    from vla_course.course.showing.console import print_verdict

    verdict = check(exercise)
    if as_json:
        print(json.dumps(verdict.as_json()))
    else:
        print_verdict(verdict, console())
    raise typer.Exit(0 if verdict.correct else 1)


def _check_all(as_json: bool) -> int:
    from rich.progress import track

    from vla_course.course.checking.checking import check_all
    from vla_course.course.manifest import load_manifest
    from vla_course.course.root import CourseRoot

    root = CourseRoot.current()
    total = len(load_manifest(root).exercises)
    verdicts: list[Verdict] = list(
        track(check_all(root), "checking", total=total, console=console(stderr=True), transient=True)
    )
    points, out_of = sum(one.points for one in verdicts), sum(one.out_of for one in verdicts)
    if as_json:
        found = {"verdicts": [one.as_json() for one in verdicts], "points": points, "out_of": out_of}
        print(json.dumps(found))
    else:
        for one in verdicts:
            print(one)
        print(f"{points:g} of {out_of} points (unofficial)")
        for remark in dict.fromkeys(one.remark for one in verdicts if one.remark):
            print(remark)
    return 0 if all(one.correct for one in verdicts) else 1


@app.command()
def hint(
    exercise: ExerciseId,
    number: Annotated[int | None, typer.Option(help="This one, and not the next.")] = None,
) -> None:
    """Show the next hint for an exercise.

    Example: [bold]vla-course hint 3.5[/]
    """
    from vla_course.course.helping.hints import hint

    shown = hint(exercise, number)
    screen = console()
    screen.print(f"Hint {shown.number} of {shown.of} for {shown.exercise_id} {shown.title}", style="bold")
    screen.print(shown.text, markup=False)
    if shown.remark:
        further = f" For the next: vla-course hint {shown.exercise_id} --number {shown.number + 1}"
        screen.print(shown.remark + (further if shown.number < shown.of else ""), markup=False, style="yellow")


@app.command()
def solution(exercise: ExerciseId) -> None:
    """Show the reference answer to an exercise.

    Example: [bold]vla-course solution 3.5[/]
    """
    from rich.syntax import Syntax

    from vla_course.course.helping.answers import solution

    found = solution(exercise)
    console().print(Syntax(found.source, "python", background_color="default"))


@app.command()
def reset(
    target: Annotated[str, typer.Argument(metavar="EXERCISE", help="3.5, or a whole file such as zmp.py.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put the untouched stub back; your version is kept in .vla_course/backups.

    Example: [bold]vla-course reset 3.5 --yes[/]
    """
    from vla_course.course.helping.restoring import reset

    if not yes:
        typer.confirm(f"Put back the untouched stub of {target}? Your version is kept.", abort=True)
    print(reset(target))


@app.command()
def progress(as_json: AsJson = False) -> None:
    """Show where you stand, by day.

    Example: [bold]vla-course progress[/]
    """
    from vla_course.course.helping.progress import progress

    found = progress()
    if as_json:
        print(json.dumps(found.as_json()))
        return
    from vla_course.course.showing.console import print_progress

    print_progress(found, console())


@app.command()
def release(
    stubs: Annotated[
        bool, typer.Option("--stubs", help="Write vla_course/exercises from solutions.")
    ] = False,
    compare: Annotated[bool, typer.Option("--check", help="Write nothing; fail if they differ.")] = False,
    student: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the student edition.", file_okay=False)
    ] = None,
    classroom: Annotated[
        bool, typer.Option("--classroom", help="With --student: as a GitHub Classroom template.")
    ] = False,
    gradescope: Annotated[
        Path | None, typer.Option(metavar="ZIP", help="Write the autograder for Gradescope.", dir_okay=False)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="With --gradescope: the secret seed.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --stubs: do not ask before answers make way.")] = False,
) -> None:
    """Generate what students get from the solutions, and what Gradescope grades with.

    Example: [bold]vla-course release --student build/student[/]
    """
    from vla_course.course.errors import CourseError
    from vla_course.course.root import CourseRoot

    root = CourseRoot.current()
    if not root.solutions.is_dir():
        raise CourseError("this edition of the course holds no solutions to release from")
    if not (stubs or student or gradescope):
        raise CourseError(
            "say what to release: `vla-course release --stubs`, `--student DIR` or `--gradescope ZIP`"
        )
    if student:
        from vla_course.course.edition.student_edition import print_edition, write_student_edition
        from vla_course.course.manifest import load_manifest
        from vla_course.grading.pipeline.classroom import classroom_files

        extra = classroom_files(load_manifest(root)) if classroom else {}
        print_edition(write_student_edition(root, student, extra=extra))
    if gradescope:
        from vla_course.grading.pipeline.gradescope import release_bundle

        print(release_bundle(root, gradescope, seed))
    if stubs:
        raise typer.Exit(_release_stubs(root, only_compare=compare, yes=yes))


def _release_stubs(root: CourseRoot, *, only_compare: bool, yes: bool) -> int:
    from vla_course.course.source.leaks import ADVICE, find_leaks
    from vla_course.course.source.stubs import compare, write_stubs

    compared = compare(root)
    drift = list(compared.drift)
    if only_compare:
        which = "all other stubs" if compared.own else "the stubs"
        print("\n".join(drift) or f"{which} are what the solutions give")
        if compared.own:
            print(f"not compared, because your own work is in them: {', '.join(compared.own)}")
        if drift:
            print("`make stubs` writes them anew")
    else:
        if compared.own and not yes:
            print(f"Your own work is in {', '.join(compared.own)}.")
            typer.confirm("Put the untouched stubs in place? Yours are kept in .vla_course/backups.", abort=True)
        drift = []
        print("\n".join(f"wrote {path}" for path in write_stubs(root)) or "the stubs were up to date")
        if compared.own:
            print("Your own versions are in .vla_course/backups.")
    leaks = find_leaks(root)
    for leak in leaks:
        print(leak)
    if leaks:
        print(f"students would read these lines: {ADVICE}")
    return 1 if drift or leaks else 0


@app.command()
def submit(
    out: Annotated[Path, typer.Option(help="Where the zip goes.", dir_okay=False)] = Path("submission.zip"),
    checked: Annotated[
        bool, typer.Option("--check/--no-check", help="Run the shown tests and put the score in.")
    ] = True,
) -> None:
    """Pack your answers into one zip to hand in.

    Example: [bold]vla-course submit --out jane-doe.zip[/]
    """
    from vla_course.course.root import CourseRoot
    from vla_course.grading.intake.submit import pack, print_packed

    root = CourseRoot.current()
    print_packed(pack(root, out, checked=checked, progress=_checking), root)


def _checking(verdicts: Iterator[Verdict], total: int) -> Iterable[Verdict]:
    from rich.progress import track

    return track(verdicts, "checking", total=total, console=console(stderr=True), transient=True)


@app.command()
def grade(
    submissions: Annotated[
        Path, typer.Argument(help="A folder of zips, folders or clones; or a single one of these.")
    ],
    out: Annotated[Path, typer.Option(help="Where marks and reports go.", file_okay=False)],
    policy: Annotated[
        Path | None, typer.Option(help="The rules of the class (TOML): deadline, roster, groups.", dir_okay=False)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The secret seed of the inputs; unset, one is drawn and kept in OUT.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many submissions at once; unset, one a core.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on this Dask cluster (tcp://host:8786).")
    ] = None,
    require_sandbox: Annotated[
        bool, typer.Option("--require-sandbox", help="Refuse to grade where bubblewrap does not work.")
    ] = False,
) -> None:
    """Grade a class: marks, files for Canvas, Moodle and Gradescope, and reports.

    Run it again to go on after an interruption, or to grade only what has changed.

    Example: [bold]vla-course grade submissions/ --out graded/ --policy policy.toml[/]
    """
    from vla_course.course.errors import CourseError

    try:
        from vla_course.grading.pipeline.shell import grade_from_shell
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("vla_course"):
            raise CourseError("this is the student edition: classes are graded in the instructor's") from None
        raise CourseError(
            f'grading needs {missing.name}: pip install "vla-course[instructor]" (`make setup` does it)'
        ) from None
    code = grade_from_shell(
        submissions,
        out,
        policy=policy,
        seed=seed,
        workers=workers,
        scheduler=scheduler,
        require_sandbox=require_sandbox,
        console=console(),
    )
    raise typer.Exit(code)


@app.command()
def gate(
    exercise: Annotated[
        str | None, typer.Argument(metavar="[EXERCISE]", help="Only this exercise, such as 3.5.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Under how many seeds each answer is graded.")] = 10,
) -> None:
    """Grade the graders: stubs, references, named wrong answers, right ones in another hand.

    Example: [bold]vla-course gate 3.5 --seeds 2[/]
    """
    import importlib.util
    import subprocess

    from vla_course.course.errors import CourseError
    from vla_course.course.manifest import load_manifest
    from vla_course.course.root import CourseRoot

    root = CourseRoot.current()
    if not (root.graded / "test_gate.py").exists():
        raise CourseError("the gate is not part of this edition of the course")
    # Named below its folder: pytest would take a [ in that one's name for its own.
    tests = "tests/graded/test_gate.py"
    command = [sys.executable, "-m", "pytest", tests, f"--gate-seeds={seeds}", "-q"]
    if exercise is not None:
        only = load_manifest(root).exercise(exercise).id
        command += ["-k", f"[{only}] or [{only}-"]
    elif importlib.util.find_spec("xdist"):
        command += ["-n", "2"]
    raise typer.Exit(subprocess.run(command, cwd=root.folder).returncode)


for command in (
    *(robot_cli.demo, robot_cli.run, robot_cli.collect, robot_cli.train),
    evaluate_cli.evaluate,
    *(serve_cli.serve, serve_cli.drive),
    flight_cli.flight,
    capstone_cli.capstone,
):
    app.command()(command)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say in one screen what is installed and what works here.

    Example: [bold]vla-course doctor[/]
    """
    from vla_course.doctor import report

    raise typer.Exit(report(console(), as_json))


REFUSED = (errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM)
"""why an operating system does not write a file: for people to put right, and no fault of the course"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; whatever was typed wrong gets one line that says what to type."""
    from vla_course.course.errors import CourseError
    from vla_course.course.showing.plain import say_it_anyhow

    say_it_anyhow()
    typed = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(args=typed or ["--help"], prog_name="vla-course", standalone_mode=False)
    except CourseError as fault:
        return _complain(str(fault))
    except typer.Abort:
        return _complain("nothing was changed")
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        if fault.errno not in REFUSED:
            raise
        return _complain(f"{fault.filename or 'a file'}: {fault.strerror}")
    except Exception as fault:
        if not hasattr(fault, "format_message"):  # typer's own errors about usage have it
            raise
        command = getattr(getattr(fault, "ctx", None), "command_path", "vla-course")
        return _complain(f"{fault.format_message()} Type `{command} --help` to see what there is.")
    return code if isinstance(code, int) else 0


def _complain(line: str) -> int:
    print(f"vla-course: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
