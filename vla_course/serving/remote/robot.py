"""The robot's end: it sees, hears and moves here; what to do next is decided elsewhere, and it never waits for it.

Every tick it says what it sees and feels, takes what has come, and does what is due. Deadlines are counted on its own
monotonic clock; when answers stay away a watchdog brings it to a stand.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.planned.eyes import COLOUR, Eyes
from vla_course.learning.planned.finding import Grounder
from vla_course.learning.planned.policy import Heard
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.serving.chunks.modes import MODES, RolledForward, player_of
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.chunks.player import Timing
from vla_course.serving.network.link import PacketLink
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.remote.watchdog import Rung, Watchdog, WatchdogSettings
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.scene.cameras import PLACES, Camera, Place, RobotMount

Floats = NDArray[np.float32]

MODE: Final = "prefix"
OVER_A_WIRE: Final = tuple(mode for mode, player in MODES.items() if player is not RolledForward)
"""modes by which a robot may go over; no packet says how far a state is to be rolled forward"""


@dataclass
class Driven:
    """What came of a drive, counted.

    Attributes:
        ticks: of the robot's loop.
        late_ticks: that took longer than they may, on the robot's clock: the machine was too slow.
        codes: of the responses, how many of each.
        ages: s, of each chunk when it was taken, since its pictures.
        downs: how often the watchdog went down to each rung.
        held: ticks in which nothing was due.
    """

    ticks: int = 0
    late_ticks: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    ages: list[float] = field(default_factory=list)
    downs: dict[Rung, int] = field(default_factory=dict)
    held: int = 0


class DrivenPolicy(DirectPolicy):
    """Does what it is told as the direct policy does; its network is at the other end of a link.

    Args:
        listen, grounder: as of `DirectPolicy`.
        link: started, to a server of `remote.network.DirectNetwork`.
        mode: one of `OVER_A_WIRE`, by which it goes over from chunk to chunk.
        timing: of its loop.
        watch: when its watchdog goes down a rung.
        eyes: makes the eyes of a robot: its own cameras by default.
        parts: of the player that are exercises, by default the reference's.
        real_time: whether it waits for the clock where the simulator is faster.

    Attributes:
        driven: what came of the last sentence.

    Raises:
        ValueError: there is no such mode over a wire.
    """

    def __init__(
        self,
        listen: Callable[[str], Heard],
        grounder: Grounder,
        link: PacketLink,
        mode: str = MODE,
        timing: Timing | None = None,
        watch: WatchdogSettings | None = None,
        eyes: Callable[[Humanoid], Eyes] = Eyes,
        parts: ChunkParts | None = None,
        real_time: bool = True,
    ) -> None:
        self._timing = timing or Timing()
        # The frame of the direct policy has a network; this one is never asked, and need not have learned anything.
        super().__init__(listen, grounder, ChunkPolicy(), eyes, period=self._timing.period)
        self._link, self._mode, self._watch, self._parts = link, mode, watch, parts
        self._real_time, self._numbers = real_time, count()
        if mode not in OVER_A_WIRE:
            raise ValueError(f"mode is {mode!r}, expected one of: {', '.join(OVER_A_WIRE)}")
        self.driven = Driven()
        self._sentence = ""

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Do what a sentence says; as `PlannedPolicy.perform`."""
        self._sentence = sentence
        yield from super().perform(humanoid, sentence)

    def _actions(self, actor: Actor, robot: CommandedBody, until: float) -> Iterator[tuple[Floats, float]]:
        """Yield what to do tick by tick, whatever becomes of the wire."""
        timing, humanoid, link = self._timing, robot.walker.humanoid, self._link
        player = player_of(self._mode, robot.as_it_is(), timing, self._parts)
        cameras = {
            place: Camera(humanoid.world, RobotMount(humanoid, place), width=COLOUR, height=COLOUR)
            for place in PLACES
        }
        link.answers()  # what was said of an earlier sentence
        self.driven = driven = Driven()
        due = time.monotonic()
        watch, asked = Watchdog(due, self._watch), -1
        while humanoid.world.time < until:
            now = time.monotonic()
            at = driven.ticks * timing.tick
            for response in link.answers():
                driven.codes[response.code.value] = driven.codes.get(response.code.value, 0) + 1
                watch.hears(response, now)
                if response.frame_id != asked:
                    continue
                asked = -1
                if response.success and response.actions is not None:
                    player.takes(response.actions, at)
                    driven.ages.append(now - (response.timestamp or now))
                else:
                    player.fails()
            ask = player.asks(at)
            if ask is not None or asked < 0:
                number = next(self._numbers)
                asked = number if ask is not None else asked
                committed = None if ask is None else ask.committed
                link.offer(self._packet(number, now, actor, cameras, committed))
            action = watch.guards(player.plays(at), now)
            driven.ticks += 1
            driven.held, driven.downs = player.held, dict(watch.downs)
            yield action, timing.tick
            due, now = due + timing.tick, time.monotonic()
            if now > due:
                driven.late_ticks += 1
                due = now  # what is lost is not made up for by haste
            elif self._real_time:
                time.sleep(due - now)

    def _packet(
        self,
        number: int,
        now: float,
        actor: Actor,
        cameras: dict[Place, Camera],
        committed: Floats | None,
    ) -> VLAPacket:
        """Return what the robot sees, feels and has been told."""
        inputs = actor.inputs()
        state = inputs.pop("state")
        return VLAPacket(
            frame_id=number,
            correlation_id=f"robot:{number}",
            timestamp=now,
            query=self._sentence,
            images={place: encode_picture(camera.capture().rgb) for place, camera in cameras.items()},
            robot_state=state,
            sensed=inputs,
            committed=np.zeros((0, ACTION.size), np.float32) if committed is None else committed,
        )
