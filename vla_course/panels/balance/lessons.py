"""Pictures for one idea each: masses, stances, the error of a formula, the way home, where a push can be caught."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from vla_course.course.errors import CourseError
from vla_course.motion.standing.balance_state import BalanceState
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing import style
from vla_course.panels.drawing.figures import draw_over_time, mark_fall, mark_pushes
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.drawing.traces import Formula, cart_table_trace, drawn, footprints, seconds, zmp_trace
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.engine import pybullet

Array = NDArray[np.float64]

SETTLED = 1.0
"""s after which a robot that was just set down sways as it is told to"""


def bodies_of(humanoid: Humanoid) -> tuple[Array, Array]:
    """Return the masses (n,) kg of a robot's rigid bodies and where each has its own centre (n, 3) m."""
    masses, places = [], []
    for name, mass in humanoid.link_masses.items():
        index, client = humanoid.link_index(name), humanoid.client
        if index == -1:
            place, _ = pybullet.getBasePositionAndOrientation(humanoid.body, physicsClientId=client)
        else:
            place = pybullet.getLinkState(
                humanoid.body, index, computeForwardKinematics=1, physicsClientId=client
            )[0]
        masses.append(mass)
        places.append(place)
    return np.array(masses), np.array(places)


def balance_state(humanoid: Humanoid) -> BalanceState:
    """Return what a balance controller would be told about a robot right now."""
    return StandingBody(humanoid, RobotModel.of(humanoid)).balance


def mass_picture(postures: Mapping[str, tuple[Array, Array]], center_of_mass: Formula) -> Picture:
    """Draw the bodies of a robot from its right side, and the centre of mass that a formula finds in them.

    `postures` maps a name to masses (n,) kg and places (n, 3) m.
    """
    figure, panes = picture(1, len(postures), height=4.3, alt="", width=7.2, sharey=True)
    told = []
    for pane, (name, (masses, places)) in zip(panes, postures.items(), strict=True):
        found = _numbers("center_of_mass", center_of_mass(masses, places), (3,))
        x, _, z = 100.0 * places.T
        pane.scatter(x, z, s=60.0 * masses, color="#9AA5AD", alpha=0.7, lw=0, label="bodies, area by mass")
        pane.axvline(100.0 * found[0], color=style.COM, lw=1.0, ls=":")
        pane.plot(100.0 * found[0], 100.0 * found[2], "o", ms=11, color=style.COM, label="centre of mass")
        pane.set(xlabel="x, forward (cm)", aspect="equal", xlim=(-35.0, 70.0), ylim=(-5.0, 155.0))
        pane.text(0.97, 0.97, name, transform=pane.transAxes, ha="right", va="top", fontweight="bold")
        told.append(f"{name}: {100 * found[0]:.1f} cm forward, {100 * found[2]:.1f} cm high")
    panes[0].set_ylabel("z, up (cm)")
    legend_above(panes[0])
    figure.alt = f"The robot's bodies from the side and their centre of mass. {'; '.join(told)}."
    return figure


def stances_picture(record: MotionRecord, support_polygon: Formula) -> Picture:
    """Draw what a formula takes for the support of three stances: at rest, one foot ahead, on one leg."""
    left, right = footprints(record)
    stances = {
        "side by side": [left, right],
        "one foot ahead": [left + [0.28, 0.0], right],
        "on one leg": [left],
    }
    figure, panes = picture(1, 3, height=3.4, alt="")
    areas = []
    for pane, (name, soles) in zip(panes, stances.items(), strict=True):
        touching = np.concatenate(soles)
        hull = np.asarray(support_polygon(touching), dtype=float)
        if hull.ndim != 2 or hull.shape[1] != 2:
            raise CourseError(f"support_polygon gave an array of shape {hull.shape}: expected (m, 2)")
        pane.add_patch(Polygon(100.0 * hull[:, ::-1], fc="#DDEAF3", ec=style.COM, lw=1.6))
        for sole in soles:
            pane.add_patch(Polygon(100.0 * sole[:, ::-1], fc="#B4BEC5", ec="none"))
        y, x = 100.0 * hull[:, 1], 100.0 * hull[:, 0]
        pane.plot(y, x, "o", ms=5, color=style.COM)
        for number, corner in enumerate(zip(y, x, strict=True)):
            pane.annotate(str(number), corner, xytext=(4, 4), textcoords="offset points", fontsize=8.5)
        pane.set(title=name, aspect="equal", xlim=(22, -22), ylim=(-14, 46), xlabel="y, to the left (cm)")
        area = 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
        areas.append(f"{name} {area:.0f} cm²")
        pane.text(
            0.5, 0.02, f"{area:.0f} cm²", transform=pane.transAxes, ha="center", fontsize=9, color=style.SOFT
        )
    panes[0].set_ylabel("x, forward (cm)")
    figure.alt = f"Soles from above and the support round them: {', '.join(areas)}."
    return figure


