"""Pictures of demonstrations as nobody labelled them: what two cameras saw, when, and what had been said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.simulation.scene.cameras import Place

CAMERAS: Final[tuple[Place, ...]] = ("head", "chest")
"""two that see the table"""


@dataclass(frozen=True, eq=False)
class Rollouts:
    """N moments of several episodes.

    Attributes:
        rgb: (N, 2, size, size, 3) uint8, of `CAMERAS`.
        episode: (N,) which episode.
        time: (N,) s, since it began.
        doing: (N,) number of the subtask; for probes, no objective reads it.
        said: (N, width) float32, the mean of the frozen tokens of what had been said.
        sentence: (N,) number of the sentence: two moments of one number mean the same.
    """

    rgb: NDArray[np.uint8]
    episode: NDArray[np.int64]
    time: NDArray[np.float64]
    doing: NDArray[np.int64]
    said: Tensor
    sentence: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.episode)

    @classmethod
    def of(cls, shown: Demonstrations, encoders: FrozenEncoders, every: int = 2) -> Rollouts:
        """Read every second frame (or each `every`th) of demonstrations.

        Raises:
            ValueError: `every` is less than 1.
            DemonstrationFault: a picture is missing or cut.
        """
        if every < 1:
            raise ValueError(f"every is {every}, expected 1 or more")
        frames = np.flatnonzero(shown.frame_of % every == 0)
        rgb = np.stack([shown.pictures(camera, frames) for camera in CAMERAS], axis=1)
        sentences = sorted({one.sentence for one in shown.episodes})
        words, mask = encoders.read(sentences)
        said = (words * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        owner = shown.episode_of[frames]
        number = np.array([sentences.index(shown.episodes[k].sentence) for k in owner])
        return cls(
            rgb,
            owner,
            shown.frame_of[frames] * shown.period,
            shown.subtasks[frames],
            said[torch.from_numpy(number)],
            number,
        )
