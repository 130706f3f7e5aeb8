"""Snapshots as arrays, kept in files: rendered once, a session a file, read as one album."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.pretraining.captions import PLACES
from vla_course.learning.pretraining.snapshots import Snapshot, session
from vla_course.simulation.scene.things import ALL_THINGS

ABSENT: Final = 0
DOUBTFUL: Final = 1
CLEAR: Final = 2
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Album:
    """N pictures and what each shows of every thing of the course, in the order of `ALL_THINGS`.

    Attributes:
        rgb: (N, 96, 96, 3) uint8.
        seen: (N, 48) uint8: `ABSENT`, `DOUBTFUL` (seen, but not clearly) or `CLEAR`.
        place: (N, 48) int8: index into `captions.PLACES`, `NOWHERE` where it has none.
        middle: (N, 48, 2) float32: how far across and how far down its middle lies, from 0 to 1.
    """

    rgb: NDArray[np.uint8]
    seen: NDArray[np.uint8]
    place: NDArray[np.int8]
    middle: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rgb)

    @classmethod
    def of(cls, snapshots: Sequence[Snapshot]) -> Self:
        """Lay snapshots side by side."""
        shape = (len(snapshots), len(ALL_THINGS))
        seen, middle = np.zeros(shape, dtype=np.uint8), np.zeros((*shape, 2), dtype=np.float32)
        place = np.full(shape, NOWHERE, dtype=np.int8)
        for row, snapshot in enumerate(snapshots):
            for one in snapshot.sightings:
                column = ALL_THINGS.index(one.name)
                seen[row, column] = CLEAR if one.clear else DOUBTFUL
                middle[row, column] = one.across, one.down
                if one.clear and one.place is not None:
                    place[row, column] = PLACES.index(one.place)
        return cls(np.stack([snapshot.rgb for snapshot in snapshots]), seen, place, middle)

    def part(self, rows: NDArray[np.int64]) -> Album:
        """Return the pictures of these rows."""
        return Album(self.rgb[rows], self.seen[rows], self.place[rows], self.middle[rows])

    def save(self, path: Path) -> None:
        """Write the album to one .npz file."""
        part = path.with_name(path.stem + ".part.npz")
        np.savez(part, rgb=self.rgb, seen=self.seen, place=self.place, middle=self.middle)
        part.replace(path)

    @classmethod
    def load(cls, *paths: Path) -> Self:
        """Read albums and join them."""
        parts = []
        for path in paths:
            with np.load(path) as file:
                parts.append((file["rgb"], file["seen"], file["place"], file["middle"]))
        rgb, seen, place, middle = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return cls(rgb, seen, place, middle)


def rendered(
    folder: Path,
    seed: int,
    sessions: int,
    among: Sequence[str],
    progress: Callable[[int], None] = lambda done: None,
) -> Album:
    """Return the album of the first `sessions` sessions of a seed; what `folder` lacks is rendered."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"seed-{seed}-session-{number:04d}.npz" for number in range(sessions)]
    for number, path in enumerate(paths):
        if not path.exists():
            Album.of(session(seed, number, among)).save(path)
        progress(number + 1)
    return Album.load(*paths)
