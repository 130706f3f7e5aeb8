"""The trainings that `training.py` compares: who learns, from which demonstrations, by which seed - on one clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from training_peers import NETWORKS, Flow, FlowLearner, Recalled, Recurrent

from vla_course.learning.demonstrations.card import made_by
from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.spoken import SPOKEN
from vla_course.learning.training.examples import Examples
from vla_course.learning.training.learner import Learner, batch_of, in_batches, normalise_by
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.parts import TrainingParts
from vla_course.learning.training.train_policy import Lesson, lesson_of
from vla_course.learning.training.trainer import CHECKPOINT, train_vla_model

SHARED: Final = len(SPOKEN)
"""numbers of an action that all peers say; moves of the tools are those of the course's own networks"""
_TRIES: Final = 20
_WARM: Final = 5


@dataclass(frozen=True)
class Row:
    """One training: `network` is one of NETWORKS or "act", `lesson` one of LESSONS."""

    name: str
    network: str = "ours"
    lesson: str = "all"
    seed: int = 0

    @property
    def slug(self) -> str:
        """Its name as that of a file."""
        return "".join(letter if letter.isalnum() else "_" for letter in self.name.lower())


OURS: Final = "ours"
ACT: Final = "LeRobot's ACT"
ROWS: Final = (
    Row(OURS),
    Row("language-blind twin", "blind"),
    Row("plain MLP", "perceptron"),
    Row("recurrent", "recurrent"),
    Row("flow matching", "flow"),
    Row("without DAgger", lesson="by the expert alone"),
    Row("without noise", lesson="without noise"),
    Row("as few with noise", lesson="as few with noise"),
    Row(ACT, "act"),
    Row(f"{OURS} (seed 1)", seed=1),
    Row(f"{OURS} (seed 2)", seed=2),
)


@dataclass(frozen=True)
class Trained:
    """What came of a training."""

    key: str
    parameters: int
    frames: int
    """that it learned from, in a mirror as well"""
    steps: int
    error: float
    """mean absolute error of the SHARED numbers on what is held out of all demonstrations, normalised"""


def _as_few_with_noise(episodes: Sequence[Episode]) -> set[tuple[int, int]]:
    """Return, by scene and number, some episodes with noise that have as many frames as all without, or a few more."""
    left = sum(len(one) for one in episodes if one.noise_level == 0.0)
    rough = [one for one in episodes if one.noise_level > 0.0]
    found = set()
    for k in np.random.default_rng(0).permutation(len(rough)).tolist():
        if left > 0:
            found.add((rough[k].scene_seed, rough[k].index))
            left -= len(rough[k])
    return found


