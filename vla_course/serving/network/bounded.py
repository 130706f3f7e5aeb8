"""A connection that is known from its first byte, and cut off when it floods.

What comes before a handshake, and what comes beside messages, is no business of a conversation: sockets that say
nothing, and pings, each of which the library answers by itself, on the event loop, without asking whether anybody
reads.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from vla_course.serving.network.bucket import Bucket
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.packets.codes import Code

CONTROLS: Final = 20.0
"""pings and pongs a second, on the average: a heartbeat takes one or two"""
FLOOD: Final = 4.0
"""times the packets that a session may send: frames, of packets or of parts of them, that are a flood"""
PIECE: Final = 2**12
"""bytes that are looked at before the next decision to go on"""


class BoundedConnection(ServerConnection):
    """One of at most so many sockets.

    Args:
        sockets: all that there are; it adds itself, and takes itself out.
        settings: how many there may be.
        refused: called with a code where it is cut off.
        arguments, named: of `ServerConnection`.
    """

    def __init__(
        self,
        sockets: "set[BoundedConnection]",
        settings: ServerSettings,
        refused: Callable[[Code], None],
        *arguments: Any,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self._sockets, self._refused = sockets, refused
        self._most = settings.connections + settings.handshakes
        self._controls = Bucket(CONTROLS, 2.0 * CONTROLS)
        # What is a little too fast a conversation answers; frames beyond that are taken apart for nothing.
        self._frames = Bucket(FLOOD * settings.packets_per_second, FLOOD * settings.burst)
        self._cut = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it; one too many is dropped without a word."""
        super().connection_made(transport)
        self._sockets.add(self)
        if len(self._sockets) > self._most:
            self.cut(Code.TOO_MANY_CONNECTIONS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        super().connection_lost(exc)
        self._sockets.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take in what came, piece by piece, until it is cut off."""
        for start in range(0, len(data), PIECE):
            if self._cut:
                return
            super().data_received(data[start : start + PIECE])

    def process_event(self, event: Request | Frame) -> None:  # type: ignore[override]
        """Take in a frame; too many are a flood."""
        super().process_event(event)
        if self._cut or not isinstance(event, Frame):
            return
        bucket = self._controls if event.opcode in (Opcode.PING, Opcode.PONG) else self._frames
        if not bucket.take(time.monotonic()):
            self.cut(Code.RATE_LIMITED)

    def cut(self, code: Code) -> None:
        """Drop it: there is no farewell for those who do not listen."""
        self._cut = True
        self._refused(code)
        self.transport.abort()
