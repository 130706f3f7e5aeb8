"""A wall of failures: clones that each have one thing wrong with them, to be told apart by how they sway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.swaying.cloning import Clone, clone
from vla_course.panels.swaying.drift import draw_errors
from vla_course.panels.swaying.world import LOST, Floats, OneSwaying, Policy, sway

Round = Callable[..., list[tuple[Floats, Floats]]]
"""exercise 4.6"""

PUSH: Final = 0.12
LATE: Final = 4
"""decisions, by which labels or observations are late"""


def patients(dagger_round: Round, seed: int = 0) -> dict[str, Policy]:
    """Return policies by what is wrong with them; the last one has nothing wrong.

    Args:
        dagger_round: exercise 4.6, to gather what they learn from.
        seed: of all chance.
    """
    rng = np.random.default_rng(seed)
    calm = OneSwaying(rng)
    shown = dagger_round([], calm.reset, calm.step, calm.expert, calm.expert, 1.0, 4, rng)
    first = clone(shown)
    pushed = OneSwaying(rng, push=0.3)
    good = dagger_round(shown, pushed.reset, pushed.step, first, pushed.expert, 0.0, 6, rng)
    own = dagger_round(shown, pushed.reset, pushed.step, first, lambda felt: first(felt), 0.0, 6, rng)
    forced = dagger_round(shown, calm.reset, calm.step, first, calm.expert, 1.0, 6, rng)
    well = clone(good)
    felt, labels = zip(*good[len(shown) :], strict=True)
    late = [*zip(felt[LATE:], labels[:-LATE], strict=True)]
    return {
        "labels late": clone(late),
        "its own answers for labels": clone(own),
        "the expert drove all the time": clone(forced),
        "actions scaled twice": lambda felt: 0.5 * well(felt),
        "it sees what was": Delayed(well),
        "nothing": well,
    }


class Delayed:
    """A policy that sees what was some decisions ago."""

    def __init__(self, policy: Clone) -> None:
        self._policy, self._seen = policy, list[Floats]()

    def __call__(self, felt: Floats) -> Floats:
        """Return the action for what was felt `LATE` decisions ago; of a new robot, for what it feels."""
        if self._seen and self._seen[-1].shape != felt.shape:
            self._seen.clear()
        self._seen.append(felt)
        return self._policy(self._seen.pop(0) if len(self._seen) > LATE else felt)


def wall_picture(policies: Mapping[str, Policy], seed: int = 5, count: int = 10) -> Picture:
    """Draw each policy's sway under a letter: errors of the DCM of pendulums that are pushed alike."""
    figure, panes = picture(2, 3, height=4.4, alt="", sharex=True, sharey=True)
    told = []
    for letter, pane, policy in zip("ABCDEF", panes, policies.values(), strict=True):
        run = sway(policy, count, PUSH, seed)
        stood = int(run.stood.sum())
        draw_errors(pane, run, style.LEARNER)
        pane.set_title(f"{letter}: {stood} of {count} stand", loc="left", fontsize=10.5)
        told.append(f"{letter}: {stood} of {count} stand")
    for pane in panes[3:]:
        pane.set_xlabel("time (s)")
    for pane in panes[::3]:
        pane.set_ylabel("DCM beside its\nreference (cm)")
    figure.alt = (
        f"Six robots, the error of their DCM against time, up to {100 * LOST:.0f} cm. "
        + "; ".join(told)
        + "."
    )
    return figure
