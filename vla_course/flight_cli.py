"""`vla-course flight`: what a flight recording holds, on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vla_course.robot_cli import console

if TYPE_CHECKING:
    from vla_course.deployment.recorder.flight import Flight


def flight(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="A recording, or the folder of a recorder that was killed.")
    ],
) -> None:
    """Say what a flight recording holds: topics, rates, events. Foxglove opens the same file.

    Example: [bold]vla-course flight data/flights/flight_1.mcap[/]
    """
    from vla_course.course.errors import CourseError
    from vla_course.deployment.recorder.flight import read_flight

    try:
        _show(read_flight(path))
    except FileNotFoundError:
        raise CourseError(f"there is no {path}") from None
    except (OSError, ValueError) as why:
        raise CourseError(str(why)) from None


def _show(found: Flight) -> None:
    from rich.table import Table

    screen = console()
    screen.print(
        f"{found.name}: {found.ends - found.begins:.1f} s, from {found.begins:.2f} s on the robot's clock"
    )
    if found.remark:
        screen.print(f"[yellow]{found.remark}[/]")
    table = Table("topic", "messages", "a second", "first", "last", box=None)
    for topic, count in found.topics.items():
        times = found.times(topic)
        rate = (count - 1) / (times[-1] - times[0]) if times[-1] > times[0] else 0.0
        table.add_row(
            topic, str(count), f"{rate:.0f}" if rate else "", f"{times[0]:.2f} s", f"{times[-1]:.2f} s"
        )
    screen.print(table)
    for event in found.events():
        screen.print(f"{event.time:8.2f} s  {event.text}")
