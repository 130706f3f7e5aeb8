"""What a failed check shows where a picture says more than numbers. Drawn only then."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#7F7F7F"


def _axes(title: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 3.8))
    axes = figure.subplots()
    axes.set(xlabel="x (m)", ylabel="y (m)", title=title, aspect="equal")
    axes.grid(alpha=0.3)
    return figure, axes


def _ring(axes: Any, corners: object, **style: Any) -> None:
    ring = _points(corners)
    if len(ring):
        axes.plot(*np.vstack((ring, ring[:1])).T, **style)


def _points(value: object) -> Array:
    """The value as (n, 2) where it can be read so, else nothing: a picture must not fail over a bad answer."""
    try:
        points = np.atleast_2d(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        return np.zeros((0, 2))
    fits = points.ndim == 2 and points.shape[1] == 2
    return points[np.isfinite(points).all(axis=1)] if fits else np.zeros((0, 2))


def hull_picture(points: Array, expected: Array, got: object) -> Callable[[], Any]:
    """Your hull over the contact points, and the one a rubber band would make."""

    def draw() -> Any:
        figure, axes = _axes("A rubber band round the contact points")
        axes.plot(*points.T, "o", color=GREY, ms=4, label="contact points")
        _ring(axes, expected, color=BLUE, lw=4, alpha=0.35, label="expected")
        _ring(axes, got, color=ORANGE, lw=1.5, marker="s", ms=4, ls="--", label="yours, in your order")
        for number, corner in enumerate(_points(got)):
            axes.annotate(str(number), corner, xytext=(4, 4), textcoords="offset points", color=ORANGE)
        axes.legend(fontsize="small")
        return figure

    return draw


def margin_picture(point: Array, polygon: Array, margin: float, got: object) -> Callable[[], Any]:
    """The circle round the point that just reaches the edge, and the one that the answer would draw."""

    def draw() -> Any:
        figure, axes = _axes(f"Margin of the point: {margin * 100:.1f} cm")
        angle = np.linspace(0.0, 2.0 * np.pi, 181)
        circle = np.column_stack((np.cos(angle), np.sin(angle)))
        _ring(axes, polygon, color="black", lw=1.5, label="support polygon")
        axes.plot(*(point + abs(margin) * circle).T, color=BLUE, label="just reaches the edge")
        if isinstance(got, float | int) and np.isfinite(got) and abs(got) < 3.0:
            axes.plot(*(point + abs(got) * circle).T, "--", color=ORANGE, label=f"yours: {got * 100:.1f} cm")
        axes.plot(*point, "o", color=BLUE)
        axes.legend(fontsize="small")
        return figure

    return draw


def push_picture(start: Array, direction: Array, distance: float, polygon: Array) -> Callable[[], Any]:
    """The way that the divergent component of motion may go before the robot is lost."""

    def draw() -> Any:
        figure, axes = _axes("How far the DCM may run along the push")
        end = start + distance * direction / np.linalg.norm(direction)
        _ring(axes, polygon, color="black", lw=1.5, label="support polygon")
        axes.plot(*start, "o", color=BLUE, label="centre of mass")
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": BLUE, "lw": 2})
        axes.plot(*end, "x", color=BLUE, label=f"edge, {distance * 100:.1f} cm along the push")
        axes.legend(fontsize="small")
        return figure

    return draw


def steer_picture(polygon: Array, wanted: Array, expected: Array, got: object) -> Callable[[], Any]:
    """The way from the middle of the feet to the capture ZMP, and where it should end."""

    def draw() -> Any:
        figure, axes = _axes("As near to the capture ZMP as the feet reach")
        middle = polygon.mean(axis=0)
        _ring(axes, polygon, color="black", lw=1.5, label="support polygon")
        axes.plot(*np.vstack((middle, wanted)).T, ":", color=GREY, label="from the middle to the capture ZMP")
        axes.plot(*wanted, "*", color=GREY, ms=10)
        axes.plot(*expected, "o", color=BLUE, label="expected")
        for point in _points(got)[:1]:
            axes.plot(*point, "s", color=ORANGE, label="yours")
        spread = np.vstack((polygon, np.clip(wanted, polygon.min(axis=0) - 0.15, polygon.max(axis=0) + 0.15)))
        axes.set(
            xlim=(spread[:, 0].min() - 0.03, spread[:, 0].max() + 0.03),
            ylim=(spread[:, 1].min() - 0.03, spread[:, 1].max() + 0.03),
        )
        axes.legend(fontsize="small")
        return figure

    return draw


def trace_picture(
    tick: float, along: Array, runs: dict[str, tuple[Array, Array]], edges: tuple[float, float]
) -> Callable[[], Any]:
    """Centre of mass and ZMP over time, along the push, of the student's run and of the reference's.

    `runs` maps a name to places and ZMPs (ticks, 2); `edges` are where the polygon ends along the push.
    """

    def draw() -> Any:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6.0, 3.6))
        axes = figure.subplots()
        for (name, (places, zmps)), color in zip(runs.items(), (ORANGE, BLUE), strict=False):
            time = tick * np.arange(len(places))
            axes.plot(time, places @ along, color=color, lw=2, label=f"{name}: centre of mass")
            axes.plot(time, zmps @ along, color=color, lw=1, ls="--", label=f"{name}: ZMP")
        for edge in edges:
            axes.axhline(edge, color="black", lw=0.8)
        room = edges[1] - edges[0]
        axes.set(
            xlabel="time (s)",
            ylabel="along the push (m)",
            ylim=(edges[0] - 0.4 * room, edges[1] + 0.4 * room),
            title="Pushed by the test; black: edges of the support polygon",
        )
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
        return figure

    return draw


def fall_picture(runs: dict[str, Any]) -> Any:
    """Height of the centre of mass, and how far it has gone, of the student's robot and of the reference's."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.0, 4.2), layout="constrained")
    height, way = figure.subplots(2, 1, sharex=True)
    for (name, run), color in zip(runs.items(), (ORANGE, BLUE), strict=True):
        com, time = run.center_of_mass, run.time - run.time[0]
        height.plot(time, com[:, 2], color=color, lw=2, label=name)
        gone = np.linalg.norm(com[:, :2] - com[0, :2], axis=1)
        way.plot(time, gone, color=color, lw=2)
        if run.fell_at is not None:
            height.plot(run.fell_at, np.interp(run.fell_at, time, com[:, 2]), "x", color=color, ms=9, mew=3)
    height.set(ylabel="height of CoM (m)", title="The pushed humanoid; x: it has fallen", ylim=(0.0, 0.85))
    way.set(ylabel="CoM away from home (m)", xlabel="time (s)", ylim=(0.0, 0.5))
    for axes in (height, way):
        axes.grid(alpha=0.3)
    height.legend(fontsize="small")
    return figure


def motion_picture(expected: tuple[Array, Array], got: tuple[Array, Array]) -> Callable[[], Any]:
    """The accelerations of body and trunk that the joints should make, and those that yours make."""

    def draw() -> Any:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6.4, 3.2), layout="constrained")
        words = (
            ("Body", "m/s$^2$", ("forward", "left", "up")),
            ("Trunk", "rad/s$^2$", ("lean right", "bow", "turn left")),
        )
        for axes, (part, unit, names), right, yours in zip(
            figure.subplots(1, 2), words, expected, got, strict=True
        ):
            place = np.arange(3)
            axes.bar(place - 0.2, right, 0.4, color=BLUE, label="expected")
            axes.bar(place + 0.2, yours, 0.4, color=ORANGE, label="yours")
            axes.axhline(0.0, color="black", lw=0.8)
            axes.set(title=part, ylabel=f"acceleration ({unit})")
            axes.set_xticks(place, names)
            axes.grid(axis="y", alpha=0.3)
        axes.legend(fontsize="small")
        return figure

    return draw
