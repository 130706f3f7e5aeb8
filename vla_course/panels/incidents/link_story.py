"""A robot at the end of a way that loses datagrams, and one whose way breaks while it walks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.link.channels import Weather, pair
from vla_course.deployment.link.simulated import simulated
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.serving.remote.watchdog import RUNGS, Rung
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

FAIR: Final = Weather(latency=0.015, jitter=0.005)
"""a network within one building"""
PERIOD: Final = 1.0 / 30.0
"""s, between readings, and between orders"""
TICK: Final = 0.004
_COLOURS: Final = (style.COM, style.ZMP, style.COP)
_SHADES: Final[dict[Rung, str]] = {
    "acts": "white",
    "holds": "#FBEBCB",
    "stands": "#F6D2C2",
    "latched": "#E3E6E8",
}


def ages(weather: Weather, seconds: float = 8.0, seed: int = 0) -> tuple[Array, Array]:
    """Return moments (n,) s, and how old (n,) s the newest reading is then that has come through this weather."""
    now = [0.0]
    robot, commander = pair(lambda: now[0], weather, Weather(), np.random.default_rng(seed))
    moments = TICK * np.arange(round(seconds / TICK), dtype=np.float64)
    newest, due, old = 0.0, 0.0, np.empty(len(moments))
    for tick, now[0] in enumerate(moments.tolist()):
        if now[0] >= due:
            robot.send(np.float64(now[0]).tobytes())
            due += PERIOD
        for data, _ in commander.receive():
            newest = max(newest, float(np.frombuffer(data)[0]))
        old[tick] = now[0] - newest
    return moments, old


def ages_picture(
    weathers: Mapping[str, Weather], bears: float, seconds: float = 8.0, seed: int = 0
) -> Picture:
    """Draw how old the newest reading is, way by way.

    Args:
        weathers: by name, three at most.
        bears: s, from which on the robot's watchdog stops it.
        seconds: how long.
        seed: of what is lost.
    """
    drawn = {name: ages(weather, seconds, seed) for name, weather in weathers.items()}
    figure, (axes,) = picture(
        height=3.2,
        alt="; ".join(
            f"{name}: the newest reading is {1000 * old.max():.0f} ms old at worst"
            for name, (_, old) in drawn.items()
        )
        + f"; the watchdog stops the robot at {1000 * bears:.0f} ms.",
    )
    for colour, (name, (moments, old)) in zip(_COLOURS, drawn.items(), strict=False):
        axes.plot(moments, 1000 * old, color=colour, lw=1.3, label=name)
    axes.axhline(1000 * bears, color=style.INK, lw=1.1, ls="--")
    axes.text(
        1.0,
        1000 * bears + 6,
        "older than that, and the watchdog stops the robot",
        fontsize=9.5,
        color=style.INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )
    axes.set(xlabel="time (s)", ylabel="age of the newest reading (ms)", xlim=(0, seconds), ylim=(0, None))
    legend_above(axes)
    return figure


@dataclass(frozen=True, eq=False)
class CutWalk:
    """A walk whose way breaks.

    Attributes:
        cut: s, when it broke.
        moments: (n,) s.
        speed: (n,) m/s, of the pelvis, ahead.
        soles: (n, 2) m, heights of the left and the right sole.
        rungs: of the watchdog, at each moment.
        stands: s, from the cut until the robot stood; nan where it did not.
    """

    cut: float
    moments: Array
    speed: Array
    soles: Array
    rungs: list[Rung]
    stands: float


def cut_walk(cut: float = 3.2, velocity: float = 0.28, seconds: float = 2.2, seed: int = 0) -> CutWalk:
    """Let a robot walk as a link says, and cut the link.

    Args:
        cut: s, when.
        velocity: m/s, ahead.
        seconds: for how long it is watched afterwards.
        seed: of the weather.
    """
    moments, speed, soles, rungs, stands = [], [], [], [], float("nan")
    with World(seed) as world:
        body = CommandedBody(Humanoid(world))
        robot, link = simulated(body, np.random.default_rng(seed), FAIR)
        action = robot.body.as_it_is()
        action[ACTION.base_velocity.start] = velocity / 0.4
        due = 0.0
        for _ in robot.run():
            now = world.time
            if now >= cut:
                robot.channel.close()
            if now >= due:
                link.sense()
                link.command(action)
                due += PERIOD
            if now >= cut and np.isnan(stands) and body.walker.phase == "stand":
                stands = now - cut
            moments.append(now)
            speed.append(float(body.walker.body.state.base_linear_velocity[0]))
            soles.append([float(body.walker.measured(foot).z) for foot in (0, 1)])
            rungs.append(robot.watch.rung(now))
            if now > cut + seconds:
                break
    return CutWalk(cut, np.array(moments), np.array(speed), np.array(soles), rungs, stands)


def cut_picture(walk: CutWalk, before: float = 1.2) -> Picture:
    """Draw a walk whose way breaks: the pelvis's speed and the soles, over the rungs of the watchdog."""
    figure, (above, below) = picture(
        2,
        height=4.0,
        sharex=True,
        alt=f"The link breaks at 0 s. {1000 * walk.stands:.0f} ms later both soles stand, and the speed of the "
        "pelvis has come down to nothing.",
    )
    times = walk.moments - walk.cut
    for axes in (above, below):
        for rung in RUNGS:
            inside = np.array([one == rung for one in walk.rungs])
            axes.fill_between(
                times, 0, 1, where=inside, color=_SHADES[rung], lw=0, transform=axes.get_xaxis_transform()
            )
        axes.axvline(0.0, color=style.INK, lw=1.1, ls="--")
        axes.axvline(walk.stands, color=style.COP, lw=1.3)
    above.plot(times, walk.speed, color=style.COM)
    above.set(ylabel="pelvis ahead (m/s)")
    for foot, (name, colour) in enumerate((("left", style.ZMP), ("right", style.PUSH))):
        below.plot(times, 100 * walk.soles[:, foot], color=colour, label=f"{name} sole")
    below.set(ylabel="height (cm)", xlabel="time since the link broke (s)", xlim=(-before, times[-1]))
    for rung in RUNGS[1:]:
        after = [t for t, one in zip(times, walk.rungs, strict=True) if one == rung and t > 0.0]
        if after:
            where = ((after[0] + after[-1]) / 2.0, 0.97)
            above.text(
                *where, rung, va="top", ha="center", fontsize=9.5, transform=above.get_xaxis_transform()
            )
    below.text(walk.stands, below.get_ylim()[1], " both soles stand", va="top", fontsize=9.5, color=style.COP)
    legend_above(below)
    return figure
