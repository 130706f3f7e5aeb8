"""Proximal policy optimisation of a residual (Schulman et al. 2017): try, judge what was tried, take careful steps.

    for progress in improve(residual, make, ImproveOptions(), folder):
        print(progress)

It can be cut off at any round and goes on from its checkpoint to the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import numpy as np
import torch

from vla_course.learning.model.going_on import GoingOn
from vla_course.learning.reinforcement.decisions import Make
from vla_course.learning.reinforcement.options import ImproveOptions, ImproveParts
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.reinforcement.rollout import gathering
from vla_course.learning.reinforcement.update import learn_from, rows_of

CHECKPOINT = "reinforcement.pt"


@dataclass(frozen=True)
class Progress:
    """What came of a round."""

    round: int
    rounds: int
    decisions: int
    """tried so far"""
    episodes: int
    """that ended in this round"""
    success: float
    """fraction of them that succeeded, while things were tried; nan where none ended"""
    reward: float
    """mean of a decision"""
    kl: float
    """nat, how far the policy went from the one that tried"""
    clipped: float
    """fraction of samples beyond the clip at the end"""
    explained: float
    """fraction of the returns' variance that the critic foresaw; 0 is as good as a constant"""
    correction: float
    """root mean square of the policy's corrections"""
    spread: float
    """mean standard deviation of what it tries"""
    seconds: float
    """of processor time so far, workers included"""
    wall: float
    """s by the clock since this run began"""


def improve(
    residual: Residual,
    make: Make,
    options: ImproveOptions | None = None,
    folder: Path | None = None,
    *,
    workers: int = 2,
    parts: ImproveParts | None = None,
) -> Iterator[Progress]:
    """Make `residual` better in place, a round at a time, and yield what came of each, also of those before a resume.

    Args:
        residual: what is learnt; a new one changes nothing yet.
        make: makes worlds to try it in.
        options: how.
        folder: for the checkpoint; a training that was cut off goes on from there. None: none is kept.
        workers: processes that try; 0: this one alone. The result does not depend on it.
        parts: those of it that are exercises, by default the reference's.

    Raises:
        NotAttempted: one of the parts is not written yet.
        NoResume: the folder holds a checkpoint of another training.
        FloatingPointError: the loss is not finite.
    """
    options, parts = options or ImproveOptions(), parts or ImproveParts.reference()
    parts.ask()
    optimiser = torch.optim.Adam(residual.parameters(), options.rate, eps=1e-5)
    # Of how many rounds nothing depends: a longer training goes on from a shorter one.
    told = {f"options.{name}": value for name, value in asdict(options).items() if name != "rounds"}
    told |= {"residual.sizes": residual.sizes, "residual.width": residual.width}
    path = None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / CHECKPOINT
    kept, began = _Reports(), monotonic()
    going = GoingOn(told, (residual, optimiser, kept), np.random.default_rng(options.seed), path)
    going.resume()
    yield from kept.reports
    with gathering(make, workers) as gather:
        while going.step < options.rounds:
            paths = [(options.seed, going.step, number) for number in range(options.columns)]
            tried = gather(residual, paths, options.length)
            here = process_time()
            if going.step == 0:
                residual.settle(*(rows_of(part[:-1]) for part in (tried.features, tried.privileged)))
            learnt = learn_from(residual, optimiser, tried, options, parts, going.rng)
            going.seconds += float(tried.seconds.sum()) + process_time() - here
            going.step += 1
            ended = tried.success[tried.ended]
            progress = Progress(
                round=going.step,
                rounds=options.rounds,
                decisions=going.step * options.columns * options.length,
                episodes=len(ended),
                success=float(ended.mean()) if len(ended) else float("nan"),
                reward=float(tried.rewards.mean()),
                **learnt,
                seconds=going.seconds,
                wall=monotonic() - began,
            )
            kept.reports.append(progress)
            going.keep()
            yield progress


class _Reports:
    """What came of the rounds so far, as a part of the checkpoint."""

    def __init__(self) -> None:
        self.reports: list[Progress] = []

    def state_dict(self) -> dict[str, Any]:
        return {"reports": [asdict(one) for one in self.reports]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.reports = [Progress(**one) for one in state_dict["reports"]]
