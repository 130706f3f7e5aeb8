"""A whole errand on foot, to be looked at: its film, and its audit - the ZMP by formula over the measured pressure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.errands.porter import Porter
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.record import Recorder
from vla_course.panels.drawing import style
from vla_course.panels.drawing.figures import draw_over_time, mark_fall
from vla_course.panels.drawing.progress import Progress
from vla_course.panels.drawing.puppet import Puppet
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.drawing.traces import Formula, drawn, margin_trace, seconds, zmp_trace
from vla_course.panels.hands.laid_table import Delivery, ThingWays, laid_table
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import Camera, Tripod
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

ELSEWHERE: Final = (0.62, -0.16)
"""m, on the far side of the laid table: where things are carried by default"""
START: Final = ((-0.85, -0.45), 0.5)
"""m and rad: where the robot stands in the beginning, looking aside"""
_WORK: Final = ("take", "put")
_USUAL = 40.0
"""s that an errand takes: by this clock the bar runs"""
_TOLD_EVERY = 25
"""ticks between two reports of how far it has got"""
_SHOWN: Final = {"walk": "walk", "take": "take", "carry": "carry", "put": "put down", "step back": "back"}


@dataclass(frozen=True)
class Phase:
    """What the robot was about from `begin` to `end` s after the start."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True, eq=False)
class Trip(Delivery):
    """An errand on foot and what came of it."""

    phases: tuple[Phase, ...]
    ending: str
    """"done", or what happened instead"""
    reason: str

    def __str__(self) -> str:
        if self.ending == "fell":
            return f"fell after {self.record.fell_at:.1f} s"
        if self.ending != "done":
            return f"gave up ({self.ending}: {self.reason}) and stands"
        steps = self.record.center_of_mass[:, :2]
        way = float(np.hypot(*np.diff(steps[::50], axis=0).T).sum())
        return (
            f"walked {way:.1f} m in {seconds(self.record)[-1]:.0f} s and put the {self.thing} down "
            f"{1000 * self.missed:.0f} mm from where it was wanted"
        )


def send_for(
    thing: str = "red cup",
    place: tuple[float, float] = ELSEWHERE,
    parts: ErrandParts | None = None,
    progress: Progress | None = None,
) -> Trip:
    """Let a robot that stands aside walk to the laid table, take a thing and carry it elsewhere on the table.

    Args:
        thing: its name.
        place: (2,) m, world frame, where it is to be put.
        parts: the pieces that the robot runs on, by default the reference's.
        progress: is called now and then with how far the errand has got, and what the robot is about.

    Raises:
        ValueError: the table holds no such thing.
    """
    if thing not in THINGS:
        raise ValueError(f"thing is {thing!r}, expected one of {THINGS}")
    goal, description = np.asarray(place, dtype=float), laid_table()
    with World(seed=0) as world:
        scene = Scene.build(world, description)
        position, heading = START
        robot = Porter(Humanoid(world, position=position, heading=heading), [tabletop_in(scene)], parts)
        recorder, ways = Recorder(), ThingWays(scene)

        def look() -> tuple[Graspable, Situation]:
            others = tuple(thing_in(scene, name) for name in THINGS if name != thing)
            return thing_in(scene, thing), Situation(tabletop_in(scene), others)

        def keep() -> None:
            recorder.add(robot.body.balance_in_world, robot.body.state, np.zeros(3))
            ways.add()

        keep()
        phases, name, begin = list[Phase](), "stand", 0.0
        for tick, now in enumerate(robot.fetch(look, goal)):
            if progress is not None and (now != name or tick % _TOLD_EVERY == 0):
                progress(min(world.time, 0.99 * _USUAL), _USUAL, _SHOWN.get(now, now))
            if now != name:
                phases.append(Phase(name, begin, world.time))
                name, begin = now, world.time
            keep()
        phases.append(Phase(name, begin, world.time))
        if progress is not None:
            progress(_USUAL, _USUAL, robot.ending)
        fell_at = world.time if robot.ending == "fell" else None
        return Trip(
            recorder.finish(fell_at),
            thing,
            goal,
            ways.finish(),
            description,
            tuple(phases),
            robot.ending,
            robot.reason,
        )


def moments(trip: Trip, count: int = 6) -> list[float]:
    """Return `count` times s that tell the story: on the way, at the table, on the way with the thing, after it."""
    names = {phase.name: phase for phase in trip.phases}
    found = []
    for name, share in (
        ("walk", 0.60),
        ("take", 0.42),
        ("carry", 0.28),
        ("carry", 0.58),
        ("put", 0.45),
        ("step back", 0.95),
    ):
        if name in names:
            found.append(names[name].begin + share * (names[name].end - names[name].begin))
    end = float(seconds(trip.record)[-1])
    return sorted([*found, *np.linspace(0.3 * end, end, max(count - len(found), 0))])[:count]


