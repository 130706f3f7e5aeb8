"""Getting better by trying, live: half a minute of it with its curve, what was learnt, and scenes before and after.

residual, reports, shown = new_residual(), [], display(display_id=True)
for progress in improve_live(residual, parts=ImproveParts(advantages, clipped_objective)):
    reports.append(progress)
    shown.update(learning_curve(reports))
correction_picture(residual)
misses_picture(again(residual))
before_after_picture(before_after(seed=3, residual=residual))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.reinforcement.comparing import Attempt, attempt, compared
from vla_course.learning.reinforcement.files import POINTING, Pointing, load_residual, practice
from vla_course.learning.reinforcement.hand import MOST
from vla_course.learning.reinforcement.improve import Progress, improve
from vla_course.learning.reinforcement.options import ImproveOptions, ImproveParts
from vla_course.learning.reinforcement.pointing import ATTEMPTS, PointingDecisions
from vla_course.learning.reinforcement.residual import Residual
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.scene.cameras import Camera, Tripod
from vla_course.simulation.tasks.goals_hands import POINTED
from vla_course.simulation.tasks.saying import say

Image = NDArray[np.uint8]

SHORTLY: Final = ImproveOptions(rounds=4)
"""a third of what the shipped correction learnt from, in rounds as large: half as large, they led astray"""
WATCHED: Final = 6.0
"""s, that an attempt has; whoever is not done by then hardly ever is later"""


@dataclass(frozen=True, eq=False)
class Take:
    """One way of carrying out a task, photographed.

    Attributes:
        name: whose way it is.
        came: what came of it.
        pictures: (n, 240, 320, 3) uint8, one a decision, from beside the robot.
    """

    name: str
    came: Attempt
    pictures: tuple[Image, ...]


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """The same scene from the same moment on: by the clone alone, and with what was learnt."""

    sentence: str
    takes: tuple[Take, Take]


def new_residual(seed: int = 0) -> Residual:
    """Return a correction of the shipped clone's hand that corrects nothing yet."""
    torch.manual_seed(seed)
    return Residual(PointingDecisions.sizes)


def improve_live(
    residual: Residual,
    options: ImproveOptions = SHORTLY,
    *,
    parts: ImproveParts | None = None,
    workers: int = 2,
) -> Iterator[Progress]:
    """Let a residual get better at pointing on top of the shipped clone, and yield what came of each round.

    Args:
        residual: learns, in place: of `new_residual`.
        options: how long, and how.
        parts: whose exercises 4.9 and 4.10, by default the reference's.
        workers: processes that try; 0: this one alone, to the same bits.
    """
    return improve(residual, practice(), options, workers=workers, parts=parts)


def learning_curve(reports: Sequence[Progress]) -> Picture:
    """Draw the reward of a decision, and how much is corrected and how much is tried, against decisions.

    How often episodes succeed meanwhile is no measure: what is tried keeps a hand from holding still as the task's rule
    asks. Call it again after every round: `DisplayHandle.update` makes a moving curve of it.
    """
    tried = [one.decisions for one in reports]
    last = reports[-1] if reports else None
    alt = "Nothing was tried yet."
    if last is not None:
        alt = (
            f"After {last.decisions} decisions a decision brings {last.reward:.2f}, in the first round "
            f"{reports[0].reward:.2f}; corrections are {last.correction:.2f} large, and what is tried beside them is "
            f"{last.spread:.2f}."
        )
    figure, (reward, size) = picture(1, 2, height=2.6, alt=alt)
    reward.plot(tried, [one.reward for one in reports], "o-", color=style.COP)
    reward.set(title="reward of a decision", xlabel="decisions tried")
    size.plot(tried, [one.correction for one in reports], "o-", color=style.LEARNER, label="corrections")
    size.plot(tried, [one.spread for one in reports], "o-", color=style.SOFT, label="noise that is tried")
    size.set(title="how large (1 is the greatest turn)", xlabel="decisions tried", ylim=(0.0, 0.6))
    size.legend(loc="upper right")
    if last is not None:
        # Of a training the end is known: the curve grows into its axes.
        most = last.decisions / last.round * last.rounds
        for axes in (reward, size):
            axes.set_xlim(0.0, 1.03 * most)
    return figure


def correction_picture(residual: Residual, farthest: float = 30.0, count: int = 9) -> Picture:
    """Draw by how much a residual turns the hand, for each place of the thing beside the line of the fingers.

    An arrow begins where the thing is, seen along the fingers, and goes the way that these turn in a tenth of a second.
    Of a new residual it has no length; one that has learnt to point turns to where the thing is: away from the middle.

    Args:
        residual: new, or taught.
        farthest: degrees beside the fingers, to all sides.
        count: of arrows in a row.
    """
    beside = np.radians(np.linspace(-farthest, farthest, count))
    across, square = (part.ravel() for part in np.meshgrid(beside, beside))
    features = torch.from_numpy(np.stack((across, square), axis=1).astype(np.float32))
    with torch.no_grad():
        about_y, about_z = np.degrees(MOST * residual(features).clamp(-1.0, 1.0).numpy()).T
    # A turn about z moves the fingers along y; one about y, away from z.
    toward = int(np.sum(about_z * across - about_y * square > 0.0))
    figure, (axes,) = picture(
        1,
        1,
        height=4.2,
        alt=f"Of {len(across)} places of a thing beside the fingers the hand is turned towards the thing in {toward}.",
    )
    axes.quiver(
        *(np.degrees(across), np.degrees(square), about_z, -about_y),
        color=style.LEARNER,
        angles="xy",
        scale_units="xy",
        scale=1.0,
        width=0.004,
    )
    axes.set(
        title=f"turned towards the thing: in {toward} of {len(across)} places",
        xlabel="the thing is beside the fingers, the way they open, by (°)",
        ylabel="and square to that by (°)",
        aspect="equal",
    )
    return figure