class Class:
    """Trains rows.

    Args:
        folders: of demonstrations.
        out: for checkpoints, and for what was learned.
        minutes: of the processor, that each has for its steps; or
        steps: of ours, in place of them.
        config: of the networks.
        seed: divides the scenes, for all.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        out: Path,
        minutes: float,
        steps: int | None = None,
        config: ChunkPolicyConfig | None = None,
        seed: int = 0,
    ) -> None:
        self.sets = [Demonstrations(folder) for folder in folders]
        self.out, self.config = out, config or ChunkPolicyConfig()
        self._minutes, self._steps = minutes, steps
        self.options = TrainingOptions(seed=seed)
        out.mkdir(parents=True, exist_ok=True)

    @property
    def made_by(self) -> list[str]:
        """How its demonstrations were collected."""
        return [made_by(one) for one in self.sets]

    def has(self, row: Row) -> str:
        """Return what its demonstrations lack for a row; empty where they have it."""
        if row.lesson == "by the expert alone" and not any(map(_by_learner, self.sets)):
            return "no folder is of `vla-course collect --learner`"
        return ""

    @cached_property
    def whole(self) -> Lesson:
        """All that there is."""
        return self.lesson("all")

    def lesson(self, name: str) -> Lesson:
        """Return what is to be learned from, and its part that is held out.

        "by the expert alone": without the folders in which a learner began. "without noise": of these the episodes
        without noise and pushes; "as few with noise": as many frames of the others.
        """
        by_expert = [one for one in self.sets if not _by_learner(one)]
        if name == "all":
            return self._lesson(self.sets, lambda episode: True)
        if name == "by the expert alone":
            return self._lesson(by_expert, lambda episode: True)
        if name == "without noise":
            return self._lesson(by_expert, lambda episode: episode.noise_level == 0.0)
        few = _as_few_with_noise([one for part in by_expert for one in part.episodes if one.success])
        return self._lesson(by_expert, lambda episode: (episode.scene_seed, episode.index) in few)

    def _lesson(self, sets: Sequence[Demonstrations], shown: Callable[[Episode], bool]) -> Lesson:
        return lesson_of(sets, self.config.horizon, self.options, shown)

    # ---- one clock ---------------------------------------------------------------------------------

    def pace(self, network: str) -> float:
        """Return the processor seconds of one step of a network's training: the median of a few."""
        lesson = self.whole
        policy, learn, learner = self.new(network, lesson.learn, 0)
        parts = TrainingParts.reference()
        normalise_by(policy, learn, parts.fit)
        student, rng = learner(policy, parts.loss), np.random.default_rng(0)
        optimiser, taken = torch.optim.AdamW(student.parameters()), []
        for _ in range(_WARM + _TRIES):
            begin = time.process_time()
            rows = rng.integers(0, len(learn), self.options.batch)
            loss = student(batch_of(learn, rows, policy, rng))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), self.options.max_norm)
            optimiser.step()
            taken.append(time.process_time() - begin)
        return float(np.median(taken[_WARM:]))

    def steps(self, pace: float, ours: float) -> int:
        """Return how many steps of `pace` s a network has, where ours take `ours` s."""
        seconds = self._steps * ours if self._steps else 60.0 * self._minutes
        return max(1, round(seconds / pace))

    def seconds(self, ours: float) -> float:
        """Return the processor seconds that each has, where a step of ours takes `ours` s."""
        return self._steps * ours if self._steps else 60.0 * self._minutes

    # ---- training ----------------------------------------------------------------------------------

    def new(
        self, network: str, learn: Examples, seed: int
    ) -> tuple[ChunkPolicy, Examples, Callable[..., Learner]]:
        """Return an untrained network, the examples as it takes them, and what answers a batch with its loss."""
        torch.manual_seed(seed)
        policy = NETWORKS[network](self.config)
        if isinstance(policy, Flow):
            policy.learn_spread(learn)
            return policy, learn, FlowLearner
        return policy, recalled(learn) if isinstance(policy, Recurrent) else learn, Learner

    def train(self, row: Row, steps: int) -> Trained:
        """Train one row, or go on with it, and keep what it has learned."""
        lesson = self.whole if row.lesson == "all" else self.lesson(row.lesson)
        policy, learn, learner = self.new(row.network, lesson.learn, row.seed)
        held = recalled(lesson.held_out) if isinstance(policy, Recurrent) else lesson.held_out
        options = replace(
            self.options, seed=row.seed, steps=steps, every=max(1, min(250, steps // 4)), patience=steps
        )
        folder = self.out / row.slug
        train_vla_model(policy, learn, held, options, folder, learner_of=learner)
        torch.save(policy.state_dict(), self.weights(row))
        (folder / CHECKPOINT).unlink()
        size = sum(part.numel() for part in policy.parameters())
        return Trained(row.name, size, len(learn), steps, self.error(policy))

    def weights(self, row: Row) -> Path:
        """Return where the weights of a row are kept."""
        return self.out / f"{row.slug}.pt"

    def load(self, row: Row) -> ChunkPolicy:
        """Return the trained network of a row."""
        policy = NETWORKS[row.network](self.config)
        policy.load_state_dict(torch.load(self.weights(row)))
        return policy.eval()

    @torch.no_grad()
    def error(self, policy: ChunkPolicy) -> float:
        """Return the mean absolute error of the SHARED numbers on all that is held out, in ranges of all."""
        held = self.whole.held_out
        held = recalled(held) if isinstance(policy.eval(), Recurrent) else held

        def said(rows: np.ndarray) -> Tensor:
            batch = batch_of(held, rows, policy, None)
            nothing = {"committed": torch.zeros_like(batch["chunks"])}
            return policy.units(policy({**batch, **nothing}))

        return shared_error(said, self.whole)


def shared_error(said: Callable[[np.ndarray], Tensor], lesson: Lesson) -> float:
    """Return the mean absolute error of the SHARED numbers on what is held out, normalised by what is learned from.

    Args:
        said: returns the spoken numbers (B, H, SIZE or SHARED) for rows (B,) of what is held out.
        lesson: whose.
    """
    torch.manual_seed(0)
    ranges = TrainingParts.reference().fit(lesson.learn.chunks[lesson.learn.own], 0.001, 0.999)
    scale = torch.from_numpy(2.0 / (ranges.high - ranges.low))[:SHARED]
    total, count = 0.0, 0
    for rows in in_batches(len(lesson.held_out), 512):
        wanted = torch.from_numpy(lesson.held_out.chunks[rows][..., :SHARED])
        own = torch.from_numpy(lesson.held_out.own[rows])
        error = ((said(rows)[..., :SHARED] - wanted) * scale).abs()[own]
        total, count = total + float(error.sum()), count + error.numel()
    return total / count


def recalled(examples: Examples) -> Recalled:
    """Return examples that come with what was before them."""
    return Recalled(**vars(examples))


def _by_learner(demonstrations: Demonstrations) -> bool:
    return any(one.about.get("takeover") or one.about.get("turns", "[]") != "[]" for one in demonstrations.episodes)