def zmp_error_over_time(record: MotionRecord, **formulas: Formula) -> Picture:
    """Draw how far ZMP formulas are from the measured centre of pressure, in mm: what each leaves out.

    Names are `cart_table_zmp` and `zero_moment_point`.
    """
    figure, (axes,) = picture(height=2.8, alt="")
    time = seconds(record)
    ticks = slice(int(np.searchsorted(time, SETTLED)), None)
    told = []
    known: dict[str, tuple[str, str, Callable[[MotionRecord, Formula], Array]]] = {
        "cart_table_zmp": ("cart-table ZMP", style.CART_TABLE, cart_table_trace),
        "zero_moment_point": ("multi-body ZMP", style.ZMP, zmp_trace),
    }
    for name, formula in formulas.items():
        label, colour, trace = known[name]
        error = 1000.0 * np.linalg.norm(trace(record, formula) - record.center_of_pressure, axis=1)[ticks]
        rms = float(np.sqrt(np.nanmean(error**2)))
        axes.plot(time[ticks], error, color=colour, label=f"{label}: {rms:.2g} mm rms")
        told.append(f"{label} errs by {rms:.2g} mm rms")
    axes.set(xlabel="time (s)", ylabel="distance from measured CoP (mm)", xlim=(SETTLED, float(time[-1])))
    axes.set_ylim(bottom=0.0)
    legend_above(axes)
    figure.alt = f"Distance between formula and measurement against time: {', '.join(told)}."
    return figure


def compare(
    records: Mapping[str, MotionRecord],
    *,
    divergent_component_of_motion: Formula | None = None,
    title: str = "",
) -> Picture:
    """Draw several runs under each other, on one scale of time."""
    figure, panes = picture(len(records), 1, height=0.6 + 2.1 * len(records), alt="", sharex=True)
    for pane, (name, record) in zip(panes, records.items(), strict=True):
        draw_over_time(pane, record, divergent_component_of_motion=divergent_component_of_motion)
        pane.set_ylabel(f"{name}\nforward (cm)")
        legend = pane.get_legend()
        if pane is not panes[0] and legend is not None:
            legend.remove()
        if pane is not panes[-1]:
            pane.set_xlabel("")
    panes[0].set_xlim(0.0, max(float(seconds(record)[-1]) for record in records.values()))
    endings = "; ".join(f"{name}: {'falls' if record.fell else 'stands'}" for name, record in records.items())
    figure.alt = f"CoM, DCM and centre of pressure against time. {endings}."
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, fontweight="bold", color=style.INK)
    return figure


def homecoming(records: Mapping[str, MotionRecord], *, height: float = 3.0) -> Picture:
    """Draw how far forward of its home the centre of mass is, for several runs in one picture."""
    figure, (axes,) = picture(height=height, alt="")
    colours = (style.COM, style.ZMP, style.COP, style.DCM, style.CART_TABLE)
    for (name, record), colour in zip(records.items(), colours, strict=False):
        ticks = drawn(record)
        away = 100.0 * (record.center_of_mass[:, 0] - record.support_polygons[0].mean(axis=0)[0])
        axes.plot(seconds(record)[ticks], away[ticks], color=colour, label=name)
        mark_fall(axes, record)
    mark_pushes(axes, next(iter(records.values())))
    axes.axhline(0.0, color=style.SOFT, lw=0.8)
    axes.set(xlabel="time (s)", ylabel="CoM forward of home (cm)", ylim=(-4.0, 14.0))
    axes.set_xlim(0.0, max(float(seconds(record)[-1]) for record in records.values()))
    legend_above(axes)
    figure.alt = f"Centre of mass, forward of its home, against time for {', '.join(records)}."
    return figure


