"""A player of chunks, on the robot's side of the wire: what is due now, and when to ask for more.

The robot's loop, a tick of it:

    ask = player.asks(now)              # a request to send, or None
    player.takes(answer, now)           # whenever one comes
    action = player.plays(now)          # what to do until now + tick, always

`now` is the robot's own monotonic clock. The player never waits: where nothing is due it goes on with what it did last,
and after `PATIENCE` stops walking.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.serving.chunks.chunk import CLOSE, Chunk, check_actions
from vla_course.serving.chunks.delays import DelayEstimate
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.packets.bounds import check_numbers
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]
Doing = Literal["acts", "holds", "stands"]

PATIENCE: Final = 0.5
"""s, for which a robot that has nothing due goes on with what it did last; then it stops walking"""


@dataclass(frozen=True)
class Timing:
    """When a player asks, and how it goes over from one chunk to the next.

    Raises:
        ValueError: a time is not above 0 or not finite, or a count is not whole or below its least.
    """

    period: float = 0.1
    """s, of an action of a chunk"""
    tick: float = 1.0 / 30.0
    """s, of the robot's loop"""
    every: int = 4
    """actions after which the next chunk is asked for"""
    fade: float = 0.3
    """s, of a cross-fade"""
    m: float = 0.01
    """-, of the weights of a temporal ensemble"""
    prefix: int = 4
    """actions, at most, that the policy can be given as decided"""

    def __post_init__(self) -> None:
        check_numbers(self, least={"prefix": 0, "m": None})


@dataclass(frozen=True, eq=False)
class Ask:
    """What is sent with a request for a chunk.

    Attributes:
        seen: s, when the robot saw what the chunk is to be decided on: now.
        doing: (36,), what it was doing then.
        committed: (d, 36), what it will do in the next d periods, whatever is decided.
        ahead: actions by which the answer begins later: the state is to be rolled forward by them.
    """

    seen: float
    doing: Floats
    committed: Floats
    ahead: int = 0


class Player(ABC):
    """Plays chunks; its kinds differ in when they ask, what they tell, and how they go over to the next chunk.

    Args:
        doing: (36,), what the robot does before the first chunk.
        timing: of its loop.
        parts: those of it that are exercises, by default the reference's.

    Attributes:
        delay: how long answers take, as far as it knows.
        does: whether it acts on a chunk, holds what it did last, or has stopped.
        held: ticks in which nothing was due.
        late: answers that came after what they were meant for.
        changed: whether at the last tick another chunk had its first new say.

    Raises:
        ValueError: `doing` is no action.
    """

    def __init__(self, doing: Floats, timing: Timing | None = None, parts: ChunkParts | None = None) -> None:
        self.timing, self.parts = timing or Timing(), parts or ChunkParts.reference()
        self.delay = DelayEstimate(self.timing.period, parts=self.parts)
        self.does: Doing = "holds"
        self.held, self.late, self.changed = 0, 0, False
        self._sent = np.array(doing, dtype=np.float32)
        if self._sent.shape != (ACTION.size,) or not np.isfinite(self._sent).all():
            raise ValueError(f"doing is {self._sent}, expected ({ACTION.size},) finite numbers")
        self._asked: Ask | None = None
        self._asked_at = -np.inf
        self._acted_at: float | None = None
        self._chunks: list[Chunk] = []
        self._fresh: list[float] = []
        """of each chunk, from when on it has something new to say"""
        self._newest: Chunk | None = None

    def asks(self, now: float) -> Ask | None:
        """Return what to ask now; None while an answer is on its way, and where it is too early."""
        if self._asked is not None or not self._is_time(now):
            return None
        self._asked, self._asked_at = self._ask(now), now
        return self._asked

    def takes(self, actions: Floats, now: float) -> None:
        """Take the answer (H, 36) to what was asked last.

        Raises:
            ValueError: nothing was asked, or the answer is no chunk: wrong size, or a number that is not finite.
        """
        ask = self._asked
        if ask is None:
            raise ValueError("an answer came and nothing was asked, expected one answer to each request")
        self._asked = None
        self.delay.add(now - ask.seen)
        answer = np.asarray(actions, dtype=np.float32)
        check_actions(answer, ask.doing)
        late = self.late
        chunk = self._chunk(ask, answer, now)
        if chunk is None or chunk.ends <= now + CLOSE:
            self.late = late + 1  # once, and all of it has passed: what was decided before is better than nothing
            return
        if self.does != "acts":
            self._forget(len(self._chunks))  # nothing is left of them
        self._chunks.append(chunk)
        self._fresh.append(max(now, chunk.seen, chunk.fresh))

    def fails(self) -> None:
        """Give up what was asked last: no answer will come. What was decided goes on, and it asks again."""
        self._asked = None

    def plays(self, now: float) -> Floats:
        """Return what to do from `now` for a tick (36,)."""
        chunk, self.changed = self._due(now), False
        if chunk is None:
            self.held += 1
            since = now - (now if self._acted_at is None else self._acted_at)
            self.does = "stands" if since > PATIENCE else "holds"
            if self.does == "stands":
                self._sent[ACTION.base_velocity] = 0.0
            return self._sent.copy()
        fresh = [one for one, since in zip(self._chunks, self._fresh, strict=True) if since <= now + CLOSE]
        self.changed = bool(fresh) and fresh[-1] is not self._newest
        self._newest = fresh[-1] if fresh else self._newest
        self.does, self._acted_at = "acts", now
        self._sent = self._blend(now, now + self.timing.tick).astype(np.float32)
        return self._sent.copy()

    # ---- what kinds of players differ in ----------------------------------------------------------

    def _is_time(self, now: float) -> bool:
        """Tell whether to ask: so many actions after it asked last."""
        return now - self._asked_at >= self.timing.every * self.timing.period - CLOSE

    def _ask(self, now: float) -> Ask:
        return Ask(now, self._sent.copy(), self._sent[None][:0])

    def _chunk(self, ask: Ask, actions: Floats, now: float) -> Chunk | None:
        """Return the answer with its due times; None where all of it has passed."""
        return Chunk(actions, ask.doing, ask.seen, self.timing.period)

    @abstractmethod
    def _blend(self, begins: float, ends: float) -> NDArray[np.floating]:
        """Return what to do between two moments (36,), by the chunks that there are."""

    # ---- what they share ---------------------------------------------------------------------------

    def _due(self, now: float) -> Chunk | None:
        """Return the newest chunk that has begun, if an action of it is due."""
        begun = [chunk for chunk in self._chunks if chunk.seen <= now + CLOSE]
        return begun[-1] if begun and begun[-1].covers(now) else None

    def _forget(self, count: int) -> None:
        """Forget the `count` oldest chunks."""
        del self._chunks[:count], self._fresh[:count]
