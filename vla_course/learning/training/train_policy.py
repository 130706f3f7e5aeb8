"""From folders of demonstrations to a direct policy in a folder: what `vla-course train` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from vla_course.learning.demonstrations.card import command_of
from vla_course.learning.demonstrations.checks import read_json
from vla_course.learning.demonstrations.dataset import SETTINGS
from vla_course.learning.demonstrations.plan import Settings
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.files import save_policy
from vla_course.learning.training.examples import Examples, examples_of, in_mirror, joined
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.trainer import History, Progress, train_vla_model


@dataclass(frozen=True)
class Lesson:
    """What there is to learn from, in a mirror as well, and to validate on: frames of successes, scenes kept apart."""

    learn: Examples
    held_out: Examples


def lesson_of(folders: Sequence[Path], horizon: int, options: TrainingOptions) -> Lesson:
    """Read demonstrations and divide their scenes.

    Raises:
        DemonstrationFault: a folder cannot be read.
        ValueError: there is no success to learn from, or none to validate on.
    """
    learn, held_out = [], []
    for folder in folders:
        demonstrations = Demonstrations(folder)
        kept, held = demonstrations.split(options.held_out, np.random.default_rng(options.seed))
        learn.append(examples_of(demonstrations, kept, horizon))
        held_out.append(examples_of(demonstrations, held, horizon))
    learned = joined(*learn)
    return Lesson(joined(learned, in_mirror(learned)), joined(*held_out))


def train_policy(
    folders: Sequence[Path],
    out: Path,
    options: TrainingOptions | None = None,
    config: ChunkPolicyConfig | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
    checkpoints: Path | None = None,
) -> History:
    """Train a direct policy and write it.

    Args:
        folders: of demonstrations.
        out: the policy's folder.
        options: of the training.
        config: of the network.
        report: told at every validation.
        checkpoints: the folder for them; a training that was cut off goes on from there.

    Raises:
        DemonstrationFault, NoResume, ValueError: as `lesson_of` and `train_vla_model` say.
    """
    options, config = options or TrainingOptions(), config or ChunkPolicyConfig()
    begin = time.process_time()
    lesson = lesson_of(folders, config.horizon, options)
    torch.manual_seed(options.seed)
    policy = ChunkPolicy(config)
    history = train_vla_model(policy, lesson.learn, lesson.held_out, options, checkpoints, report=report)
    best = min(progress.validation for progress in history.reports)
    made = {
        "options": asdict(options),
        "demonstrations": [_told(folder) for folder in folders],
        "frames": [len(lesson.learn), len(lesson.held_out)],
        "validation": round(best, 5),
        "processor_minutes": round((time.process_time() - begin) / 60.0, 1),
    }
    save_policy(policy, out, made)
    return history


def _told(folder: Path) -> str:
    """Return the command that made demonstrations."""
    return command_of(Settings(**read_json(folder, SETTINGS)), len(Demonstrations(folder).episodes))
