"""A training as it goes: the curve that moves under the cell, and what the policy says beside what the expert did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from IPython.display import display
from numpy.typing import NDArray

from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.learner import batch_of, normalise_by
from vla_course.learning.training.parts import Fit
from vla_course.learning.training.trainer import Progress
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.panels.training.numbers import NAMES


class Live:
    """A picture that moves under its cell: shown again, it takes the place of what was shown before."""

    _handle: Any = None

    def picture(self) -> Picture:
        """Draw how it stands."""
        raise NotImplementedError

    def show(self) -> None:
        """Draw it, in its place."""
        if self._handle is None:
            self._handle = display(self.picture(), display_id=True)
        else:
            self._handle.update(self.picture())


class LiveCurve(Live):
    """The two losses of a training, drawn anew at every report.

        train_vla_model(policy, examples, held_out, report=LiveCurve("your training"))

    Args:
        title: over the curve.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self.reports: list[Progress] = []

    def __call__(self, now: Progress) -> None:
        """Take a report, and draw."""
        self.reports.append(now)
        self.show()

    def picture(self) -> Picture:
        """Draw how it stands."""
        return curve_picture(self._title, self.reports)


def curve_picture(title: str, reports: Sequence[Progress]) -> Picture:
    """Draw training loss and validation error against the step; a ring is round the best validation."""
    last = reports[-1]
    steps = [one.step for one in reports]
    figure, (axes,) = picture(
        1,
        height=3.0,
        alt=f"{title}: after {last.step} of {last.steps} steps the loss is {last.loss:.3f}, the error on held-out "
        f"episodes {last.validation:.3f}, at best {last.best:.3f}.",
    )
    axes.plot(steps, [one.loss for one in reports], color=style.LEARNER, label="loss, episodes learnt from")
    validation = [one.validation for one in reports]
    axes.plot(steps, validation, color=style.HELD_OUT, label="error, held-out episodes")
    best = int(np.argmin(validation))
    axes.plot(steps[best], validation[best], "o", ms=11, mfc="none", mec=style.HELD_OUT, mew=1.6)
    axes.set(xlabel="step", xlim=(0, last.steps), ylim=(0.0, None), ylabel="mean absolute error,\nnormalised")
    axes.set_title(f"{title}: {last.seconds:.0f} s, {last.left:.0f} s left", loc="left", pad=22)
    legend_above(axes)
    return figure


def with_scales(policy: ChunkPolicy, examples: Examples, fit: Fit) -> ChunkPolicy:
    """Return an untrained policy that knows the ranges of its numbers, from examples, and nothing else."""
    normalise_by(policy, examples, fit)
    return policy.eval()


@torch.no_grad()
def answers(policy: ChunkPolicy, examples: Examples, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return what a policy says in some of the frames, (n, H, numbers) in their units."""
    batch = batch_of(examples, rows, policy, None)  # nothing of the chunk is given
    said: NDArray[np.float32] = policy.units(policy(batch | {"committed": batch["chunks"]})).numpy()
    return said


def chunks_picture(
    policies: Mapping[str, ChunkPolicy],
    examples: Examples,
    episode: int,
    numbers: Sequence[str] = (),
    every: int = 6,
) -> Picture:
    """Draw an episode of the expert, and the chunks that policies would have said along it.

    Args:
        policies: by name, a row of panes for each.
        examples: the episode's frames are among them.
        episode: its number.
        numbers: which of `NAMES` to draw; by default the three that move most.
        every: a chunk at every so many decisions.

    Raises:
        ValueError: the examples have no frame of such an episode.
    """
    rows = np.flatnonzero(examples.episodes == episode)
    if not len(rows):
        there = ", ".join(str(one) for one in np.unique(examples.episodes))
        raise ValueError(f"episode is {episode}, expected one of those in the examples: {there}")
    truth = _there(examples.chunks[rows, :1], examples.states[rows])[:, 0]
    numbers = numbers or [NAMES[k] for k in np.sort(np.argsort(np.ptp(truth, axis=0))[-3:])]
    figure, panes = picture(
        len(policies),
        len(numbers),
        height=0.5 + 2.1 * len(policies),
        alt="",
        sharex=True,
        sharey="col",
    )
    told = []
    for row, (name, policy) in enumerate(policies.items()):
        said = _there(answers(policy, examples, rows), examples.states[rows])
        off = float(
            np.abs(said - _there(examples.chunks[rows], examples.states[rows]))[examples.own[rows]].mean()
        )
        told.append(f"{name} is {off:.3f} off in the mean")
        panes[row * len(numbers)].set_ylabel(f"{name}: {off:.2f} off\n(of its range)", color=style.INK)
        for column, number in enumerate(numbers):
            pane, k = panes[row * len(numbers) + column], NAMES.index(number)
            pane.plot(0.1 * np.arange(len(rows)), truth[:, k], color=style.EXPERT, lw=2.4, label="the expert")
            for start in range(0, len(rows), every):
                span = 0.1 * (start + np.arange(said.shape[1]))
                thread = pane.plot(span, said[start, :, k], color=style.LEARNER, lw=1.1)
                pane.plot(span[0], said[start, 0, k], ".", color=style.LEARNER, ms=5)
                if start == 0:
                    thread[0].set_label("chunks of the policy")
            if row == 0:
                pane.set_title(number, fontsize=10.5, loc="left")
            if row == len(policies) - 1:
                pane.set_xlabel("time (s)")
    about = f"Episode {episode}: {', '.join(numbers)} against time, and chunks of policies."
    figure.alt = f"{about} {'; '.join(told)}."
    handles, labels = panes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2, fontsize=9.5, frameon=False)
    return figure


def _there(numbers: NDArray[np.float32], states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return spoken numbers (n, H, ...) as they stand, those of `NAMES`, not as changes from states (n, 75)."""
    return numbers[..., : len(NAMES)] + spoken.posture(states)[:, None, :]