def again(residual: Residual, scenes: int = 8, first: int = 1000) -> list[tuple[Attempt, ...]]:
    """Return what comes of scenes by the shipped clone alone, and with what was learnt: pairs."""
    make = Pointing(POINTING, WATCHED)
    return [compared(make, (None, residual), ATTEMPTS * (first + k)) for k in range(scenes)]


def misses_picture(pairs: Sequence[tuple[Attempt, ...]]) -> Picture:
    """Draw by how much the line of the fingers missed in each scene in the end, before and after."""
    counts = [sum(pair[k].success for pair in pairs) for k in (0, 1)]
    figure, (axes,) = picture(
        1,
        1,
        height=3.0,
        alt=f"The same {len(pairs)} scenes: the clone succeeds in {counts[0]}, corrected in {counts[1]}.",
    )
    for row, (before, after) in enumerate(sorted(pairs, key=lambda pair: pair[0].miss)):
        axes.plot([100 * before.miss, 100 * after.miss], [row, row], color=style.GROUND, lw=3.0, zorder=1)
        for one, colour in ((before, style.EXPERT), (after, style.LEARNER)):
            face = colour if one.success else "white"
            axes.plot(100 * one.miss, row, "o", color=colour, mfc=face, ms=7, mew=1.6, zorder=2)
    for name, colour in (("the clone", style.EXPERT), ("corrected", style.LEARNER)):
        axes.plot([], [], "o", color=colour, label=name)
    axes.plot([], [], "o", color=style.SOFT, mfc="white", mew=1.6, label="not done in time")
    axes.axvline(100 * POINTED, color=style.SOFT, lw=1.0, ls="--")
    axes.set(
        title=f"done: {counts[0]} of {len(pairs)} before, {counts[1]} after",
        xlabel="the fingers' line passes the thing by (cm); dashed: near enough",
        yticks=[],
        ylabel="scenes",
    )
    axes.set_xlim(left=0.0)
    axes.legend(loc="lower right")
    return figure


def before_after(seed: int, residual: Residual | None = None) -> BeforeAfter:
    """Let the shipped clone point, alone and corrected, in the scene that `seed` draws.

    Args:
        seed: of the episode.
        residual: what was learnt on that clone, by default what ships.
    """
    residual = residual or load_residual(POINTING)
    with Pointing(POINTING, WATCHED)() as decisions:
        takes = _take(decisions, "the clone", None, seed), _take(decisions, "corrected", residual, seed)
        sentence = say(decisions.env.task.instruction, np.random.default_rng(seed))
    return BeforeAfter(sentence, takes)


def _take(decisions: PointingDecisions, name: str, residual: Residual | None, seed: int) -> Take:
    pictures: list[Image] = []

    def look() -> None:
        stage = decisions.env.stage
        x, y, _ = stage.humanoid.state().base_position.tolist()
        beside = Tripod((x + 1.25, y - 1.05, 1.45), (x + 0.3, y, 0.85))
        pictures.append(Camera(stage.world, beside, width=320, height=240, field_of_view=0.75).capture().rgb)

    came = attempt(decisions, residual, seed, look)
    return Take(name, came, tuple(pictures))


def before_after_picture(pair: BeforeAfter, count: int = 5) -> Picture:
    """Show both ways in a row of `count` pictures each, at the same moments, the last one where each has ended."""
    longest = max(len(take.pictures) for take in pair.takes)
    told = "; ".join(f"{take.name}: {_ending(take.came)}" for take in pair.takes)
    figure, panes = picture(
        2, count, height=3.6, alt=f"The robot, told to {pair.sentence!r}, in the same scene twice. {told}."
    )
    for row, take in enumerate(pair.takes):
        for column in range(count):
            pane = panes[row * count + column]
            moment = round(column * (longest - 1) / max(count - 1, 1))
            pane.imshow(take.pictures[min(moment, len(take.pictures) - 1)], interpolation="lanczos")
            pane.set(xticks=[], yticks=[])
            pane.spines[:].set_visible(False)
            pane.grid(False)
        first = panes[row * count]
        line = first.text(
            0.0, 1.06, f"{take.name}: {_ending(take.came)}", fontsize=10, transform=first.transAxes
        )
        line.set_in_layout(False)  # or its length would push the pictures apart
    figure.set_layout_engine("constrained", h_pad=0.16)  # room for the lines
    figure.suptitle(
        f"“{pair.sentence}”", x=0.01, ha="left", fontsize=12.5, fontweight="bold", color=style.INK
    )
    return figure


def _ending(came: Attempt) -> str:
    """Say what came of an attempt."""
    beside = f"the line passes {100.0 * came.miss:.0f} cm beside it"
    return f"{'done' if came.success else came.failure} after {came.seconds:.1f} s, {beside}"
