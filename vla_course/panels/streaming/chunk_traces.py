"""One joint and its chunks: what a robot does while answers take their time, for each way of going over to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vla_course.learning.model.joint_range import joint_range
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.serving.chunks.chunk import CLOSE
from vla_course.serving.chunks.deciding import decide, joints_of
from vla_course.serving.chunks.delays import InjectedDelay
from vla_course.serving.chunks.modes import player_of
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.chunks.player import Ask, Timing
from vla_course.serving.chunks.smoothness import Jerk, jerk_of
from vla_course.simulation.robot.layout import ACTION, ARMS, HEAD, JOINT_NAMES

if TYPE_CHECKING:
    from vla_course.learning.policy.chunk_policy import ChunkPolicy
    from vla_course.simulation.tasks.stage import Stage

Floats = NDArray[np.float32]
Decides = Callable[[Ask], Floats]
Carries = Callable[[Floats, float], None]

TIMING: Final = Timing()
HORIZON: Final = 12
UPPER: Final = np.r_[ARMS, HEAD] + ACTION.joints.start
SPREAD: Final = 0.12
"""of the range of the joint, by which decisions differ from what is right"""
PROMISED: Final = 2.0
"""actions, in which the decision that was given a prefix has come back to what it would have said without"""


@dataclass(frozen=True)
class Played:
    """What a robot did: `sent` (n, 36) tick by tick, the `borders` at which another chunk took over, and its `chunks`.

    Attributes:
        chunks: of each answer when it was seen, when it came, s, and what it said (H, 36).
        held: ticks in which nothing was due.
        away: m, from hand to thing tick by tick, where there is a thing.
    """

    sent: Floats
    borders: Sequence[int]
    chunks: Sequence[tuple[float, float, Floats]]
    held: int
    away: Sequence[float] = ()

    @property
    def jerk(self) -> Jerk:
        """Of the commanded joints, at borders and elsewhere."""
        return jerk_of(list(self.sent), self.borders, TIMING.tick)


def play(
    mode: str,
    doing: Floats,
    decides: Decides,
    carries: Carries,
    delay: InjectedDelay,
    seconds: float,
    parts: ChunkParts | None = None,
) -> Played:
    """Let a player of a mode act on answers that come after a delay, on a clock of its own ticks.

    Args:
        mode: one of `chunks.modes.MODES`.
        doing: (36,), what the robot does before the first chunk.
        decides: what is answered.
        carries: carries out an action for so many s.
        delay: draws how long each answer takes.
        seconds: how long.
        parts: those of the player that are exercises, by default the reference's.
    """
    player = player_of(mode, doing, TIMING, parts)
    answer: Floats | None = None
    asked, comes = 0.0, np.inf
    sent: list[Floats] = []
    borders: list[int] = []
    chunks: list[tuple[float, float, Floats]] = []
    while len(sent) * TIMING.tick < seconds:
        now = len(sent) * TIMING.tick
        for _ in range(2):  # what is answered at once is acted on at once
            if answer is not None and comes <= now + CLOSE:
                player.takes(answer, now)
                chunks.append((asked, now, answer))
                answer = None
            if (ask := player.asks(now)) is not None:
                answer, asked, comes = decides(ask), now, now + delay.draw()
        sent.append(player.plays(now))
        if player.changed:
            borders.append(len(sent) - 1)
        carries(sent[-1], TIMING.tick)
    return Played(np.array(sent), borders, chunks, player.held)


# ---- a joint on paper ---------------------------------------------------------------------------------


def right(moment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the joint should be at a moment, -1 to 1: it swings, once in four seconds."""
    swung: NDArray[np.float64] = 0.45 * np.sin(2.0 * np.pi * moment / 4.0)
    return swung


def on_paper(
    mode: str, delay: float = 0.2, seconds: float = 3.2, seed: int = 2, parts: ChunkParts | None = None
) -> Played:
    """Play chunks of a policy that is right but for a little, each time another little.

    Told what is committed it goes on from there, and comes back to its own opinion within a few actions; that is what
    a policy does that was trained to the point.

    Args:
        mode: one of `chunks.modes.MODES`.
        delay: s, of an answer on the average.
        seconds: how long.
        seed: draws its opinions and the delays, the same for every mode that asks as often.
        parts: those of the player that are exercises.
    """
    opinions, delays = (np.random.default_rng([seed, stream]) for stream in range(2))

    def decides(ask: Ask) -> Floats:
        moments = ask.seen + TIMING.period * np.arange(1.0 + ask.ahead, HORIZON + 1.0 + ask.ahead)
        said = right(moments) + SPREAD * float(opinions.normal())
        given = 0 if ask.ahead else len(ask.committed)
        if ask.ahead:  # it is shown where the robot will be, and not on what way
            there = right(moments[:1] - TIMING.period)[0] + said[0] - right(moments[:1])[0]
            off = float(ask.committed[-1, UPPER[0]]) - there
            said += [off * exp(-(k + 1) / PROMISED) for k in range(HORIZON)]
        elif given:
            off = float(ask.committed[-1, UPPER[0]]) - said[given - 1]
            said[:given] = ask.committed[:, UPPER[0]]
            said[given:] += [off * exp(-(k + 1) / PROMISED) for k in range(HORIZON - given)]
        actions = np.zeros((HORIZON, ACTION.size), np.float32)
        actions[:, UPPER] = said[:, None]
        return actions

    return play(
        mode,
        np.zeros(ACTION.size, np.float32),
        decides,
        lambda action, lasts: None,
        InjectedDelay(delay, 0.2, delays),
        seconds,
        parts,
    )


