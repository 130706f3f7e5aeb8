"""Pictures of walking: a swing, the tracks of the feet, and a landing that was moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from vla_course.course.errors import CourseError
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking.swing_foot import SwingFoot, SwingMotion
from vla_course.panels.drawing import style
from vla_course.panels.drawing.scenery import tracks
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.drawing.traces import Formula, dcm_trace, drawn, seconds, shoves

Array = NDArray[np.float64]

_TICK = 0.004
_STEP, _SWING = 0.45, 0.45
"""m from lift to landing, and s"""


def swing_picture(swing_motion: SwingMotion, *, moved_at: float = 0.22, moved_by: float = 0.12) -> Picture:
    """Draw one swing from the side and its speed, and the same one whose goal moves `moved_by` m at `moved_at` s."""
    figure, (side, speed) = picture(
        1,
        2,
        height=3.2,
        alt="The path of the swing foot seen from the side, and its speed against time: both with a goal that "
        "stays and one that is moved in mid-swing.",
        width_ratios=(1.25, 1.0),
    )
    for name, goal_at, colour, dashes in (
        ("goal stays", lambda _: _STEP, style.COM, "-"),
        (
            f"goal moves {100 * moved_by:.0f} cm at {moved_at:.2f} s",
            lambda t: _STEP + moved_by * (t >= moved_at),
            style.ZMP,
            "--",
        ),
    ):
        time, place, pace = _swing(swing_motion, goal_at)
        side.plot(100.0 * place[:, 0], 100.0 * place[:, 2], color=colour, ls=dashes, label=name)
        side.plot(100.0 * place[-1, 0], 100.0 * place[-1, 2], "o", color=colour, ms=6)
        speed.plot(time, pace[:, 0], color=colour, ls=dashes)
    side.set(xlabel="forward (cm)", ylabel="height of the sole (cm)", ylim=(-0.5, 8.0))
    speed.set(xlabel="time (s)", ylabel="speed forward (m/s)", xlim=(0.0, _SWING))
    legend_above(side, columns=2)
    return figure


def _swing(swing_motion: SwingMotion, goal_at: Callable[[float], float]) -> tuple[Array, Array, Array]:
    foot = SwingFoot(1, np.zeros(3), 0.0, swing_motion)
    times = _TICK * np.arange(round(_SWING / _TICK))
    places, speeds = [np.zeros(3)], [np.zeros(3)]
    for time in times.tolist():
        goal = Footstep("right", goal_at(time), 0.0)
        try:
            target = foot.advance(goal, _SWING - time, _TICK)
            place, pace = np.asarray(target.position, float), np.asarray(target.velocity, float)
        except (TypeError, ValueError) as fault:
            raise CourseError(f"swing_motion could not be followed: {fault}") from None
        places.append(place)
        speeds.append(pace)
    return np.append(times, _SWING), np.array(places), np.array(speeds)


def tracks_picture(
    records: Mapping[str, MotionRecord],
    *,
    divergent_component_of_motion: Formula | None = None,
    height: float = 3.4,
) -> Picture:
    """Draw the tracks of the feet from above, and on them the ways of CoM, CoP and - if given - DCM, run by run."""
    figure, panes = picture(
        len(records),
        1,
        height=height * len(records),
        alt="Tracks of the feet from above with the ways of centre of mass and centre of pressure.",
        sharex=True,
    )
    for axes, (name, record) in zip(panes, records.items(), strict=True):
        draw_tracks(axes, record, divergent_component_of_motion)
        if name:
            axes.set_ylabel(f"{name}\ny, to the left (cm)")
    for axes in panes[:-1]:
        axes.set_xlabel("")
    legend_above(panes[0])
    return figure


def draw_tracks(
    axes: Axes, record: MotionRecord, divergent_component_of_motion: Formula | None = None
) -> None:
    """Draw `tracks_picture` of one run into axes that are there already."""
    for number, sole in enumerate(tracks(record)):
        axes.add_patch(
            Polygon(100.0 * sole, fc="#D5DADD", ec=style.SOFT, lw=0.8, zorder=0.6 + 0.001 * number)
        )
    ticks = drawn(record)
    ways: list[tuple[str, Array, str, float, str]] = [
        ("measured CoP", record.center_of_pressure, style.COP, 1.6, "-")
    ]
    if divergent_component_of_motion is not None:
        ways.append(("DCM", dcm_trace(record, divergent_component_of_motion), style.DCM, 1.4, "--"))
    ways.append(("CoM", record.center_of_mass, style.COM, 2.2, "-"))
    for name, points, colour, width, dashes in ways:
        x, y = 100.0 * points[ticks, :2].T
        axes.plot(x, y, color=colour, lw=width, ls=dashes, label=name, zorder=2)
    for push in shoves(record)[:1]:
        at = 100.0 * record.center_of_mass[int(np.searchsorted(seconds(record), push.begin)), :2]
        way = 16.0 * np.array([np.cos(push.direction), np.sin(push.direction)])
        arrow: dict[str, Any] = {
            "arrowstyle": "-|>",
            "color": style.PUSH,
            "lw": 4,
            "mutation_scale": 18,
        }
        axes.annotate("", xy=tuple(at), xytext=tuple(at - way), arrowprops=arrow, zorder=5)
    if record.fell_at is not None:
        tick = min(int(np.searchsorted(seconds(record), record.fell_at)), len(record.time) - 1)
        x, y = 100.0 * record.center_of_mass[tick, :2]
        axes.plot(x, y, "x", color=style.INK, ms=9, mew=2, zorder=6)
        axes.annotate("fell", (x, y), xytext=(6, 4), textcoords="offset points", fontsize=9)
    axes.set(aspect="equal", xlabel="x, forward (cm)", ylabel="y, to the left (cm)")
    axes.margins(0.04)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -32.0), max(high, 32.0))


def walked(record: MotionRecord, direction: Sequence[float] = (1.0, 0.0)) -> str:
    """Say in one sentence how far a robot has walked along `direction`, and whether it fell."""
    way = record.center_of_mass[-1, :2] - record.center_of_mass[0, :2]
    along = float(way @ np.asarray(direction, dtype=float))
    if record.fell_at is not None:
        return f"fell after {record.fell_at:.1f} s"
    return f"walked {along:.2f} m in {seconds(record)[-1]:.1f} s"
