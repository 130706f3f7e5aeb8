"""Where a copy of an expert gets to by itself: its sway against time, and where demonstrations have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.swaying.trying import Trier, reward
from vla_course.panels.swaying.world import LOST, PERIOD, Policy, Sways, sway

Path = Sequence[tuple[float, float]]
"""place and velocity of the centre of mass, m and m/s, decision by decision"""

_SHADES = (style.EXPERT, style.LEARNER, style.HELD_OUT, style.CART_TABLE, style.DCM)


def drift_picture(policies: Mapping[str, Policy | None], push: float, seed: int, count: int = 8) -> Picture:
    """Draw how each policy sways: the error of the DCM against time, of `count` pendulums that are pushed alike.

    Args:
        policies: by name; None: the expert.
        push: m/s, the greatest push.
        seed: of phases and pushes.
        count: how many pendulums.
    """
    figure, panes = picture(1, len(policies), height=2.6, alt="", sharey=True)
    told = []
    for pane, (name, policy), colour in zip(panes, policies.items(), _SHADES, strict=False):
        run = sway(policy, count, push, seed)
        told.append(f"{name}: {int(run.stood.sum())} of {count} stand")
        draw_errors(pane, run, colour)
        pane.set_title(f"{name}: {int(run.stood.sum())} of {count} stand", loc="left", fontsize=10.5)
        pane.set(xlabel="time (s)")
    panes[0].set_ylabel("DCM, beside where it\nought to be (cm)")
    figure.alt = f"Error of the DCM against time, pushes of up to {push:g} m/s. " + "; ".join(told) + "."
    return figure


def draw_errors(pane: Axes, run: Sways, colour: str) -> None:
    """Draw the error of the DCM of each pendulum against time, with a cross where it fell."""
    time = PERIOD * np.arange(len(run.dcm))
    off = 100.0 * (run.dcm - run.reference)
    off[np.abs(run.dcm) > LOST] = np.nan
    pane.plot(time, off, color=colour, lw=1.0, alpha=0.8)
    for k in np.flatnonzero(~run.stood):
        last = int(np.flatnonzero(np.isfinite(off[:, k]))[-1])
        pane.plot(time[last], off[last, k], "X", color=style.INK, ms=6)
    pane.set(xlim=(0.0, time[-1]), ylim=(-14.0, 14.0))


def blame_picture(policy: Policy, push: float, seed: int, count: int = 8) -> Picture:
    """Draw the first of `count` pendulums that falls: the error of its DCM, and the reward of each decision.

    Args:
        policy: which is told nothing but these rewards.
        push: m/s, the greatest push.
        seed: of phases and pushes.
        count: how many pendulums are tried.

    Raises:
        ValueError: none of them falls.
    """
    run = sway(policy, count, push, seed)
    fell = np.abs(run.dcm) > LOST
    if not fell.any():
        raise ValueError(f"none of {count} pendulums falls, expected one: a greater push, or another seed")
    end = np.where(fell.any(0), fell.argmax(0), len(fell))
    one = int(end.argmin())
    last = int(end[one])
    off = (run.dcm - run.reference)[1 : last + 1, one]
    rewards = reward(off, np.arange(1, last + 1) == last)
    time = PERIOD * np.arange(1, last + 1)
    figure, (above, below) = picture(
        2,
        1,
        height=3.6,
        alt=f"A robot that falls after {time[-1]:.1f} s, and its {last} rewards: near 0.1 each, and -1 at last.",
        sharex=True,
    )
    above.plot(time, 100.0 * off, color=style.LEARNER)
    above.plot(time[-1], 100.0 * off[-1], "X", color=style.INK, ms=8)
    above.set_ylabel("error of\nthe DCM (cm)")
    colours = [style.LEARNER if value < 0.0 else style.EXPERT for value in rewards]
    below.bar(time, rewards, width=0.7 * PERIOD, color=colours)
    below.axhline(0.0, color=style.SOFT, lw=0.8)
    below.set(xlabel="time (s)", ylabel="reward of\neach decision")
    return figure


def visited_picture(paths: Mapping[str, Sequence[Path]]) -> Picture:
    """Draw where pendulums have been: the velocity of the centre of mass against its place, by whose data it is."""
    figure, panes = picture(
        1,
        len(paths),
        height=3.0,
        alt="Velocity against place of the centre of mass: "
        + "; ".join(f"{name}, {len(some)} episodes" for name, some in paths.items())
        + ".",
        sharex=True,
        sharey=True,
    )
    for pane, (name, some), colour in zip(panes, paths.items(), _SHADES, strict=False):
        for path in some:
            x, v = np.array(path).T
            pane.plot(100.0 * x, 100.0 * v, ".", color=colour, ms=3, alpha=0.6)
        pane.set_title(name, loc="left", fontsize=10.5)
        pane.set(xlabel="place (cm)", xlim=(-8.5, 8.5), ylim=(-26, 26))
    panes[0].set_ylabel("velocity (cm/s)")
    return figure


def rounds_picture(counts: Sequence[tuple[str, int, int, int]]) -> Picture:
    """Draw how many pendulums stand after each lesson, and how many had fallen until then.

    Args:
        counts: of each lesson its name, how many stood of how many, and how many falls it took until then.
    """
    figure, (axes,) = picture(
        1,
        height=0.7 + 0.33 * len(counts),
        alt="; ".join(
            f"{name}: {stood} of {of} stand, after {falls} falls" for name, stood, of, falls in counts
        )
        + ".",
    )
    for row, (_, stood, of, falls) in enumerate(counts):
        axes.barh(row, 100.0 * stood / of, color=style.LEARNER if row else style.EXPERT, height=0.6)
        note = f"{stood} of {of}" + (f", after {falls} falls" if falls else "")
        axes.text(100.0 * stood / of + 1.0, row, note, va="center", fontsize=9.5, color=style.INK)
    axes.set_yticks(range(len(counts)), [name for name, *_ in counts])
    axes.set(xlabel="of the pushes survived (%)", xlim=(0, 132), xticks=range(0, 101, 20))
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.grid(visible=False, axis="y")
    return figure


def trying_picture(triers: Mapping[str, Trier]) -> Picture:
    """Draw what became of the lessons of those who try: the mean reward of a decision, and all falls until then."""
    figure, (above, below) = picture(
        1,
        2,
        height=2.9,
        alt="; ".join(
            f"{name}: reward {one.lessons[0].reward:.3f} at first, {one.lessons[-1].reward:.3f} at last, "
            f"{one.lessons[-1].falls} falls"
            for name, one in triers.items()
        )
        + ".",
    )
    for (name, one), colour in zip(
        triers.items(), (style.LEARNER, style.SOFT, style.CART_TABLE), strict=False
    ):
        minutes = [PERIOD * lesson.decisions / 60.0 for lesson in one.lessons]
        above.plot(minutes, [lesson.reward for lesson in one.lessons], color=colour, label=name)
        below.plot(minutes, [lesson.falls for lesson in one.lessons], color=colour, label=name)
    above.set(xlabel="practice (minutes)", ylabel="mean reward of a decision")
    below.set(xlabel="practice (minutes)", ylabel="falls so far")
    if len(triers) > 1:
        legend_above(above)
    return figure


def habits_picture(robots: Mapping[str, Policy], tasks: Mapping[str, float], seed: int = 3) -> Picture:
    """Draw how each robot sways at each task, with where it ought to be dashed.

    Args:
        robots: by name.
        tasks: by name, how far ahead to lean, m.
        seed: of phases.
    """
    figure, panes = picture(
        len(tasks), len(robots), height=0.7 + 1.7 * len(tasks), alt="", sharex=True, sharey=True
    )
    told = []
    for row, (task, lean) in enumerate(tasks.items()):
        for column, (name, robot) in enumerate(robots.items()):
            pane, run = panes[row * len(robots) + column], sway(robot, 4, 0.05, seed, lean)
            time = PERIOD * np.arange(len(run.dcm))
            off = 100.0 * float(np.abs(run.dcm - run.reference).mean())
            told.append(f"{name} at {task}: {off:.1f} cm off")
            pane.plot(time, 100.0 * run.dcm[:, 0], color=style.LEARNER)
            pane.plot(time, 100.0 * run.reference[:, 0], color=style.EXPERT, lw=1.2, ls="--")
            pane.text(
                0.98,
                0.04,
                f"{off:.1f} cm off",
                transform=pane.transAxes,
                ha="right",
                fontsize=9.5,
                color=style.INK,
            )
            if row == 0:
                pane.set_title(name, loc="left", fontsize=10.5)
            if row == len(tasks) - 1:
                pane.set_xlabel("time (s)")
            pane.set(ylim=(-9, 9))
        panes[row * len(robots)].set_ylabel(f"{task}\nDCM (cm)")
    figure.alt = "; ".join(told) + "."
    return figure
