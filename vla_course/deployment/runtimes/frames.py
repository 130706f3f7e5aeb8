"""Moments of demonstrations, as the three networks are given them: to calibrate with, and others to measure on.

Never random numbers: a network is far from itself on what it has never seen, in whatever runtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.deployment.runtimes.networks import EYES, FINDER, POLICY, Shipped
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.grounding.config import ROLES
from vla_course.learning.training.examples import Examples, examples_of
from vla_course.serving.remote.network import SENSES
from vla_course.simulation.scene.cameras import PLACES

DEMONSTRATIONS: Final = MODELS.parent / "demonstrations"
HELD_OUT: Final = 0.4
"""of all scenes"""
COUNT: Final = 100
"""frames to calibrate with, and as many to measure on"""


@dataclass(frozen=True, eq=False)
class Frame:
    """One moment.

    Attributes:
        rgb: (3, 96, 96, 3) uint8, what the cameras saw.
        sentence: that was said.
        known: what the policy is given, (1, ...) each, as `ChunkPolicy.forward` names it.
    """

    rgb: NDArray[np.uint8]
    sentence: str
    known: Mapping[str, Tensor]


def frames_of(
    shipped: Shipped,
    rng: np.random.Generator,
    count: int = COUNT,
    demonstrations: Demonstrations | None = None,
) -> tuple[list[Frame], list[Frame]]:
    """Return frames to calibrate with, and frames of other scenes to measure on.

    In every second one some first actions of the chunk are committed, as where a robot is served from elsewhere.

    Args:
        shipped: whose inputs they are to be.
        rng: draws which scenes are held out.
        count: of each, at most; they are spread evenly.
        demonstrations: default: those that the course ships.
    """
    demonstrations = demonstrations or Demonstrations(DEMONSTRATIONS)
    learn, out = demonstrations.split(HELD_OUT, rng)
    return (_some(shipped, demonstrations, learn, count), _some(shipped, demonstrations, out, count))


def inputs_of(frames: list[Frame], shipped: Shipped) -> dict[str, list[dict[str, Tensor]]]:
    """Return what each network is given in some frames, by its name; of the finder what the reference's eyes say."""
    found: dict[str, list[dict[str, Tensor]]] = {EYES: [], FINDER: [], POLICY: []}
    eyes = shipped.networks[EYES]
    for frame in frames:
        seen = {"rgb": torch.from_numpy(frame.rgb)}
        words = shipped.queries(frame.sentence)
        found[EYES].append(seen)
        found[FINDER].append({**eyes.run(seen), "query": words[ROLES.index("thing")]})
        found[POLICY].append(dict(frame.known))
    return found


def _some(shipped: Shipped, demonstrations: Demonstrations, episodes: list[int], count: int) -> list[Frame]:
    config = shipped.policy.config
    examples = examples_of(demonstrations, episodes, config.horizon)
    good = [one for one in episodes if demonstrations.episodes[one].success]
    numbers = demonstrations.frames_of(good)
    rows = np.unique(np.linspace(0, len(numbers) - 1, min(count, len(numbers))).astype(np.int64))
    pictures = np.stack([demonstrations.pictures(place, numbers[rows]) for place in PLACES], axis=1)
    chunks = shipped.policy.normal(torch.from_numpy(examples.chunks[rows]))
    found = []
    for number, (row, rgb) in enumerate(zip(rows.tolist(), pictures, strict=True)):
        given = 1 + (number // 2) % config.committed if number % 2 and config.committed else 0
        committed = torch.zeros_like(chunks[number])
        committed[:given] = chunks[number, :given]
        known = _known(examples, row) | {
            "committed": committed[None],
            "given": torch.full((1,), given, dtype=torch.int64),
        }
        sentence = demonstrations.episodes[int(examples.episodes[row])].sentence
        found.append(Frame(rgb, sentence, known))
    return found


def _known(examples: Examples, row: int) -> dict[str, Tensor]:
    """Return what the policy is given of one example, in the order of its inputs."""
    whole: Any = {name: getattr(examples, name) for name in SENSES} | {"state": examples.states}
    return {name: torch.from_numpy(array[row])[None] for name, array in whole.items()}
