"""What the shell shows of the course, through rich."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from vla_course.course.helping.progress import Progress
from vla_course.course.verdict import UNOFFICIAL, Property, Verdict, with_unit

COLOURS = {
    "correct": "green",
    "partly": "yellow",
    "too busy": "yellow",
    "not attempted": "cyan",
    "not checked": "bright_black",
}


def print_verdict(verdict: Verdict, console: Console | None = None) -> None:
    console = console or Console(highlight=False)
    colour = COLOURS.get(verdict.status, "red")
    points = f"{verdict.points:g} of {verdict.out_of} points"
    console.print(
        f"[bold]{verdict.id} {escape(verdict.title)}[/]  [{colour}]{verdict.status}[/], {points} (unofficial)"
    )
    if verdict.message:
        console.print(f"  {escape(verdict.message)}")
    for part in verdict.properties:
        _print_property(part, verdict.share(part), console)
    if verdict.output.strip() and not verdict.correct:
        console.print("  your code printed:", style="bright_black")
        console.print(Text("\n".join(f"    {line}" for line in verdict.output.strip().splitlines()[-10:])))
    if verdict.hint and verdict.hint.mistake:
        console.print(f"  This looks familiar: {escape(verdict.hint.text)}")
    elif verdict.hint:
        console.print(f"  Stuck? vla-course hint {verdict.id}", style="bright_black")
    console.print(f"  {UNOFFICIAL}", style="bright_black")
    if verdict.remark:
        console.print(f"  {escape(verdict.remark)}", style="yellow")


def _print_property(part: Property, share: int, console: Console) -> None:
    tick = "[green]✓[/]" if part.passed else "[red]✗[/]"
    console.print(f"  {tick} {escape(part.says)} ({share} %)")
    if part.passed:
        return
    if part.message:
        console.print(f"      {escape(part.message)}")
    for label, value in (("expected", part.expected), ("got", part.got)):
        if value:
            console.print(f"      {label:<9}{escape(with_unit(value, part.unit))}")


def print_progress(progress: Progress, console: Console) -> None:
    for day in progress.days:
        table = Table(title=f"Day {day.day.number}: {escape(day.day.title)}", title_justify="left", box=None)
        table.add_column("exercise")
        table.add_column("")
        table.add_column("points", justify="right")
        table.add_column("last check")
        for one in day.exercises:
            bar = ProgressBar(total=one.exercise.points, completed=one.points, width=12)
            edited = ", edited since" if one.edited else ""
            status = f"[{COLOURS.get(one.status, 'red')}]{one.status}[/]{edited}"
            name = f"{one.exercise.id} {escape(one.exercise.title)}{' ◆' if one.exercise.core else ''}"
            table.add_row(name, bar, f"{one.points:g}/{one.exercise.points}", status)
        console.print(table)
        path = ", ◆ core path" if any(one.exercise.core for one in day.exercises) else ""
        console.print(f"  {day.points:g} of {day.out_of} points{path}\n")
    console.print(f"[bold]{progress}[/]")
