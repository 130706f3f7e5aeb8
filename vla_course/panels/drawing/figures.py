"""Figures of a run: points on the ground against time, from above, and how far they are from the edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.drawing.traces import (
    Formula,
    cart_table_trace,
    dcm_trace,
    drawn,
    footprints,
    margin_trace,
    seconds,
    shoves,
    zmp_trace,
)

Array = NDArray[np.float64]


def over_time(
    record: MotionRecord,
    *,
    zero_moment_point: Formula | None = None,
    cart_table_zmp: Formula | None = None,
    divergent_component_of_motion: Formula | None = None,
    pressure: bool = True,
    direction: float = 0.0,
    window: tuple[float, float] | None = None,
    reach: float | None = None,
    title: str = "",
    height: float = 3.6,
) -> Picture:
    """Draw where centre of mass, ZMP, DCM and centre of pressure are along one direction, against time.

    The formulas given are applied to every tick of the record; those left out are not drawn. `direction`
    is in degrees, 0 forward, 90 to the left; `window` s cuts a piece out of the run, and `reach` cm is how far
    to either side of mid-feet the picture goes, by default beyond the support.
    """
    figure, (axes,) = picture(height=height, alt="")
    draw_over_time(
        axes,
        record,
        zero_moment_point=zero_moment_point,
        cart_table_zmp=cart_table_zmp,
        divergent_component_of_motion=divergent_component_of_motion,
        pressure=pressure,
        direction=direction,
        window=window,
    )
    if reach is not None:
        axes.set_ylim(-reach, reach)
    figure.alt = _tell_over_time(axes, direction)
    if title:
        _title(axes, title)
    return figure


def draw_over_time(
    axes: Axes,
    record: MotionRecord,
    *,
    zero_moment_point: Formula | None = None,
    cart_table_zmp: Formula | None = None,
    divergent_component_of_motion: Formula | None = None,
    pressure: bool = True,
    direction: float = 0.0,
    window: tuple[float, float] | None = None,
) -> None:
    """Draw `over_time` into axes that are there already."""
    along = np.array([np.cos(np.radians(direction)), np.sin(np.radians(direction))])
    middle = record.support_polygons[0].mean(axis=0)
    time, ticks = seconds(record), drawn(record)

    def centimetres(points: Array) -> Array:
        return 100.0 * (points[:, :2] - middle) @ along

    reach = [100.0 * (corners - middle) @ along for corners in record.support_polygons[ticks]]
    low, high = np.array([r.min() for r in reach]), np.array([r.max() for r in reach])
    axes.fill_between(
        time[ticks],
        low,
        high,
        color=style.BAND,
        ec=style.SOFT,
        lw=0.8,
        step="mid",
        label="support",
        zorder=0.5,
    )
    curves: list[tuple[str, Array, str, float, str]] = []
    if pressure:
        curves.append(("measured CoP", record.center_of_pressure, style.COP, 3.4, "-"))
    if cart_table_zmp is not None:
        curves.append(
            ("cart-table ZMP", cart_table_trace(record, cart_table_zmp), style.CART_TABLE, 1.5, "-")
        )
    if zero_moment_point is not None:
        curves.append(("ZMP", zmp_trace(record, zero_moment_point), style.ZMP, 1.5, "-"))
    if divergent_component_of_motion is not None:
        curves.append(("DCM", dcm_trace(record, divergent_component_of_motion), style.DCM, 1.8, "--"))
    curves.append(("CoM", record.center_of_mass, style.COM, 2.0, "-"))
    for name, points, colour, width, dashes in curves:
        axes.plot(time[ticks], centimetres(points)[ticks], color=colour, lw=width, ls=dashes, label=name)
    begin, end = window or (0.0, float(time[ticks][-1]))
    room = 0.6 * float(high[0] - low[0])
    axes.set(
        xlabel="time (s)",
        ylabel=f"{_along(direction)} (cm)",
        xlim=(begin, end),
        ylim=(low.min() - room, high.max() + room),
    )
    mark_pushes(axes, record)
    mark_fall(axes, record)
    legend_above(axes)


def from_above(
    record: MotionRecord,
    *,
    zero_moment_point: Formula | None = None,
    divergent_component_of_motion: Formula | None = None,
    support_polygon: Formula | None = None,
    title: str = "",
    height: float = 4.2,
) -> Picture:
    """Draw the soles from above, and on them the ways of centre of mass, ZMP, DCM and centre of pressure."""
    figure, (axes,) = picture(height=height, alt="", width=6.4)
    draw_from_above(
        axes,
        record,
        zero_moment_point=zero_moment_point,
        divergent_component_of_motion=divergent_component_of_motion,
        support_polygon=support_polygon,
    )
    names = _names(axes)
    figure.alt = f"Both soles and the support polygon seen from above, with the ways of {names}."
    if title:
        _title(axes, title)
    return figure


def draw_from_above(
    axes: Axes,
    record: MotionRecord,
    *,
    zero_moment_point: Formula | None = None,
    divergent_component_of_motion: Formula | None = None,
    support_polygon: Formula | None = None,
) -> None:
    """Draw `from_above` into axes that are there already."""
    draw_soles(axes, record, support_polygon)
    ticks = drawn(record)
    ways: list[tuple[str, Array, str, float]] = [("CoP", record.center_of_pressure, style.COP, 2.2)]
    if zero_moment_point is not None:
        ways.append(("ZMP", zmp_trace(record, zero_moment_point), style.ZMP, 1.3))
    if divergent_component_of_motion is not None:
        ways.append(("DCM", dcm_trace(record, divergent_component_of_motion), style.DCM, 1.8))
    ways.append(("CoM", record.center_of_mass, style.COM, 2.4))
    for name, points, colour, width in ways:
        x, y = 100.0 * points[ticks, :2].T
        front = 6.0 if name == "CoM" else 2.0
        axes.plot(y, x, color=colour, lw=width, label=name, solid_capstyle="round", zorder=front)
    for push in shoves(record)[:1]:
        # The arrow ends where the centre of mass was when the hand came.
        at = 100.0 * record.center_of_mass[int(np.searchsorted(seconds(record), push.begin)), :2]
        way = 12.0 * np.array([np.cos(push.direction), np.sin(push.direction)])
        axes.annotate(
            "",
            xy=(at[1], at[0]),
            xytext=(at[1] - way[1], at[0] - way[0]),
            arrowprops={"arrowstyle": "-|>", "color": style.PUSH, "lw": 4, "mutation_scale": 18},
            zorder=5,
        )
    legend_above(axes, columns=5)


def draw_soles(axes: Axes, record: MotionRecord, support_polygon: Formula | None = None) -> None:
    """Draw soles and support polygon from above: forward is up, left is left.

    The polygon is the record's, or what `support_polygon` makes of the soles' corners.
    """
    soles = footprints(record)
    hull = record.support_polygons[0]
    if support_polygon is not None:
        hull = np.asarray(support_polygon(np.concatenate(soles)), dtype=float)
    axes.add_patch(
        Polygon(100.0 * hull[:, ::-1], fc=style.BAND, ec=style.SOFT, lw=1.2, label="support", zorder=0.5)
    )
    for sole in soles:
        axes.add_patch(Polygon(100.0 * sole[:, ::-1], fc="#C9CED2", ec="none", zorder=0.6))
    low, high = 100.0 * hull.min(axis=0), 100.0 * hull.max(axis=0)
    axes.set(
        aspect="equal",
        xlabel="y, to the left (cm)",
        ylabel="x, forward (cm)",
        xlim=(high[1] + 9.0, low[1] - 9.0),
        ylim=(low[0] - 7.0, high[0] + 7.0),
    )


def margin_over_time(
    record: MotionRecord,
    stability_margin: Formula | None = None,
    *,
    of: Sequence[str] = ("CoM", "DCM", "CoP"),
    title: str = "",
    height: float = 3.0,
) -> Picture:
    """Draw how far inside the support CoM, DCM and centre of pressure are; below zero they are outside."""
    figure, (axes,) = picture(height=height, alt="Distance to the edge of the support against time.")
    colours = {"CoM": style.COM, "DCM": style.DCM, "CoP": style.COP}
    time, ticks = seconds(record), drawn(record)
    for name in of:
        points = {
            "CoM": lambda: record.center_of_mass,
            "DCM": lambda: dcm_trace(record),
            "CoP": lambda: record.center_of_pressure,
        }[name]()
        margin = 100.0 * margin_trace(record, points, stability_margin)
        axes.plot(
            time[ticks], margin[ticks], color=colours[name], label=name, ls="--" if name == "DCM" else "-"
        )
    low, high = axes.get_ylim()
    axes.axhspan(-1000.0, 0.0, color="#FBE9E0", zorder=0.4)
    axes.axhline(0.0, color=style.ZMP, lw=1.2, zorder=0.9)
    axes.set(
        xlabel="time (s)",
        ylabel="margin to the edge (cm)",
        xlim=(0.0, float(time[ticks][-1])),
        ylim=(max(min(low, -2.0), -15.0), max(high, 2.0)),
    )
    axes.text(0.008, 0.03, "outside", transform=axes.transAxes, ha="left", color=style.ZMP, fontsize=9)
    mark_pushes(axes, record)
    mark_fall(axes, record)
    legend_above(axes)
    if title:
        _title(axes, title)
    return figure


def mark_pushes(axes: Axes, record: MotionRecord) -> None:
    """Shade the time of every push and write how hard it was."""
    for number, push in enumerate(shoves(record)):
        axes.axvspan(push.begin, push.end, color=style.PUSH, alpha=0.35, lw=0, zorder=0.7)
        axes.annotate(
            f"{push.impulse_over_mass:.2f} N s/kg {_where(push.direction)}",
            xy=(push.end, 0.985 - 0.075 * (number % 3)),
            xycoords=("data", "axes fraction"),
            xytext=(3, 0),
            textcoords="offset points",
            va="top",
            fontsize=8.5,
            color="#1F6E9C",
        )


def mark_fall(axes: Axes, record: MotionRecord) -> None:
    """Draw a line where the robot counted as fallen."""
    if record.fell_at is not None:
        axes.axvline(record.fell_at, color=style.INK, lw=1.2, ls=":")
        axes.annotate(
            "fell",
            xy=(record.fell_at, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(-3, 0),
            textcoords="offset points",
            ha="right",
            fontsize=9,
            color=style.INK,
        )


def _title(axes: Axes, title: str) -> None:
    with rc_context({"axes.titlelocation": "left"}):
        axes.set_title(title, loc="left", fontsize=11.5, fontweight="bold", pad=22, color=style.INK)


def _along(direction: float) -> str:
    known = {0: "forward", 90: "to the left", 180: "backward", 270: "to the right"}
    return known.get(round(direction) % 360, f"towards {direction:.0f}°") + " of mid-feet"


def _where(heading: float) -> str:
    names = ("forward", "forward left", "left", "back left", "back", "back right", "right", "forward right")
    return names[round(heading / (np.pi / 4)) % 8]


def _tell_over_time(axes: Axes, direction: float) -> str:
    return f"{_names(axes)} against time, {_along(direction)}, with the extent of the support as a band."


def _names(axes: Axes) -> str:
    labels = [str(line.get_label()) for line in axes.get_lines()]
    return ", ".join(label for label in labels if not label.startswith("_"))