def paper_picture(played: Mapping[str, Played]) -> Picture:
    """Draw what one joint was sent, its chunks behind it, for each way of going over; dots where a chunk took over."""
    figure, panes = picture(
        len(played),
        1,
        height=0.5 + 1.35 * len(played),
        alt="; ".join(f"{name}: jerk {one.jerk.borders:.0f} at borders" for name, one in played.items())
        + " rad/s³.",
        sharex=True,
        sharey=True,
    )
    joint = UPPER[0]
    for axes, (name, one) in zip(panes, played.items(), strict=True):
        for seen, comes, said in one.chunks:
            due = seen + TIMING.period * np.arange(1, len(said) + 1)
            axes.plot(due, said[:, joint], color=style.CART_TABLE, lw=0.8, alpha=0.75)
            axes.plot([seen, comes], [1.05, 1.05], color=style.PUSH, lw=4.0, solid_capstyle="butt")
        moments = TIMING.tick * np.arange(1, len(one.sent) + 1)
        axes.plot(moments, one.sent[:, joint], color=style.COM, lw=2.0)
        axes.plot(moments[list(one.borders)], one.sent[list(one.borders), joint], "o", color=style.COM, ms=5)
        axes.set(ylim=(-0.9, 1.2), xlim=(0, moments[-1]), yticks=[-0.5, 0.0, 0.5])
        held = f", {one.held} ticks without anything due" if one.held > 12 else ""
        axes.set_title(
            f"{name}: jerk at borders {one.jerk.borders:.0f} rad/s³{held}", loc="left", fontsize=10.5
        )
    figure.supylabel("command (-1 to 1)", fontsize=10.5, color=style.INK)
    panes[-1].set_xlabel("time (s)")
    handles = [
        panes[0].plot([], [], color=style.COM, lw=2)[0],
        panes[0].plot([], [], color=style.CART_TABLE, lw=1)[0],
        panes[0].plot([], [], color=style.PUSH, lw=4)[0],
    ]
    figure.legend(
        handles,
        ["sent", "each chunk", "an answer on its way"],
        loc="outside upper left",
        ncols=3,
        frameon=False,
    )
    return figure


def weights_picture(weights: Callable[[NDArray[np.float64], float], NDArray[np.float64]]) -> Picture:
    """Draw how much each of eight predictions of one moment counts, for three values of m.

    Args:
        weights: of predictions, by when they were decided, s, and m (exercise 2.7).
    """
    decided = TIMING.period * np.arange(8.0, dtype=np.float64)
    found = {m: weights(decided, m) for m in (0.01, 0.3, -0.3)}
    figure, panes = picture(
        1,
        len(found),
        height=2.3,
        alt="; ".join(f"m = {m}: the oldest counts {one[0]:.2f}" for m, one in found.items()) + ".",
        sharey=True,
    )
    for axes, (m, one) in zip(panes, found.items(), strict=True):
        axes.bar(np.arange(len(one)), one, color=[style.COM, *["#C9CED2"] * (len(one) - 2), style.ZMP])
        axes.set_xticks([0, len(one) - 1], ["oldest", "newest"])
        axes.tick_params(axis="x", length=0, labelcolor=style.INK)
        axes.grid(visible=False, axis="x")
        axes.set_title(f"m = {m:g}", loc="left", fontsize=10.5)
    panes[0].set_ylabel("weight")
    return figure


