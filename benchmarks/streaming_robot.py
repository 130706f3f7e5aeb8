"""A simulated robot that streams its cameras to a policy elsewhere, and a note of when everything happened.

It is the robot of `vla-course drive`, and hears and sees as that one does. Its pictures are drawn while it acts; or it
shows the policy pictures that were drawn before, as real cameras hand over theirs without work of its processor.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.planned.eyes import COLOUR
from vla_course.learning.planned.learned import ears_and_eyes
from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.link import PacketLink
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.remote.network import shipped_network
from vla_course.serving.remote.robot import DrivenPolicy
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

HERTZ: Final = 30.0
DEADLINE: Final = 0.066
"""s from a picture, by which its actions must be there"""
SENTENCE: Final = "pick up the red cup"
KEPT: Final = 300
"""packets that are kept: their pictures are shown again"""
WARM: Final = 3.0
"""s of acting before anything is counted: first calls load and warm up"""


@dataclass
class Streamed:
    """What was measured of a stream.

    Attributes:
        seconds: it lasted.
        offered: packets.
        ages: s, from each picture to when the robot took its actions.
        render, simulate, decide: s, of every packet three pictures, of every tick the body's physics, of every answer
            network and inverse kinematics.
        refused: answers without actions, by code.
        ticks: of the robot's loop.
        late: ticks that took longer than they may.
    """

    seconds: float = 0.0
    offered: int = 0
    ages: list[float] = field(default_factory=list)
    render: list[float] = field(default_factory=list)
    simulate: list[float] = field(default_factory=list)
    decide: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    ticks: int = 0
    late: int = 0

    @property
    def rate(self) -> float:
        """Answers with actions a second, Hz."""
        return len(self.ages) / self.seconds

    @property
    def missed(self) -> float:
        """Fraction of the packets that were due whose actions were not there in time."""
        due = max(self.offered, round(HERTZ * self.seconds))
        return 1.0 - min(sum(age <= DEADLINE for age in self.ages) / due, 1.0)

    def p(self, percent: float) -> float:
        """Percentile of `ages`, ms."""
        return 1e3 * float(np.percentile(self.ages, percent))


class NotingLink(PacketLink):
    """A link that notes what is offered and what comes, where it is told to."""

    noted: Streamed | None = None

    def offer(self, packet: VLAPacket) -> None:
        """Note, and have a packet sent."""
        if self.noted is not None:
            self.noted.offered += 1
        super().offer(packet)

    def answers(self) -> list[VLAResponse]:
        """Return what came, and note it."""
        came, now, noted = super().answers(), time.monotonic(), self.noted
        for response in came if noted is not None else ():
            assert noted is not None
            if response.success and response.timestamp is not None:
                noted.ages.append(now - response.timestamp)
                noted.decide.append(1e-3 * response.timings_ms["decide"])
            else:
                noted.refused[response.code.value] = noted.refused.get(response.code.value, 0) + 1
        return came


class Shown:
    """Stands in for a camera: what it saw is known."""

    def __init__(self, rgb: NDArray[np.uint8]) -> None:
        self.rgb = rgb

    def capture(self) -> Shown:
        """Return the picture."""
        return self


class NotingRobot(DrivenPolicy):
    """Streams for so many seconds.

    Args:
        link: that notes.
        seconds: of the clock, of streaming.
        shows: packets whose pictures it shows in place of drawing them; (): it draws.
    """

    def __init__(self, link: NotingLink, seconds: float, shows: Sequence[bytes]) -> None:
        super().__init__(*ears_and_eyes(), link)
        self._noting, self._seconds = link, seconds
        self._shows = cycle([seen(VLAPacket.from_wire(wire)) for wire in shows]) if shows else None
        self.found, self.kept = Streamed(), list[VLAPacket]()

    def _actions(self, actor: Any, robot: Any, until: float) -> Iterator[tuple[NDArray[np.float32], float]]:
        began = time.monotonic()
        counts = False
        for doing in super()._actions(actor, robot, np.inf):
            now = time.monotonic()
            if not counts and now - began >= WARM:
                counts, began, late = True, now, self.driven.late_ticks
                self._noting.noted = self.found
            yield doing
            if counts:
                self.found.simulate.append(time.monotonic() - now)
                self.found.ticks += 1
                self.found.seconds = time.monotonic() - began
                self.found.late = self.driven.late_ticks - late
                if self.found.seconds >= self._seconds:
                    return

    def _packet(self, number: int, now: float, actor: Any, cameras: Any, committed: Any) -> VLAPacket:
        if self._shows is not None:
            return super()._packet(number, now, actor, next(self._shows), committed)
        began = time.monotonic()
        shown: Any = {place: Shown(camera.capture().rgb) for place, camera in cameras.items()}
        if self._noting.noted is not None:
            self.found.render.append(time.monotonic() - began)
        packet = super()._packet(number, now, actor, shown, committed)
        if len(self.kept) < KEPT:
            self.kept.append(packet)
        return packet


def seen(packet: VLAPacket) -> Any:
    """Return cameras that see what a packet shows."""
    return {place: Shown(packet.pixels(place)) for place in PLACES}


def drive(uri: str, seconds: float, shows: Sequence[bytes], seed: int, pipe: Connection) -> None:
    """Be the robot: do what it is told for so long, and send what was measured, and packets that it sent."""
    torch.set_num_threads(1)
    task = task_for(understand(SENTENCE), np.random.default_rng(seed))
    with World(seed) as world, NotingLink(uri) as link:
        if not link.wait(20.0):
            raise SystemExit(f"nobody answers at {uri}")
        robot = NotingRobot(link, seconds, shows)
        stage = task.start(world)
        for _ in robot.perform(stage.humanoid, SENTENCE):
            pass
    pipe.send((robot.found, [packet.to_wire() for packet in robot.kept]))


def serve(pipe: Connection) -> None:
    """Be the server of the policy that ships, until something is said."""
    torch.set_num_threads(1)
    network = shipped_network()
    with ServerThread(PacketPolicy(network, network.metadata), ServerSettings(port=0)) as server:
        pipe.send(server.uri)
        pipe.recv()


def stand_beside(seed: int, pipe: Connection) -> None:
    """Be a robot that stands in its scene in real time, and asks nobody, until something is said."""
    from vla_course.learning.environment.action_space import read_action
    from vla_course.learning.environment.commanded_body import CommandedBody
    from vla_course.learning.model.joint_range import joint_range

    task = task_for(understand(SENTENCE), np.random.default_rng(seed))
    with World(seed) as world:
        robot, joints = CommandedBody(task.start(world).humanoid), joint_range()
        still, due = read_action(robot.as_it_is(), joints), time.monotonic()
        pipe.send("stands")
        while not pipe.poll():
            for _ in robot.carry_out(still, 1.0 / HERTZ):
                pass
            due = max(due + 1.0 / HERTZ, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))


def draw_alone(seed: int, count: int) -> list[float]:
    """Return how long three pictures take, s, each time, where nothing else is done."""
    task = task_for(understand(SENTENCE), np.random.default_rng(seed))
    with World(seed) as world:
        humanoid = task.start(world).humanoid
        cameras = [
            Camera(world, RobotMount(humanoid, place), width=COLOUR, height=COLOUR) for place in PLACES
        ]
        times = []
        for _ in range(count):
            began = time.monotonic()
            for camera in cameras:
                camera.capture()
            times.append(time.monotonic() - began)
    return times
