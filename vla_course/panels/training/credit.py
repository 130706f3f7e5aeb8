"""How far back credit goes, and how far a policy may go: pictures of advantages and of the clipped objective."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

if TYPE_CHECKING:
    from torch import Tensor

    from vla_course.learning.reinforcement.policy_loss import PolicyLoss

Advantages = Callable[..., tuple[NDArray[np.float32], NDArray[np.float32]]]
Objective = Callable[["Tensor", "Tensor", "Tensor", float], "PolicyLoss"]

FALL, CUT = "falls", "time is up"
_NUDGE: Final = 1.0


def credit_picture(
    advantages: Advantages, steps: int, endings: Mapping[int, str], gamma: float, lam: float
) -> Picture:
    """Draw as arrows which steps a reward is credit for, and how much: the slope of each advantage by each reward.

    Args:
        advantages: exercise 4.9.
        steps: of one robot.
        endings: how the steps end that an episode ends with: `FALL` or `CUT`.
        gamma, lam: handed on.
    """
    ended = np.array([[endings.get(step) == FALL] for step in range(steps)])
    late = np.array([[endings.get(step) == CUT] for step in range(steps)])

    def found(rewards: NDArray[np.float32]) -> NDArray[np.float32]:
        values = np.zeros((steps + 1, 1), dtype=np.float32)
        return advantages(rewards, values, ended, late, np.zeros((steps, 1), np.float32), gamma, lam)[0][:, 0]

    base = found(np.zeros((steps, 1), dtype=np.float32))
    slopes = np.zeros((steps, steps))
    for step in range(steps):
        rewards = np.zeros((steps, 1), dtype=np.float32)
        rewards[step] = _NUDGE
        slopes[:, step] = found(rewards) - base
    crossing = sum(
        1
        for end in endings
        for to in range(end + 1)
        for by in range(end + 1, steps)
        if abs(slopes[to, by]) > 1e-6
    )
    figure, (axes,) = picture(
        1,
        height=2.4,
        alt=f"{steps} steps of a robot; arrows from each reward back to the steps that it is credit for. "
        f"{crossing} arrows cross the end of an episode.",
    )
    for by in range(steps):
        for to in range(by):
            weight = float(slopes[to, by])
            if weight > 0.02:
                axes.annotate(
                    "",
                    (to, 0.06),
                    (by, 0.06),
                    arrowprops={
                        "arrowstyle": "->",
                        "connectionstyle": "arc3,rad=0.42",
                        "lw": 3.0 * weight,
                        "alpha": min(1.0, 0.15 + weight),
                        "color": style.LEARNER if any(to <= end < by for end in endings) else style.EXPERT,
                    },
                )
    axes.plot(range(steps), np.zeros(steps), "o", color=style.EXPERT, ms=9)
    for step in range(steps):
        axes.text(step, -0.32, str(step), ha="center", va="center", fontsize=9.5, color=style.SOFT)
    for end, how in endings.items():
        axes.axvline(end + 0.5, ymin=0.02, ymax=0.98, color=style.INK, lw=1.2, ls="--")
        axes.text(end + 0.45, 1.57, how, fontsize=10, color=style.INK, ha="right", va="top")
    axes.set(xlim=(-0.6, steps - 0.4), ylim=(-0.55, 1.6), xticks=[], yticks=[], xlabel="step")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure


def ratio_picture(
    actions: Sequence[float] = (-0.1, 0.2, 0.45), moved: float = 0.12, spread: float = 0.15
) -> Picture:
    """Draw the probability of actions before and after a step of learning, and the ratio of both for some of them.

    Args:
        actions: that were tried.
        moved: how far the mean of the policy has moved.
        spread: standard deviation of the policy.
    """

    def density(x: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(-0.5 * ((x - mean) / spread) ** 2) / (spread * np.sqrt(2.0 * np.pi)))

    x, tried = np.linspace(-0.5, 0.75, 251), np.array(actions)
    figure, (axes,) = picture(1, height=2.7, alt="")
    axes.plot(x, density(x, 0.0), color=style.EXPERT, label="old policy, which tried")
    axes.plot(x, density(x, moved), color=style.LEARNER, label="new policy")
    old, new = density(tried, 0.0), density(tried, moved)
    for at, low, high in zip(tried, old, new, strict=True):
        axes.plot([at, at], [low, high], color=style.INK, lw=1.0)
        axes.plot(at, low, "o", color=style.EXPERT, ms=6)
        axes.plot(at, high, "o", color=style.LEARNER, ms=6)
        axes.annotate(
            f"ρ = {high / low:.1f}", (at, max(low, high)), (8, 6), textcoords="offset points", fontsize=10
        )
    axes.set(
        xlabel="action: where the ZMP ought to be, of its reach", ylabel="probability density", ylim=(0, 3.4)
    )
    ratios = ", ".join(f"{high / low:.1f} at {at:g}" for at, low, high in zip(tried, old, new, strict=True))
    figure.alt = f"Two bell curves over the action, an old policy and a new one; their ratio is {ratios}."
    legend_above(axes)
    return figure


def clip_picture(objective: Objective, clip: float) -> Picture:
    """Draw what a sample adds to the objective against the ratio of probabilities, and the slope that it pulls with."""
    ratios = np.linspace(0.5, 1.5, 101)
    figure, panes = picture(
        1,
        2,
        height=3.0,
        alt=f"The clipped objective against the ratio, for an action that was better and one that was worse than "
        f"expected; flat beyond {1 + clip:g} and below {1 - clip:g}.",
    )
    for pane, gain, what in zip(
        panes, (1.0, -1.0), ("it was better than expected", "it was worse"), strict=True
    ):
        worth, pulls = _of(objective, ratios, gain, clip)
        pane.axvspan(1.0 - clip, 1.0 + clip, color=style.BAND, lw=0)
        pane.plot(ratios, gain * ratios, color=style.SOFT, lw=1.0, ls=":", label="not clipped")
        pane.plot(ratios, worth, color=style.LEARNER, lw=2.4, label="yours")
        flat = pulls == 0.0
        pane.plot(ratios[flat], worth[flat], color=style.EXPERT, lw=2.4, label="no gradient: stay here")
        pane.set_title(what, loc="left", fontsize=10.5)
        pane.set(xlabel="new probability over old", ylabel="what is made larger" if gain > 0 else "")
    handles, labels = panes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=3, fontsize=9.5, frameon=False)
    return figure


def _of(
    objective: Objective, ratios: NDArray[np.float64], gain: float, clip: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each ratio is worth and how strongly its sample pulls."""
    worth: list[float] = []
    pulls: list[float] = []
    for ratio in ratios.tolist():
        chance = torch.tensor([float(np.log(ratio))], requires_grad=True)
        told = objective(chance, torch.zeros(1), torch.tensor([gain]), clip)
        worth.append(-float(told.loss.detach()))
        (pull,) = torch.autograd.grad(told.loss, chance, allow_unused=True)
        pulls.append(0.0 if pull is None else float(pull))
    return np.array(worth), np.array(pulls)