def trip_film(trip: Trip, title: str = "") -> Picture:
    """Photograph an errand at its `moments`, table and things included, from one place that sees it all."""
    times, clock = moments(trip), seconds(trip.record)
    ticks = [min(int(np.searchsorted(clock, moment)), len(clock) - 1) for moment in times]
    columns = 3
    figure, panes = picture(
        -(-len(ticks) // columns),
        columns,
        height=4.9,
        alt=f"Photographs of the errand {', '.join(f'{t:.0f}' for t in times)} s after its start: the robot {trip}.",
    )
    x, y, _ = trip.scene.table.position
    # From beside the table: the robot faces it from one side, passes before us, and faces it from the other.
    stand = Tripod((x - 0.35, y - 3.9, 2.3), (x, y - 0.25, 0.60))
    with Puppet() as puppet:
        table = Scene.build(puppet.world, trip.scene)
        camera = Camera(puppet.world, stand, width=440, height=360, field_of_view=0.55)
        for pane, tick, time in zip(panes, ticks, times, strict=False):
            puppet.pose(trip.record, tick)
            for name in THINGS:
                _place(puppet.world, table.bodies[name], trip.ways[name][tick])
            pane.imshow(camera.capture().rgb, interpolation="lanczos")
            doing = next(
                (phase.name for phase in trip.phases if phase.begin <= time < phase.end), trip.phases[-1].name
            )
            pane.set_xlabel(f"{time:.0f} s · {_SHOWN.get(doing, doing)}", color=style.INK)
    for pane in panes:
        pane.set(xticks=[], yticks=[])
        pane.spines[:].set_visible(False)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, fontweight="bold", color=style.INK)
    return figure


def _place(world: World, body: int, pose: Array) -> None:
    half = np.sqrt(max(0.0, 1.0 + np.trace(pose[:3, :3]))) / 2.0
    skew = np.array((pose[2, 1] - pose[1, 2], pose[0, 2] - pose[2, 0], pose[1, 0] - pose[0, 1]))
    turn = [*(skew / max(4.0 * half, 1e-9)).tolist(), float(half)]
    pybullet.resetBasePositionAndOrientation(body, pose[:3, 3].tolist(), turn, physicsClientId=world.client)


def audit_picture(trip: Trip, zero_moment_point: Formula, stability_margin: Formula | None = None) -> Picture:
    """Draw the audit of an errand: ZMP over measured CoP, and how far inside the support both are.

    Grey phases are those in which hands work and the feet stay.
    """
    record = trip.record
    figure, (way, margin) = picture(
        2,
        1,
        height=5.2,
        alt="Above, ZMP by formula over the measured centre of pressure against time, along the first way to the "
        "table, the support as a band; below, how far inside the support both are, in cm.",
        sharex=True,
        height_ratios=(1.25, 1.0),
    )
    draw_over_time(way, record, zero_moment_point=zero_moment_point)
    way.set(xlabel="")
    time, ticks = seconds(record), drawn(record)
    zmp = zmp_trace(record, zero_moment_point)
    for name, points, colour, width in (
        ("measured CoP", record.center_of_pressure, style.COP, 2.6),
        ("ZMP", zmp, style.ZMP, 0.9),
    ):
        inside = 100.0 * margin_trace(record, points, stability_margin)
        margin.plot(time[ticks], inside[ticks], color=colour, lw=width, label=name)
    margin.axhspan(-100.0, 0.0, color="#FBE9E0", zorder=0.4)
    margin.axhline(0.0, color=style.ZMP, lw=1.2, zorder=0.9)
    low, high = margin.get_ylim()
    margin.set(xlabel="time (s)", ylabel="margin to the edge (cm)", ylim=(max(low, -3.0), high))
    mark_fall(margin, record)
    for phase in trip.phases:
        for axes in (way, margin):
            if phase.name in _WORK:
                axes.axvspan(phase.begin, phase.end, color="#E8ECEF", zorder=0.3)
            axes.axvline(phase.end, color="#C9CED2", lw=0.8, zorder=0.4)
        if phase.name in _SHOWN:
            margin.text(
                (phase.begin + phase.end) / 2.0,
                1.02,
                _SHOWN[phase.name],
                ha="center",
                va="bottom",
                fontsize=9,
                color=style.SOFT,
                transform=margin.get_xaxis_transform(),
            )
    legend_above(way)
    return figure


def audit(trip: Trip, zero_moment_point: Formula, stability_margin: Formula | None = None) -> str:
    """Say in one sentence how well formula and soles agree, and how much room was left."""
    record, ticks = trip.record, drawn(trip.record)
    apart = np.hypot(*(zmp_trace(record, zero_moment_point) - record.center_of_pressure)[ticks].T)
    inside = margin_trace(record, record.center_of_pressure, stability_margin)[ticks]
    return (
        f"ZMP and centre of pressure are {1000 * np.nanmedian(apart):.1f} mm apart (median), "
        f"{1000 * np.nanpercentile(apart, 99):.0f} mm in the worst hundredth; the pressure was inside of the "
        f"support by {100 * np.nanmedian(inside):.1f} cm (median)"
    )
