"""An attempt without trying anything: by the clone alone, or with what was learnt; the same seed, the same scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from vla_course.learning.reinforcement.files import Pointing
from vla_course.learning.reinforcement.pointing import PointingDecisions
from vla_course.learning.reinforcement.residual import Residual


@dataclass(frozen=True)
class Attempt:
    """What came of an episode in which nothing is tried: the policy does what it thinks best."""

    success: bool
    failure: str
    """what the task's rule says went wrong; "time was up"; empty where it succeeded"""
    fell: bool
    seconds: float
    """s, simulated"""
    miss: float
    """m, by which the line of the fingers passed the thing in the end"""


def attempt(
    decisions: PointingDecisions,
    residual: Residual | None,
    seed: int,
    look: Callable[[], None] = lambda: None,
) -> Attempt:
    """Carry out an episode with a residual, or with the clone alone.

    Args:
        decisions: where.
        residual: what was learnt; None: nothing.
        seed: of the episode.
        look: called before every decision and after the last one.
    """
    view, over = decisions.begin(seed), False
    nothing = np.zeros(decisions.sizes[2], dtype=np.float32)
    while not over:
        look()
        offset = nothing
        if residual is not None:
            with torch.no_grad():
                offset = residual(torch.from_numpy(view.features[None]))[0].numpy()
        outcome = decisions.decide(offset)
        view, over = outcome.view, outcome.terminated or outcome.truncated
    look()
    info = decisions.info
    failure = "" if outcome.success else info["failure"] or "time was up"
    fell = decisions.env.stage.fell
    return Attempt(outcome.success, failure, fell, float(info["time"]), float(view.privileged[0]))


def compared(make: Pointing, residuals: Sequence[Residual | None], seed: int) -> tuple[Attempt, ...]:
    """Return what comes of the episode of a seed with each of several residuals (None: by the clone alone), one after
    the other and from the same moment on."""
    with make() as decisions:
        return tuple(attempt(decisions, residual, seed) for residual in residuals)
