"""Behaviour cloning from demonstrations to a policy: validated, checkpointed, resumed to the bit.

    policy = ChunkPolicy()
    history = train_vla_model(policy, learn_from, validate_on, TrainingOptions(), Path("build/policy"))

One path for two cores and for several GPUs: accelerate moves what has to move. Everything that is drawn, rows of a
batch, errors of eyes, dropout, comes from generators that are kept in the checkpoint with weights and optimiser.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from vla_course.learning.model.going_on import warm_cosine
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.learner import Learner, batch_of, in_batches, normalise_by
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.pace import quickest
from vla_course.learning.training.parts import TrainingParts

if TYPE_CHECKING:
    from accelerate import Accelerator

CHECKPOINT: Final = "checkpoint.pt"


class NoResume(ValueError):
    """A checkpoint is of another training; says in what it differs."""


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


@dataclass
class History:
    """What became of a training."""

    reports: list[Progress] = field(default_factory=list)
    stopped: str = ""
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
    training = _Training(policy, examples, held_out, options, folder, parts or TrainingParts.reference())
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
    ) -> None:
        from accelerate import Accelerator
        from accelerate.utils import set_seed

        set_seed(options.seed)
        normalise_by(policy, examples, parts.fit)
        self._policy, self._examples, self._held_out, self._options = policy, examples, held_out, options
        self._folder, self._parts = folder, parts
        learner = Learner(policy, parts.loss)
        precision = options.precision
        if precision == "measured":
            rows = np.arange(min(options.batch, len(examples)))
            precision = quickest(learner, batch_of(examples, rows, policy, None))
        self._accelerator: Accelerator = Accelerator(
            mixed_precision="bf16" if precision == "bfloat16" else "no"
        )
        optimiser = torch.optim.AdamW(learner.parameters(), options.rate, weight_decay=options.decay)
        self._learner, self._optimiser = self._accelerator.prepare(learner, optimiser)
        self._average = copy.deepcopy(policy).eval()
        self._best = copy.deepcopy(policy.state_dict())
        self._rng = np.random.default_rng(options.seed)
        self._shares = np.cumsum(examples.shares())
        self._done, self._least, self._stale, self._seconds = 0, float("inf"), 0, 0.0
        self.history = History()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / CHECKPOINT).exists():
                self._resume(folder / CHECKPOINT)

    def run(self, report: Callable[[Progress], None]) -> History:
        """Take all steps that are left."""
        options, losses, begin = self._options, list[float](), time.monotonic() - self._seconds
        log = _log(self._folder, self._done)
        while self._done < options.steps and not self.history.stopped:
            for group in self._optimiser.param_groups:
                group["lr"] = options.rate * warm_cosine(self._done, options.steps, options.warm)
            drawn = self._rng.random(options.batch) * self._shares[-1]
            rows = np.searchsorted(self._shares, drawn, side="right")
            batch = batch_of(self._examples, rows, self._policy, self._rng)
            batch = {name: part.to(self._accelerator.device) for name, part in batch.items()}
            losses.append(
                self._parts.step(
                    self._learner, batch, self._optimiser, self._accelerator, max_norm=options.max_norm
                )
            )
            self._done += 1
            self._follow()
            if self._done % options.every == 0 or self._done == options.steps:
                self._seconds = time.monotonic() - begin
                progress = self._validated(float(np.mean(losses)))
                losses.clear()
                self.history.reports.append(progress)
                for name in ("loss", "validation"):
                    log(name, getattr(progress, name), self._done)
                if self._folder is not None and self._accelerator.is_main_process:
                    self._keep(self._folder / CHECKPOINT)
                report(progress)
        self._policy.load_state_dict(self._best)
        self._policy.eval()
        return self.history

    def _follow(self) -> None:
        """Let the averaged weights follow; young averages follow quickly."""
        keep = min(self._options.average, self._done / (self._done + 10.0))
        with torch.no_grad():
            for mean, now in zip(self._average.parameters(), self._policy.parameters(), strict=True):
                mean.lerp_(now.to(mean.device), 1.0 - keep)

    def _validated(self, loss: float) -> Progress:
        validation = self.error(self._average)
        if validation < self._least:
            self._least, self._stale = validation, 0
            self._best = copy.deepcopy(self._average.state_dict())
        else:
            self._stale += 1
            if self._stale >= self._options.patience:
                self.history.stopped = f"{self._stale} validations without a better one"
        return Progress(self._done, self._options.steps, loss, validation, self._least, self._seconds)

    @torch.no_grad()
    def error(self, policy: ChunkPolicy) -> float:
        """Return the mean absolute error (normalised) of a policy on what was held out."""
        learner, total = Learner(policy, self._parts.loss).eval(), 0.0
        for rows in in_batches(len(self._held_out), 1024):
            total += len(rows) * float(learner(batch_of(self._held_out, rows, policy, None)))
        return total / len(self._held_out)

    # ---- checkpoints ---------------------------------------------------------------------------------

    def _signature(self) -> dict[str, Any]:
        return {
            "options": asdict(self._options),
            "policy": asdict(self._policy.config),
            "frames": [len(self._examples), len(self._held_out)],
        }

    def _keep(self, path: Path) -> None:
        """Write all that a training needs to go on as if it had never stopped."""
        state = {
            "of": self._signature(),
            "weights": self._policy.state_dict(),
            "average": self._average.state_dict(),
            "best": self._best,
            "optimiser": self._optimiser.state_dict(),
            "rng": self._rng.bit_generator.state,
            "torch_rng": torch.get_rng_state(),
            "counts": (self._done, self._least, self._stale, self._seconds),
            "reports": [asdict(one) for one in self.history.reports],
        }
        part = path.with_suffix(".part")
        torch.save(state, part)
        part.replace(path)

    def _resume(self, path: Path) -> None:
        try:
            state = torch.load(path, map_location="cpu", weights_only=False)
        except Exception as why:
            cut = f"{path} cannot be read ({why}), expected a whole checkpoint: delete it to begin anew"
            raise NoResume(cut) from why
        _must_be_same(path, state["of"], self._signature())
        self._policy.load_state_dict(state["weights"])
        self._average.load_state_dict(state["average"])
        self._best = state["best"]
        self._optimiser.load_state_dict(state["optimiser"])
        self._rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch_rng"])
        self._done, self._least, self._stale, self._seconds = state["counts"]
        self.history.reports = [Progress(**one) for one in state["reports"]]
        if self._stale >= self._options.patience:
            self.history.stopped = f"{self._stale} validations without a better one"


def _must_be_same(path: Path, had: Mapping[str, Any], has: Mapping[str, Any]) -> None:
    """Raise NoResume where a checkpoint is of another training."""
    for part, expected in has.items():
        kept = had.get(part)
        if kept == expected:
            continue
        if isinstance(expected, dict) and isinstance(kept, dict):
            name = next(key for key in expected if kept.get(key) != expected[key])
            raise NoResume(
                f"{path}: {part}.{name} is {kept.get(name)!r}, expected {expected[name]!r}: delete it to begin anew"
            )
        differs = f"{part} is {json.dumps(kept)}, expected {json.dumps(expected)}"
        raise NoResume(f"{path}: {differs}: delete it to begin anew")


def _log(folder: Path | None, done: int) -> Callable[[str, float, int], None]:
    """Return what writes into a TensorBoard log; nothing without a folder."""
    if folder is None:
        return lambda name, value, step: None
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder / "log"), purge_step=done or None)
    return lambda name, value, step: writer.add_scalar(name, value, step)
