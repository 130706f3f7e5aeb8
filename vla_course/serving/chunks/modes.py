"""The ways of going over from one chunk to the next, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.chunks.chunk import CLOSE, Chunk
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.chunks.player import Ask, Player, Timing

Floats = NDArray[np.float32]


class Switching(Player):
    """Goes over to a chunk the moment it comes, at the action that is due: the naive way, which jumps."""

    def _blend(self, begins: float, ends: float) -> Floats:
        begun = [i for i, chunk in enumerate(self._chunks) if chunk.seen <= begins + CLOSE]
        self._forget(begun[-1])
        return self._chunks[0].says(begins, ends)


class Blocking(Switching):
    """Plays so many actions, asks, and does nothing until the answer comes; then plays it from its first action.

    As openpi's ActionChunkBroker does. What the answer was decided on is as old by then as the answer took, but the
    robot has hardly moved since.
    """

    def _is_time(self, now: float) -> bool:
        return not any(chunk.covers(now) for chunk in self._chunks)

    def _chunk(self, ask: Ask, actions: Floats, now: float) -> Chunk:
        return Chunk(actions[: self.timing.every], self._sent.copy(), now, self.timing.period)


class Ensemble(Player):
    """Asks for a chunk at every action, and does the weighted mean of all that were said for the moment (ACT)."""

    def __init__(self, doing: Floats, timing: Timing | None = None, parts: ChunkParts | None = None) -> None:
        super().__init__(doing, replace(timing or Timing(), every=1), parts)

    def _blend(self, begins: float, ends: float) -> NDArray[np.floating]:
        over = [i for i, chunk in enumerate(self._chunks) if not chunk.covers(begins)]
        self._forget(
            over[-1] + 1 if over else 0
        )  # all are as long as each other: the first asked for ends first
        said = np.array([chunk.says(begins, ends) for chunk in self._chunks])
        weights = self.parts.weights([chunk.seen for chunk in self._chunks], self.timing.m)
        mean: NDArray[np.floating] = weights @ said
        return mean


class CrossFading(Player):
    """Fades over from chunk to chunk, by when actions are due."""

    def _blend(self, begins: float, ends: float) -> NDArray[np.floating]:
        done = [i for i, fresh in enumerate(self._fresh) if fresh + self.timing.fade <= begins]
        self._forget(done[-1] if done else 0)
        first, *others = self._chunks
        said: NDArray[np.floating] = first.says(begins, ends)
        for chunk, fresh in zip(others, self._fresh[1:], strict=True):
            new = chunk.says(begins, ends)[None]
            said = self.parts.fade(said[None], new, [ends], fresh, self.timing.fade)[0]
        return said


class _Committing(Player):
    """Tells the policy what it will do until the answer comes."""

    def _ask(self, now: float) -> Ask:
        chunk, most = self._due(now), min(self.delay.steps, self.timing.prefix)
        committed = self._sent[None][:0] if chunk is None else chunk.from_then(now, most)
        return Ask(now, self._sent.copy(), committed)

    def _chunk(self, ask: Ask, actions: Floats, now: float) -> Chunk | None:
        period = self.timing.period
        passed = int((now - ask.seen + CLOSE) / period)
        if passed >= len(actions):
            return None
        fresh = ask.seen + len(ask.committed) * period
        self.late += now > fresh + CLOSE
        # A row before what is left, for that is where the robot is on its way from.
        rows = self.parts.merge(ask.committed, actions, max(passed - 1, 0)).astype(np.float32)
        begin, rows = (rows[0], rows[1:]) if passed else (ask.doing, rows)
        return Chunk(rows, begin, ask.seen + passed * period, period, fresh)


class Prefixed(_Committing, Switching):
    """Tells the policy what it will do until the answer comes, and the answer goes on from there.

    How smoothly is up to the policy: from the last committed action to the first one of its own takes an action's time.
    """


class SoftlyPrefixed(_Committing, CrossFading):
    """The same, and behind the prefix it fades over from what the chunk before would have gone on with."""


class RolledForward(Switching):
    """Asks what to do from when the answer will be there on: the policy is shown the state rolled forward (VLASH).

    Until then the chunk so far is played (Tang et al. 2025, arXiv 2512.01031).
    """

    def _ask(self, now: float) -> Ask:
        chunk = self._due(now)
        committed = self._sent[None][:0] if chunk is None else chunk.from_then(now, self.delay.steps)
        return Ask(now, self._sent.copy(), committed, ahead=len(committed))

    def _chunk(self, ask: Ask, actions: Floats, now: float) -> Chunk:
        begins = ask.seen + ask.ahead * self.timing.period
        self.late += now > begins + CLOSE
        begin = ask.committed[-1] if ask.ahead else ask.doing
        return Chunk(actions, begin, begins, self.timing.period)


MODES: Final[Mapping[str, type[Player]]] = {
    "switch": Switching,
    "blocking": Blocking,
    "ensemble": Ensemble,
    "fade": CrossFading,
    "prefix": Prefixed,
    "soft": SoftlyPrefixed,
    "rolled": RolledForward,
}
"""all of them; "switch" is what the others are held against"""


def player_of(
    mode: str, doing: Floats, timing: Timing | None = None, parts: ChunkParts | None = None
) -> Player:
    """Return a player by the name of its mode.

    Args:
        mode: one of `MODES`.
        doing: (36,), what the robot does before the first chunk.
        timing: of its loop.
        parts: those of it that are exercises, by default the reference's.

    Raises:
        ValueError: there is no such mode.
    """
    if mode not in MODES:
        raise ValueError(f"mode is {mode!r}, expected one of: {', '.join(MODES)}")
    return MODES[mode](doing, timing, parts)
