"""The robot's end of a link: it says what it feels, does what it hears, and stands when it hears nothing.

    link -> newest order -> watchdog -> CommandedBody -> reading -> link

All deadlines are counted on the robot's own clock. An order has the age of the reading that it answers: whoever
commands by what was, and not by what is, is as late as one whose orders are late.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vla_course.deployment.link.channels import Channel, Clock
from vla_course.deployment.link.messages import LinkFault, Order, Reading, pack, unpack
from vla_course.deployment.link.newest import Newest
from vla_course.learning.environment.action_space import read_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.model.joint_range import joint_range
from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.remote.watchdog import Watchdog, WatchdogSettings
from vla_course.simulation.robot.layout import ACTION

LADDER: Final = WatchdogSettings(holds=0.1, stands=0.15, latches=1.0, fresh=3)
"""of a robot whose commander answers within tens of milliseconds"""


@dataclass(frozen=True)
class LinkSettings:
    """How a robot listens and tells.

    Raises:
        ValueError: a number is not above 0 or not finite.
    """

    period: float = 1.0 / 30.0
    """s, between readings"""
    silence: float = 1.0
    """s without an order, after which another commander may take over"""

    def __post_init__(self) -> None:
        check_numbers(self)


class LinkedRobot:
    """A robot that is commanded over a channel.

    Args:
        body: that moves.
        channel: its end of the way; its peer is whose order was believed last.
        clock: the robot's own.
        session: number of this run; another one each time it starts.
        ladder: of its watchdog.
        settings: how it listens and tells.

    Attributes:
        faults: datagrams that were none of this link; they are dropped.
        orders: that were heard.
        watch: its watchdog.
        stopped: whether the emergency stop is latched.
    """

    def __init__(
        self,
        body: CommandedBody,
        channel: Channel,
        clock: Clock,
        session: int,
        ladder: WatchdogSettings = LADDER,
        settings: LinkSettings | None = None,
    ) -> None:
        self.body, self.channel, self._clock, self._session = body, channel, clock, session
        self._settings = settings or LinkSettings()
        self._newest = Newest(self._settings.silence)
        self._joints = joint_range()
        self._heard: tuple[Order, float] | None = None
        self._number = 0
        self._action = self.body.as_it_is()
        self.watch = Watchdog(clock(), ladder)
        self.faults, self.orders, self.stopped = 0, 0, False

    def run(self) -> Iterator[None]:
        """Go on for ever; yields after every tick of the body."""
        while True:
            self._tell()
            self._listen()
            halted = self._halted
            action = self.watch.guards(self._action, self._clock())
            if halted:
                action[ACTION.base_velocity] = 0.0
                self.body.walker.close_feet()
            for _ in self.body.carry_out(read_action(action, self._joints), self._settings.period):
                yield
                self._listen()
                if self._halted and not halted:
                    break  # a stop waits for no period to end

    @property
    def _halted(self) -> bool:
        """Whether it is to stand."""
        return self.stopped or self.watch.rung(self._clock()) in ("stands", "latched")

    def _listen(self) -> None:
        """Take what has come."""
        for data, sender in self.channel.receive():
            now = self._clock()
            try:
                order = unpack(data)
            except LinkFault:
                self.faults += 1
                continue
            if not isinstance(order, Order):
                continue
            if order.stop and not self.stopped:  # whoever says it, and however late: no stop is ever too old
                self.stopped = True
                self._action = self.body.as_it_is()
            if not self._newest.admits(order, now):
                continue
            self.channel.peer = sender
            self.orders += 1
            self._heard = (order, now)
            self.stopped = self.stopped and (order.stop or not order.acknowledge)
            if not self.stopped:
                self._action = order.action
            if order.answers < self._number:  # a reading that was never said is answered by nobody
                self.watch.takes(order.answers, order.taken, now)

    def _tell(self) -> None:
        """Say what the robot feels."""
        now = self._clock()
        order, at = self._heard or (None, 0.0)
        self.channel.send(
            pack(
                Reading(
                    self._session,
                    self._number,
                    now,
                    self.body.feel(),
                    self.watch.rung(now),
                    self.stopped,
                    -1 if order is None else order.number,
                    0.0 if order is None else order.sent,
                    at,
                )
            )
        )
        self._number += 1
