"""`vla-course capstone`: one assessment of the whole robot, on the student's own code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vla_course.robot_cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vla_course.capstone.judging.told import Assessment

PAGE = "capstone.html"
VERDICT = "capstone.json"


def capstone(
    quick: Annotated[bool, typer.Option("--quick", help="Few scenes: under a minute.")] = False,
    seed: Annotated[int, typer.Option(help="Of the scenes.")] = 0,
    reference: Annotated[
        bool, typer.Option("--reference", help="Assess the reference instead of your code.")
    ] = False,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="With --reference: keep its numbers as what others are held against (authors)."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where page, verdict and films go; unset, build/capstone."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Assess your whole robot: balance, walking, hands, plans, streaming, eyes, and tasks from language.

    Your functions run wherever you have written one, the reference's everywhere else; points are for what is yours.
    The page has points, curves and films, and is one file. About five minutes on two cores. Whose answers run is
    said by VLA_COURSE_EXERCISES, as everywhere.

    Example: [bold]vla-course capstone --quick --out build/mine[/]
    """
    from vla_course.course.errors import CourseError

    if seed < 0:
        raise CourseError(f"--seed is {seed}, expected 0 or more")
    if keep and not reference:
        raise CourseError("--keep keeps what the reference reaches: say --reference --keep")
    from rich.progress import Progress

    from vla_course.capstone.assessment import assess
    from vla_course.capstone.judging.kept import Reference, keep_reference
    from vla_course.capstone.report.page import write_page
    from vla_course.course.root import CourseRoot

    root = CourseRoot.current()
    folder = out or root.folder / "build" / "capstone"
    try:
        (folder / "films").mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise CourseError(f"--out is {folder}, expected a folder that can be written: {why}") from None
    with Progress(transient=True, console=console(stderr=True)) as bar:
        task = bar.add_task("the capstone", total=None)
        told = assess(
            root,
            folder / "films",
            seed,
            quick,
            reference,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    write_page(folder / PAGE, told)
    verdict = json.dumps(told.as_json(), indent=1)
    (folder / VERDICT).write_text(verdict + "\n", encoding="utf-8")
    if keep:
        faults = [f"{one.station.name}: {one.measured.fault}" for one in told.results if one.measured.fault]
        if faults:
            raise CourseError(f"not kept: the reference broke down ({'; '.join(faults)})")
        stations = {one.station.name: one.measured for one in told.results}
        keep_reference(root, seed, quick, Reference(stations, told.commit))
    if as_json:
        print(verdict)
        return
    for line in lines(told):
        print(line)
    print(f"The page: {root.shorten(folder / PAGE)}")


def lines(told: Assessment) -> Iterator[str]:
    """Yield what a terminal is told, station by station."""
    own = sum(one.own for one in told.whose)
    if not told.of_reference:
        yield f"{own} of the {len(told.whose)} exercises at work are yours; the reference's stand in for the others"
    for result in told.results:
        reached = sum(one.reached for one in result.judged)
        line = f"{result.station.name:9}{result.points:5g} of {result.station.points:2}"
        line += f"   {reached} of {len(result.judged)} bars reached"
        if not any(one.own for one in result.whose):
            line += ", by the reference"
        yield line
        if result.measured.fault:
            yield f"          broke down: {result.measured.fault}"
    yield f"{'together':9}{told.points:5g} of {told.out_of:2} points (unofficial)"