def way_home_picture(controller: Any, state: BalanceState) -> Picture:
    """Draw, for many places of the centre of mass, the shift that `controller.generate_adjustment` asks for."""
    figure, (axes,) = picture(height=4.2, alt="", width=6.0)
    axes.add_patch(Polygon(100.0 * state.support_polygon[:, ::-1], fc=style.BAND, ec=style.SOFT, lw=1.2))
    grid = [(x, y) for x in np.arange(-0.16, 0.22, 0.05) for y in np.arange(-0.22, 0.23, 0.055)]
    for x, y in grid:
        com = np.array([x, y, state.center_of_mass[2]])
        shift = _numbers(
            "generate_adjustment", controller.generate_adjustment(com, state.support_polygon), (3,)
        )
        axes.annotate(
            "",
            xy=(100.0 * (y + shift[1]), 100.0 * (x + shift[0])),
            xytext=(100.0 * y, 100.0 * x),
            arrowprops={"arrowstyle": "-|>", "color": style.COM, "lw": 1.1, "shrinkA": 0, "shrinkB": 0},
        )
        axes.plot(100.0 * y, 100.0 * x, "o", ms=2.5, color=style.COM)
    axes.set(
        aspect="equal", xlim=(27, -27), ylim=(-21, 27), xlabel="y, to the left (cm)", ylabel="x, forward (cm)"
    )
    figure.alt = "Arrows from many places of the centre of mass to where the controller would shift it."
    return figure


def capture_picture(
    controller: Any, state: BalanceState, speeds: Sequence[float] = (0.1, 0.3), *, desired: bool = True
) -> Picture:
    """Draw capture ZMPs, and the ZMPs that are asked for instead, of a robot pushed in 24 directions.

    `speeds` m/s are those right after the push, that is its impulse over mass in N s/kg.
    """
    figure, (axes,) = picture(height=4.6, alt="", width=6.4)
    axes.add_patch(
        Polygon(100.0 * state.support_polygon[:, ::-1], fc=style.BAND, ec=style.SOFT, lw=1.2, label="support")
    )
    angles, reach = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False), 25.0
    for number, speed in enumerate(speeds):
        pushed = [
            replace(state, com_velocity=np.array([speed * np.cos(a), speed * np.sin(a), 0.0])) for a in angles
        ]
        wishes = [
            _numbers("calculate_capture_zmp", controller.calculate_capture_zmp(s), (2,)) for s in pushed
        ]
        ring = 100.0 * np.array(wishes)
        reach = max(reach, 1.1 * float(np.abs(ring).max()))
        closed = np.append(np.arange(len(angles)), 0)
        axes.plot(
            *ring[closed, ::-1].T,
            ls=("-", "--", ":")[number % 3],
            lw=1.2,
            color=style.DCM,
            label=f"capture ZMP after {speed:.2f} N s/kg",
        )
        if not desired:
            continue
        answers = [
            _numbers("calculate_desired_zmp", controller.calculate_desired_zmp(s), (2,)) for s in pushed
        ]
        points = 100.0 * np.array(answers)
        for wish, point in zip(ring, points, strict=True):
            axes.plot([wish[1], point[1]], [wish[0], point[0]], color=style.SOFT, lw=0.5, alpha=0.6)
        axes.plot(
            points[:, 1],
            points[:, 0],
            "o",
            ms=4.5,
            color=style.ZMP,
            label="desired ZMP" if number == 0 else None,
        )
    x, y = 100.0 * state.center_of_mass[:2]
    axes.plot(y, x, "o", ms=9, color=style.COM, label="CoM")
    axes.set(
        aspect="equal",
        xlim=(reach, -reach),
        ylim=(-reach, reach),
        xlabel="y, to the left (cm)",
        ylabel="x, forward (cm)",
    )
    legend_above(axes, columns=2)
    figure.alt = "Support from above with rings of capture ZMPs after pushes in 24 directions"
    figure.alt += ", each with the desired ZMP on the way to it." if desired else "."
    return figure


def _numbers(name: str, value: object, shape: tuple[int, ...]) -> Array:
    """Return a student's answer as an array; what is not numbers of that shape gets one clear line."""
    try:
        found = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise CourseError(f"{name} gave {value!r}: expected {shape[0]} numbers") from None
    if found.shape != shape:
        raise CourseError(f"{name} gave an array of shape {found.shape}: expected {shape}")
    return found
