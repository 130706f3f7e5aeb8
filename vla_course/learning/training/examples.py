"""What a direct policy learns from: frames of demonstrations as told, places, state - and the chunk that followed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ROLES
from vla_course.learning.policy.told import told
from vla_course.learning.training.parts import TrainingParts, Windows
from vla_course.simulation.tasks.understanding import understand

Floats = NDArray[np.float32]

BLUR: Final = 0.008
"""m, standard deviation of where a thing is seen: what grounder and depth err by, drawn anew for each sample"""
LOST: Final = 1.5
"""s, for which at most a place is as old as it was when it was last seen, where a sample draws that it is old"""


@dataclass(frozen=True, eq=False)
class Examples:
    """Frames to learn from.

    Attributes:
        told: (n, T) what was said.
        places: (n, roles, 5) of each of `ROLES`, as it truly was; never seen where there is no such thing.
        states: (n, 71).
        chunks: (n, H, 24) the spoken numbers of the actions that followed.
        own: (n, H) which of them the episode had.
        episodes: (n,) the number of the episode.
    """

    told: Floats
    places: Floats
    states: Floats
    chunks: Floats
    own: NDArray[np.bool_]
    episodes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.states)

    def of(self, rows: NDArray[np.int64]) -> "Examples":
        """Return some of them."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def examples_of(
    demonstrations: Demonstrations, episodes: Sequence[int], horizon: int, windows: Windows | None = None
) -> Examples:
    """Return the frames of some episodes as examples.

    Args:
        demonstrations: to learn from.
        episodes: their numbers; those that failed are no example and are left out.
        horizon: H, actions of a chunk.
        windows: cuts the chunks (exercise 4.1), by default the reference's.

    Raises:
        ValueError: none of them succeeded.
    """
    cut = windows or TrainingParts.reference().windows
    good = [number for number in episodes if demonstrations.episodes[number].success]
    if not good:
        raise ValueError(f"none of the {len(episodes)} episodes succeeded, expected at least one to learn from")
    frames = demonstrations.frames_of(good)
    chunks = [
        cut(demonstrations.actions[one.start : one.stop], np.arange(len(one)), horizon)
        for one in (demonstrations.episodes[number] for number in good)
    ]
    actions, own = (np.concatenate(part) for part in zip(*chunks, strict=True))
    states = demonstrations.states[frames]
    vectors = {
        number: told(understand(demonstrations.episodes[number].sentence).parts[0]) for number in good
    }
    of = demonstrations.episode_of[frames]
    return Examples(
        np.stack([vectors[number] for number in of.tolist()]),
        _places(demonstrations.targets[frames]),
        states,
        spoken.spoken(actions, states),
        own,
        of,
    )


def _places(targets: Floats) -> Floats:
    """Return (n, 1, 5) of targets (n, 3); all zeros are none."""
    places = np.zeros((len(targets), len(ROLES), 5), dtype=np.float32)
    places[:, 0, :3] = targets
    places[:, 0, 3] = (targets != 0.0).any(axis=-1)
    return places


def as_seen(places: Floats, rng: np.random.Generator) -> Floats:
    """Return places (n, roles, 5) as eyes that err have them: blurred, less sure, some of them seen a while ago."""
    seen = places.copy()
    known = places[..., 3] > 0.0
    seen[..., :3] += rng.normal(scale=BLUR, size=seen[..., :3].shape).astype(np.float32) * known[..., None]
    seen[..., 3] = known * rng.uniform(0.3, 1.0, size=known.shape)
    seen[..., 4] = known * (rng.random(known.shape) < 0.3) * rng.uniform(0.0, LOST, size=known.shape)
    return seen
