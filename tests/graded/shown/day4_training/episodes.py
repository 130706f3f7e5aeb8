"""Episodes and the chunks that begin in them: laid out step by step, and as others lay them out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.day4_training.pictures import chunk_picture
from shown.slips import Case
from vla_course.course.checking.judging import Mismatch

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Episode:
    """Actions (T, A) float32 of an episode, and the starts (B,) of chunks of that horizon."""

    actions: NDArray[np.float32]
    starts: NDArray[np.int64]
    horizon: int

    def asked(self, student: Any) -> tuple[Any, Any]:
        """The student's chunks and mask."""
        answer = student.chunk_windows(self.actions, self.starts, self.horizon)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Mismatch(
                "chunk_windows should return two arrays, the chunks and the mask", got=type(answer).__name__
            )
        chunks, mask = answer
        return chunks, mask

    def laid_out(self, step_of: Callable[[int], int | None], late: int = 0) -> Array:
        """Chunks step by step; `step_of` says which action stands in for that of a time (None: zeros)."""
        chunks = np.zeros((len(self.starts), self.horizon, self.actions.shape[1]))
        for row, start in enumerate(self.starts.tolist()):
            for step in range(self.horizon):
                which = step_of(start + step + late)
                if which is not None:
                    chunks[row, step] = self.actions[which]
        return chunks

    def chunks(self) -> Array:
        """Each action in its place, and the last one for all that would come after it."""
        return self.laid_out(self._held)

    def mask(self, late: int = 0) -> Array:
        """1 where the episode has a step, 0 beyond its end."""
        left = [len(self.actions) - start - late for start in self.starts.tolist()]
        return np.array([[float(step < some) for step in range(self.horizon)] for some in left])

    def _held(self, time: int) -> int:
        return time if time < len(self.actions) else len(self.actions) - 1

    def cases(self, student: Any, what: str) -> list[Case]:
        """Chunks and mask, and what known mistakes give where some chunks pass the end and some do not."""
        length, right, there = len(self.actions), self.chunks(), self.mask()
        fits = there.all(axis=1)
        back = Episode(self.actions, np.clip(self.starts, 0, max(length - self.horizon, 0)), self.horizon)
        slips = {
            "one-step-late": (self.laid_out(self._held, late=1), self.mask(late=1)),
            "last-action-lost": (right, self.mask(late=1)),
            "one-step-too-many": (right, self.mask(late=-1)),
            "wraps-round": (self.laid_out(lambda time: time % length), there),
            "zeros-beyond-the-end": (self.laid_out(lambda time: time if time < length else None), there),
            "moved-back": (back.chunks(), back.mask()),
            "all-there": (right, np.ones_like(there)),
            "mask-inverted": (right, 1.0 - there),
            "short-ones-dropped": (right[fits], there[fits]),
        }
        got = self.asked(student)
        picture = chunk_picture(self.actions, self.starts, right, got[0]) if len(right) else None
        names = ("chunks", "mask")
        return [
            Case(
                f"the {name} of {what}",
                got[i],
                (right, there)[i],
                {slip: both[i] for slip, both in slips.items()},
                picture,
            )
            for i, name in enumerate(names)
        ]


def some_episode(
    rng: np.random.Generator, length: int, horizon: int, starts: list[int] | None = None
) -> Episode:
    """An episode, and starts in no order: by default some whose chunk passes the end, and some whose does not."""
    if starts is None:
        early = rng.integers(0, length - horizon, 3).tolist()
        starts = [*early, *rng.integers(length - horizon + 2, length, 2).tolist(), length - 1, early[0]]
    actions = rng.normal(1.0, 0.5, (length, 4)).astype(np.float32)
    return Episode(actions, rng.permutation(np.array(starts, dtype=np.int64)), horizon)
