"""Behaviour cloning from demonstrations to a policy: validated, checkpointed, resumed to the bit.

    policy = ChunkPolicy()
    history = train_vla_model(policy, learn_from, validate_on, TrainingOptions(), Path("build/policy"))

Batches and weights go where accelerate has them trained; so far that was a processor. Everything that is drawn, rows of
a batch, errors of eyes, dropout, comes from generators that are kept in the checkpoint with weights and optimiser.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from vla_course.learning.model.going_on import GoingOn, warm_cosine
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.learner import Learner, LearnerOf, batch_of, in_batches, normalise_by
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.pace import quickest
from vla_course.learning.training.parts import TrainingParts

if TYPE_CHECKING:
    from accelerate import Accelerator

CHECKPOINT: Final = "checkpoint.pt"


@dataclass(frozen=True)
class Progress:
    """Where a training stands."""

    step: int
    steps: int
    loss: float
    """mean of the training loss since the last report"""
    validation: float
    """mean absolute error on held-out episodes, in normalised numbers"""
    best: float
    """the least of those so far"""
    seconds: float
    """of the wall clock, of all runs of this training"""

    @property
    def left(self) -> float:
        """s, that the rest takes at this pace."""
        return self.seconds / max(self.step, 1) * (self.steps - self.step)


@dataclass(frozen=True)
class History:
    """What became of a training."""

    reports: list[Progress]
    stopped: str
    """why it ended before its last step; empty where it did not"""


def train_vla_model(
    policy: ChunkPolicy,
    examples: Examples,
    held_out: Examples,
    options: TrainingOptions | None = None,
    folder: Path | None = None,
    *,
    report: Callable[[Progress], None] = lambda progress: None,
    parts: TrainingParts | None = None,
    learner_of: LearnerOf = Learner,
) -> History:
    """Train `policy` in place; at the end it has the averaged weights of the best validation.

    Args:
        policy: to train; its statistics are set from `examples`.
        examples: to learn from.
        held_out: of other scenes, to validate on.
        options: how.
        folder: for checkpoints and the TensorBoard log; a training that was cut off goes on from there.
        report: told at every validation.
        parts: those of it that are exercises, by default the reference's.
        learner_of: makes of the policy, and the loss of `parts`, what answers a batch with its loss.

    Returns:
        How the losses went.

    Raises:
        NoResume: the folder holds a checkpoint of another training.
        FloatingPointError: the loss is not finite; weights are those of before.
        ValueError: there is nothing to learn from, or nothing to validate on.
    """
    options = options or TrainingOptions()
    for name, part in (("examples", examples), ("held_out", held_out)):
        if not len(part):
            raise ValueError(f"{name} has no frame, expected some of successful episodes")
    parts = parts or TrainingParts.reference()
    training = _Training(policy, examples, held_out, options, folder, parts, learner_of)
    return training.run(report)


class _Training:
    """A training under way."""

    def __init__(
        self,
        policy: ChunkPolicy,
        examples: Examples,
        held_out: Examples,
        options: TrainingOptions,
        folder: Path | None,
        parts: TrainingParts,
        learner_of: LearnerOf,
    ) -> None:
        from accelerate import Accelerator
        from accelerate.utils import set_seed

        set_seed(options.seed)
        normalise_by(policy, examples, parts.fit)
        self._policy, self._examples, self._held_out, self._options = policy, examples, held_out, options
        self._folder, self._parts, self._learner_of = folder, parts, learner_of
        learner = learner_of(policy, parts.loss)
        precision = options.precision
        if precision == "measured":
            rows = np.arange(min(options.batch, len(examples)))
            precision = quickest(learner, batch_of(examples, rows, policy, None))
        self._accelerator: Accelerator = Accelerator(
            mixed_precision="bf16" if precision == "bfloat16" else "no"
        )
        optimiser = torch.optim.AdamW(learner.parameters(), options.rate, weight_decay=options.decay)
        self._learner, self._optimiser = self._accelerator.prepare(learner, optimiser)
        self._average, self._rng = copy.deepcopy(policy).eval(), np.random.default_rng(options.seed)
        self._shares = np.cumsum(examples.shares())
        self._standing = _Standing(copy.deepcopy(policy.state_dict()))
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._going = GoingOn(
            self._signature(),
            (policy, self._average, self._optimiser, self._standing),
            self._rng,
            None if folder is None else folder / CHECKPOINT,
        )
        self._going.resume()

    def run(self, report: Callable[[Progress], None]) -> History:
        """Take all steps that are left."""
        options, losses, going = self._options, list[float](), self._going
        begin, log = time.monotonic() - going.seconds, _log(self._folder, going.step)
        while going.step < options.steps and self._standing.stale < options.patience:
            for group in self._optimiser.param_groups:
                group["lr"] = options.rate * warm_cosine(going.step, options.steps, options.warm)
            drawn = self._rng.random(options.batch) * self._shares[-1]
            rows = np.searchsorted(self._shares, drawn, side="right")
            batch = batch_of(self._examples, rows, self._policy, self._rng)
            batch = {name: part.to(self._accelerator.device) for name, part in batch.items()}
            losses.append(
                self._parts.step(
                    self._learner, batch, self._optimiser, self._accelerator, max_norm=options.max_norm
                )
            )
            going.step += 1
            self._follow()
            if going.step % options.every == 0 or going.step == options.steps:
                going.seconds = time.monotonic() - begin
                progress = self._validated(float(np.mean(losses)))
                losses.clear()
                for name in ("loss", "validation"):
                    log(name, getattr(progress, name), progress.step)
                if self._accelerator.is_main_process:
                    going.keep()
                report(progress)
        self._policy.load_state_dict(self._standing.best)
        self._policy.eval()
        stale = self._standing.stale
        return History(
            [Progress(**one) for one in self._standing.reports],
            f"{stale} validations without a better one" if stale >= options.patience else "",
        )

    def _follow(self) -> None:
        """Let the averaged weights follow; young averages follow quickly."""
        keep = min(self._options.average, self._going.step / (self._going.step + 10.0))
        with torch.no_grad():
            for mean, now in zip(self._average.parameters(), self._policy.parameters(), strict=True):
                mean.lerp_(now.to(mean.device), 1.0 - keep)

    def _validated(self, loss: float) -> Progress:
        """Judge the averaged weights, and note how that went."""
        standing, going, validation = self._standing, self._going, self.error(self._average)
        if validation < standing.least:
            standing.least, standing.stale = validation, 0
            standing.best = copy.deepcopy(self._average.state_dict())
        else:
            standing.stale += 1
        progress = Progress(going.step, self._options.steps, loss, validation, standing.least, going.seconds)
        standing.reports.append(asdict(progress))
        return progress

    @torch.no_grad()
    def error(self, policy: ChunkPolicy) -> float:
        """Return the mean absolute error (normalised) of a policy on what was held out."""
        learner, total = self._learner_of(policy, self._parts.loss).eval(), 0.0
        for rows in in_batches(len(self._held_out), 1024):
            total += len(rows) * float(learner(batch_of(self._held_out, rows, policy, None)))
        return total / len(self._held_out)

    def _signature(self) -> dict[str, Any]:
        """Return all that makes this training another one than others, by name."""
        return {
            **{f"options.{name}": value for name, value in asdict(self._options).items()},
            "policy": type(self._policy).__name__,
            **{f"policy.{name}": value for name, value in asdict(self._policy.config).items()},
            "frames": [len(self._examples), len(self._held_out)],
            "checksum of the frames": [self._examples.checksum(), self._held_out.checksum()],
        }


@dataclass
class _Standing:
    """How a training stands beside weights and optimiser."""

    best: dict[str, Any]
    """weights of the least validation"""
    least: float = math.inf
    stale: int = 0
    """validations since the least one"""
    reports: list[dict[str, Any]] = field(default_factory=list)

    def state_dict(self) -> dict[str, Any]:
        return dict(vars(self))

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        vars(self).update(state_dict)


def _log(folder: Path | None, done: int) -> Callable[[str, float, int], None]:
    """Return what writes into a TensorBoard log; nothing without a folder."""
    if folder is None:
        return lambda name, value, step: None
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder / "log"), purge_step=done or None)
    return lambda name, value, step: writer.add_scalar(name, value, step)
