"""The direct policy on a clock that does not stand still for thought: a decision takes time, and the robot moves on.

The clock is the world's. A decision is made of what is seen when it is asked for, and comes after a delay that is
drawn: so the same seed gives the same run, bit for bit, on any machine, and a delay is a dial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.planned.eyes import Eyes
from vla_course.learning.planned.finding import Grounder
from vla_course.learning.planned.policy import Heard
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.chunk_policy import ChunkNetwork
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.serving.chunks.chunk import CLOSE
from vla_course.serving.chunks.deciding import decide
from vla_course.serving.chunks.delays import InjectedDelay
from vla_course.serving.chunks.modes import player_of
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.chunks.player import Timing
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]

JITTER: Final = 0.2
"""-, of the logarithm of a delay: one in twenty is longer by 40 %"""


@dataclass(frozen=True)
class Streaming:
    """How a policy is streamed.

    Attributes:
        mode: one of `modes.MODES`.
        delay: s, what a decision takes on average.
        jitter: -, standard deviation of its logarithm.
        timing: of the robot's loop.
    """

    mode: str = "prefix"
    delay: float = 0.0
    jitter: float = JITTER
    timing: Timing = field(default_factory=Timing)


class StreamedPolicy(DirectPolicy):
    """Does what it is told as the direct policy does, chunk by chunk, while decisions take time.

    Args:
        listen, grounder, network: as of `DirectPolicy`.
        rng: draws the delays.
        streaming: how.
        eyes: makes the eyes of a robot: its own cameras by default.
        parts: of the player that are exercises, by default the reference's.

    Attributes:
        sent: what was done at each tick (36,), from the last sentence on.
        borders: the ticks at which another chunk took over.
        delays: s, what each decision took.
        held, late: ticks in which nothing was due, and answers that came after what they were meant for.

    Raises:
        ValueError: there is no such mode.
    """

    def __init__(
        self,
        listen: Callable[[str], Heard],
        grounder: Grounder,
        network: ChunkNetwork,
        rng: np.random.Generator,
        streaming: Streaming | None = None,
        eyes: Callable[[Humanoid], Eyes] = Eyes,
        parts: ChunkParts | None = None,
    ) -> None:
        self._streaming = streaming = streaming or Streaming()
        super().__init__(listen, grounder, network, eyes, period=streaming.timing.period)
        self._delay = InjectedDelay(streaming.delay, streaming.jitter, rng)
        self._parts = parts
        player_of(streaming.mode, np.zeros(ACTION.size, dtype=np.float32))  # a wrong name is told now
        self._begin()

    def _begin(self) -> None:
        self.sent: list[Floats] = []
        self.borders: list[int] = []
        self.delays: list[float] = []
        self.held = self.late = 0

    def _actions(self, actor: Actor, robot: CommandedBody, until: float) -> Iterator[tuple[Floats, float]]:
        """Yield what to do tick by tick; what was asked is answered when its delay is over."""
        self._begin()
        timing, world = self._streaming.timing, robot.walker.humanoid.world
        player = player_of(self._streaming.mode, robot.as_it_is(), timing, self._parts)
        answer: Floats | None = None
        comes = np.inf
        while world.time < until:
            now = len(self.sent) * timing.tick
            # Twice: what is answered at once, without delay, is acted on at once.
            for _ in range(2):
                if answer is not None and comes <= now + CLOSE:
                    player.takes(answer, now)
                    answer = None
                ask = player.asks(now)
                if ask is not None:
                    answer = decide(actor, ask, timing.period)
                    self.delays.append(self._delay.draw())
                    comes = now + self.delays[-1]
            action = player.plays(now)
            if player.changed:
                self.borders.append(len(self.sent))
            self.sent.append(action)
            self.held, self.late = player.held, player.late
            yield action, timing.tick
