"""The other end: who commands a robot. One interface, be it the simulator here or a robot elsewhere."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.link.channels import Channel, Clock
from vla_course.deployment.link.messages import LinkFault, Order, Reading, pack, unpack
from vla_course.deployment.link.newest import Newest
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]


class RobotLink(Protocol):
    """A robot, for whoever commands it."""

    def sense(self) -> Reading | None:
        """Return the newest reading; None where nothing was ever heard. Never waits."""

    def command(self, action: Floats) -> None:
        """Say what to do (36,) in -1 to 1, until the next order. Never waits."""

    def stop(self) -> None:
        """Stop the robot; it stays stopped until that is acknowledged."""

    def acknowledge(self) -> None:
        """Say that the cause of a stop is gone."""


class ChannelLink:
    """A robot at the other end of a channel.

    Args:
        channel: this end of the way.
        clock: the commander's own.
        session: number of this run; another one each time it starts.
        silence: s, after which a robot that has begun anew is believed.

    Attributes:
        faults: datagrams that were none of this link; they are dropped.
        stamps: s, of the newest round trip: an order sent (this clock) and heard (the robot's), the reading that says
            so sent (the robot's) and heard (this clock); None before the first.
    """

    def __init__(self, channel: Channel, clock: Clock, session: int, silence: float = 1.0) -> None:
        self._channel, self._clock, self._session = channel, clock, session
        self._newest = Newest(silence)
        self._number = 0
        self._reading: Reading | None = None
        self._stopping = self._acknowledging = False
        self.faults = 0
        self.stamps: tuple[float, float, float, float] | None = None

    def sense(self) -> Reading | None:
        """As `RobotLink.sense`."""
        for data, _ in self._channel.receive():
            now = self._clock()
            try:
                reading = unpack(data)
            except LinkFault:
                self.faults += 1
                continue
            if not isinstance(reading, Reading) or not self._newest.admits(reading, now):
                continue
            self._reading = reading
            if reading.heard >= 0:
                self.stamps = reading.heard_sent, reading.heard_at, reading.stamp, now
            self._stopping &= not reading.stopped
            self._acknowledging &= reading.stopped
        return self._reading

    def command(self, action: Floats) -> None:
        """As `RobotLink.command`."""
        reading = self._reading
        order = Order(
            self._session,
            self._number,
            self._clock(),
            0 if reading is None else reading.number,
            0.0 if reading is None else reading.stamp,
            action,
            self._stopping,
            self._acknowledging and not self._stopping,
        )
        self._number += 1
        self._channel.send(pack(order))

    def stop(self) -> None:
        """As `RobotLink.stop`: said at once, and with every order until the robot tells that it has stopped."""
        self._stopping, self._acknowledging = True, False
        self.command(np.zeros(ACTION.size, np.float32))

    def acknowledge(self) -> None:
        """As `RobotLink.acknowledge`."""
        self._acknowledging = not self._stopping
