"""From folders of demonstrations to a direct policy in a folder: what `vla-course train` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from vla_course.learning.demonstrations.card import made_by
from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.files import save_policy
from vla_course.learning.training.examples import Examples, examples_of, in_mirror, joined
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.trainer import CHECKPOINT, History, Progress, train_vla_model


@dataclass(frozen=True)
class Lesson:
    """What there is to learn from, in a mirror as well, and to validate on: frames of successes, scenes kept apart."""

    learn: Examples
    held_out: Examples


def lesson_of(
    datasets: Sequence[Demonstrations],
    horizon: int,
    options: TrainingOptions,
    shown: Callable[[Episode], bool] = lambda episode: True,
) -> Lesson:
    """Divide the scenes of demonstrations.

    Args:
        datasets: of demonstrations.
        horizon: H, actions of a chunk.
        options: of which `held_out` and `seed` say how scenes are divided.
        shown: tells of an episode whether it is to be learned from, which those that failed never are; what is held out
            does not depend on it.

    Raises:
        ValueError: no scene that succeeded is left to learn from, or to validate on.
    """
    learn, held_out = list[Examples](), list[Examples]()
    for demonstrations in datasets:
        divided = demonstrations.split(options.held_out, np.random.default_rng(options.seed))
        for part, episodes in zip((learn, held_out), divided, strict=True):
            told = [demonstrations.episodes[number] for number in episodes]
            good = [one.index for one in told if one.success and (part is held_out or shown(one))]
            if good:
                part.append(examples_of(demonstrations, good, horizon))
    for part, purpose in ((learn, "to learn from"), (held_out, "to validate on")):
        if not part:
            folders = ", ".join(str(one.folder) for one in datasets)
            raise ValueError(
                f"{folders}: with {options.held_out:.0%} of the scenes held out no success is left {purpose}, "
                "expected one at least: collect more"
            )
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
        checkpoints: the folder for them, and for the log; a training that was cut off goes on from there.

    Raises:
        DemonstrationFault: a folder cannot be read.
        ValueError: as `lesson_of` and `train_vla_model` say.
    """
    options, config = options or TrainingOptions(), config or ChunkPolicyConfig()
    begin, datasets = time.process_time(), [Demonstrations(folder) for folder in folders]
    lesson = lesson_of(datasets, config.horizon, options)
    torch.manual_seed(options.seed)
    policy = ChunkPolicy(config)
    history = train_vla_model(policy, lesson.learn, lesson.held_out, options, checkpoints, report=report)
    made = {
        "options": asdict(options),
        "demonstrations": [made_by(one) for one in datasets],
        "frames": [len(lesson.learn), len(lesson.held_out)],
        "validation": round(history.reports[-1].best, 5),
        "processor_minutes": round((time.process_time() - begin) / 60.0, 1),
    }
    save_policy(policy, out, made)
    if checkpoints is not None:
        (checkpoints / CHECKPOINT).unlink()
    return history