def merge_picture(merge: Callable[[Floats, Floats, int], Floats], cases: Sequence[int]) -> Picture:
    """Draw what is left to play of a chunk of eight actions, the first three of which were committed.

    Args:
        merge: of what was committed, a chunk, and how many rows are over (exercise 2.9).
        cases: how many rows are over.
    """
    committed = np.full((3, 1), 1.0, np.float32)
    chunk = np.full((8, 1), 2.0, np.float32)
    left = {passed: merge(committed, chunk, passed)[:, 0] for passed in cases}
    figure, (axes,) = picture(
        height=0.9 + 0.46 * (len(left) + 2),
        alt="; ".join(
            f"{passed} over: {int((rows == 1).sum())} committed and {int((rows == 2).sum())} new are left"
            for passed, rows in left.items()
        )
        + ".",
    )
    lines = {"committed": committed[:, 0], "the answer": chunk[:, 0]}
    lines |= {
        f"left, if {passed} passed": np.r_[np.zeros(passed), rows] for passed, rows in left.items()
    }
    colours = {0: None, 1: style.COM, 2: style.CART_TABLE}
    for row, numbers in enumerate(lines.values()):
        for place, number in enumerate(numbers):
            if colours.get(int(number)) is not None:
                box = Rectangle((place + 0.05, row - 0.36), 0.9, 0.72, fc=colours[int(number)], ec="none")
                axes.add_patch(box)
    axes.set(xlim=(0, 8.2), ylim=(len(lines) - 0.4, -0.6), xlabel="row: action, counted from when it was asked for")
    axes.set_xticks(np.arange(8) + 0.5, [str(k) for k in range(8)])
    axes.set_yticks(range(len(lines)), list(lines))
    axes.tick_params(length=0, labelcolor=style.INK)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure


# ---- the robot ----------------------------------------------------------------------------------------


def on_the_robot(
    network: ChunkPolicy,
    mode: str,
    delay: float = 0.2,
    seconds: float = 4.5,
    seed: int = 3,
    parts: ChunkParts | None = None,
    meddles: Callable[[Stage, str, float], None] = lambda stage, thing, now: None,
) -> Played:
    """Let the policy that ships reach for something, in physics, while its answers take their time.

    Args:
        network: the policy's.
        mode: one of `chunks.modes.MODES`.
        delay: s, of an answer on the average.
        seconds: how long.
        seed: of the scene.
        parts: those of the player that are exercises.
        meddles: somebody who may do something to the thing before each tick, at a time of so many s.
    """
    from vla_course.learning.environment.action_space import read_action
    from vla_course.learning.environment.environment import HumanoidTaskEnv
    from vla_course.learning.expert.scene_knowledge import TrueKnowledge
    from vla_course.learning.policy.actor import Actor
    from vla_course.panels.evaluation.reaching import task_of

    task, joints = task_of(seed), joint_range()
    instruction = task.parts[0].instruction
    away: list[float] = []
    env = HumanoidTaskEnv(cameras=())
    try:
        env.reset(seed=seed, options={"task": task})
        hand, thing = task.hand or "right", instruction.thing or ""
        actor = Actor(network, TrueKnowledge(env.stage), instruction, hand, env.robot)

        def carries(action: Floats, lasts: float) -> None:
            meddles(env.stage, thing, TIMING.tick * len(away))
            for _ in env.robot.carry_out(read_action(action, joints), lasts):
                pass
            tool = np.array(env.stage.humanoid.link_pose(f"{hand}_tool")[0])
            away.append(float(np.linalg.norm(tool - env.stage.place(thing))))

        drawn = InjectedDelay(delay, 0.2, np.random.default_rng(seed))
        one = play(
            mode,
            env.robot.as_it_is(),
            lambda ask: decide(actor, ask, TIMING.period),
            carries,
            drawn,
            seconds,
            parts,
        )
    finally:
        env.close()
    return Played(one.sent, one.borders, one.chunks, one.held, away)


def robot_picture(played: Mapping[str, Played]) -> Picture:
    """Draw the joint that moves most, and how far the hand is from its thing, for ways of going over, three at most."""
    joints = {name: np.degrees(joints_of(one.sent)) for name, one in played.items()}
    arms = np.ptp(np.concatenate([one[:, ARMS] for one in joints.values()]), axis=0)
    joint = ARMS.start + int(arms.argmax())
    figure, (left, right_) = picture(
        1,
        2,
        height=3.4,
        alt="; ".join(
            f"{name}: jerk {one.jerk.borders:.0f} rad/s³ at borders, the hand ends {100 * one.away[-1]:.0f} cm away"
            for name, one in played.items()
        )
        + ".",
        width_ratios=[1.4, 1.0],
    )
    for colour, (name, one) in zip((style.SOFT, style.ZMP, style.COM), played.items(), strict=False):
        moments = TIMING.tick * np.arange(1, len(one.sent) + 1)
        left.plot(
            moments, joints[name][:, joint], color=colour, label=f"{name}: jerk {one.jerk.borders:.0f} rad/s³"
        )
        borders = list(one.borders)
        left.plot(moments[borders], joints[name][borders, joint], "o", color=colour, ms=4)
        right_.plot(moments, 100 * np.array(one.away), color=colour)
    left.set(
        xlabel="time (s)",
        ylabel=f"{JOINT_NAMES[joint].replace('_', ' ')}, commanded (°)",
        xlim=(0, moments[-1]),
    )
    right_.set(xlabel="time (s)", ylabel="hand to thing (cm)", xlim=(0, moments[-1]), ylim=(0, None))
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside upper left", ncols=3, frameon=False, fontsize=9.5
    )
    return figure
