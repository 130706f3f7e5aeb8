"""Ways for datagrams: real ones by UDP, and scripted ones with the faults of real ones, on any clock.

A channel never waits: `send` hands a datagram on or loses it, `receive` returns what has come.
"""

import heapq
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Protocol

import numpy as np

from vla_course.serving.packets.bounds import check_numbers

Clock = Callable[[], float]
"""returns s, never goes back"""

BIGGEST: Final = 1200
"""bytes of a datagram, at most: larger ones are cut in pieces on their way, and one lost piece loses them all"""
AT_ONCE: Final = 256
"""datagrams that are taken at once, at most: who sends more than that is not listened to for ever"""


class Channel(Protocol):
    """One end of a way for datagrams.

    Attributes:
        peer: to whom `send` sends; who listens sets it to a sender whom it believes.
    """

    peer: Any

    def send(self, data: bytes) -> None: ...

    def receive(self) -> list[tuple[bytes, Any]]:
        """Return what has come, and from whom."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class Weather:
    """What a way does to datagrams.

    Raises:
        ValueError: a time is negative or not finite, or a share not from 0 to 1.
    """

    latency: float = 0.0
    """s, one way"""
    jitter: float = 0.0
    """s, standard deviation of what comes on top, never less than nothing: who jitters overtakes"""
    loss: float = 0.0
    """-, share that never arrives"""
    twice: float = 0.0
    """-, share that arrives twice"""
    in_order: bool = False
    """a stream, as TCP has it: what was lost is sent again after `again` s, and all behind it waits for it"""
    again: float = 0.2
    """s, until it is sent again: the least that Linux waits (RFC 6298 asks for 1 s)"""

    def __post_init__(self) -> None:
        check_numbers(self, dict.fromkeys(("latency", "jitter", "loss", "twice", "again"), 0))
        for name in ("loss", "twice"):
            if not getattr(self, name) < 1.0:
                raise ValueError(
                    f"Weather.{name} is {getattr(self, name)}, expected a share from 0 to less than 1"
                )


class ScriptedChannel:
    """One end of a way whose weather is scripted; `pair` makes both.

    Attributes:
        cut: whether nothing gets through any more.
    """

    def __init__(self, clock: Clock, weather: Weather, rng: np.random.Generator) -> None:
        self._clock, self._weather, self._rng = clock, weather, rng
        self._coming: list[tuple[float, int, bytes]] = []
        self._last, self._turn = 0.0, count()
        self.cut = False
        self.peer: Any = None

    def send(self, data: bytes) -> None:
        """Send a datagram to the other end."""
        weather, rng, peer = self._weather, self._rng, self.peer
        if self.cut or peer is None:
            return
        copies = 1 + int(rng.random() < weather.twice)
        due = self._clock() + weather.latency + abs(weather.jitter * float(rng.normal()))
        if weather.in_order:
            while rng.random() < weather.loss:
                due += weather.again
            self._last = due = max(due, self._last)
            copies = 1
        elif rng.random() < weather.loss:
            return
        for _ in range(copies):
            heapq.heappush(peer._coming, (due, next(self._turn), data))

    def receive(self) -> list[tuple[bytes, Any]]:
        """Return what has arrived by now, and from whom."""
        now, came = self._clock(), []
        while self._coming and self._coming[0][0] <= now + 1e-9:
            came.append((heapq.heappop(self._coming)[2], self.peer))
        return [] if self.cut else came

    def close(self) -> None:
        """Let nothing through any more."""
        self.cut = True


def pair(
    clock: Clock, there: Weather, back: Weather, rng: np.random.Generator
) -> tuple[ScriptedChannel, ScriptedChannel]:
    """Return both ends of a way, with the weather from the first to the second and back."""
    one, other = (ScriptedChannel(clock, weather, rng) for weather in (there, back))
    one.peer, other.peer = other, one
    return one, other


@dataclass
class UdpChannel:
    """One end of a way by UDP. Who has a `peer` from the start hears that one alone.

    UDP has no password: bind it to the loopback or to a cable of the robot's own.

    Args:
        host, port: to listen at; port 0: any that is free.
        peer: address of the other end; None: it is the one that listens.

    Raises:
        OSError: the address cannot be had.
        ValueError: it, or that of the peer, is none.
    """

    host: str = "127.0.0.1"
    port: int = 0
    peer: tuple[str, int] | None = None
    _socket: socket.socket = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check_address("host, port", (self.host, self.port), least=0)
        if self.peer is not None:
            _check_address("peer", self.peer, least=1)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((self.host, self.port))
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise
        self.port = self._socket.getsockname()[1]
        self._listens = self.peer is None

    def send(self, data: bytes) -> None:
        """Send a datagram; one that the system will not take is lost, as any may be."""
        if self.peer is not None:
            with suppress(OSError):
                self._socket.sendto(data, self.peer)

    def receive(self) -> list[tuple[bytes, Any]]:
        """Return what has come, the oldest first, and from whom."""
        came: list[tuple[bytes, Any]] = []
        for _ in range(AT_ONCE):
            try:
                data, sender = self._socket.recvfrom(BIGGEST + 1)
            except BlockingIOError:
                break
            except OSError:  # the other end told that nobody listens there
                continue
            if self._listens or sender == self.peer:
                came.append((data, sender))
        return came

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def _check_address(name: str, address: Any, least: int) -> None:
    match address:
        case str(), int(port) if least <= port <= 65_535:
            return
    raise ValueError(f"{name} is {address!r}, expected a host and a port from {least} to 65535")
