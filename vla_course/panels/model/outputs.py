"""What comes out of a vision-language-action model, to be looked at: joints, plans, and steps in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture

if TYPE_CHECKING:
    from torch import Tensor, nn

    from vla_course.learning.model.answers import TaskPlan
    from vla_course.learning.model.joint_range import JointRange

_LINES = (style.ZMP, style.COM, style.COP, style.CART_TABLE)


def range_picture(limits: JointRange, names: Sequence[str], answers: Mapping[str, Tensor]) -> Picture:
    """Draw the range of each joint, and the targets (n, joints) rad of each answer as dots, in degrees."""
    lower, upper = np.degrees(limits.lower), np.degrees(limits.upper)
    targets = {name: np.degrees(answer.numpy()) for name, answer in answers.items()}
    outside = sum(int(((one < lower - 1e-3) | (one > upper + 1e-3)).sum()) for one in targets.values())
    figure, (axes,) = picture(
        height=3.5,
        alt=f"The range of {len(names)} joints as bars, targets as dots; {outside} dots lie outside.",
    )
    axes.bar(range(len(names)), upper - lower, bottom=lower, width=0.62, color=style.GROUND)
    for shift, (name, found), colour in zip(
        (-0.13, 0.13), targets.items(), (style.COM, style.ZMP), strict=False
    ):
        columns = np.tile(np.arange(len(names)) + shift, (len(found), 1))
        axes.plot(columns.ravel(), found.ravel(), ".", ms=5, color=colour, label=name)
    axes.set_xticks(
        range(len(names)), [name.replace("_", " ") for name in names], rotation=60, ha="right", fontsize=8
    )
    axes.set(ylabel="joint (°)", ylim=(lower.min() - 12.0, upper.max() + 12.0))
    legend_above(axes)
    return figure


def plan_picture(tasks: Sequence[str], plans: Mapping[str, TaskPlan]) -> Picture:
    """Draw the task's probabilities, for each of some sentences."""
    shown = {name: plan.task_probabilities[0].detach().numpy() for name, plan in plans.items()}
    told = "; ".join(
        f"{name}: {tasks[int(row.argmax())]} with {100 * row.max():.0f} %" for name, row in shown.items()
    )
    figure, (axes,) = picture(height=3.0, alt=f"Probabilities of {len(tasks)} tasks. Highest: {told}.")
    width = 0.8 / len(shown)
    for number, ((name, row), colour) in enumerate(zip(shown.items(), _LINES, strict=False)):
        axes.bar(
            np.arange(len(tasks)) + number * width, 100.0 * row, width=width, color=colour, label=f"“{name}”"
        )
    axes.axhline(100.0 / len(tasks), color=style.INK, lw=1.0, ls=":", label="chance")
    axes.set_xticks(np.arange(len(tasks)) + 0.4 - width / 2.0, tasks, rotation=35, ha="right", fontsize=9)
    axes.set(ylabel="probability (%)", ylim=(0.0, None))
    legend_above(axes, columns=4)
    return figure


def steps_picture(features: Mapping[str, Tensor]) -> Picture:
    """Draw how much each step's features (steps, width) differ from those of the step before, in per cent."""
    change = {
        name: 100.0 * ((steps[1:] - steps[:-1]).norm(dim=-1) / steps[1:].norm(dim=-1)).numpy()
        for name, steps in features.items()
    }
    told = ", ".join(f"{name} {row[-1]:.1f} %" for name, row in change.items())
    figure, (axes,) = picture(
        height=2.8, alt=f"How much a step differs from the one before; at the last step: {told}."
    )
    for (name, row), colour in zip(change.items(), _LINES, strict=False):
        axes.plot(np.arange(1, len(row) + 1), row, "o-", ms=4, color=colour, label=name)
    axes.set(xlabel="step of the chunk", ylabel="differs from the\nstep before by (%)", ylim=(0.0, None))
    legend_above(axes, columns=2)
    return figure


def taught_a_sine(lstm: nn.LSTM, repeated: Tensor, rounds: int = 200) -> float:
    """Train an LSTM, in place, to follow two periods of a sine while it is fed one vector again and again.

    Args:
        lstm: batch first.
        repeated: (1, steps, width), the same vector at each step.
        rounds: of training; about a hundredth of a second each.

    Returns:
        The mean square error of a linear reading of its outputs; one that stays at zero has 0.5.
    """
    import torch

    steps = repeated.shape[1]
    sine = torch.sin(4.0 * torch.pi * torch.arange(steps) / steps)
    reading = torch.nn.Linear(lstm.hidden_size, 1)
    optimizer = torch.optim.Adam([*lstm.parameters(), *reading.parameters()], lr=1e-3)
    for _ in range(rounds):
        error = (reading(lstm(repeated)[0])[0, :, 0] - sine).square().mean()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    return error.item()
