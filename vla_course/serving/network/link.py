"""A link: packets go out as they come, answers come in, and what breaks is mended; the loop of a robot never waits.

link = PacketLink("ws://127.0.0.1:8000")
with link:
    link.offer(packet)            # the newest wins: one that was not sent yet is answered with `superseded`
    for response in link.answers():
        ...

Every packet that was offered gets one response: the server's, or one that the link gives in its place (`superseded`,
`cancelled`) where the packet, or its answer, is lost with a connection. Nothing that is old is sent again.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from vla_course.serving.network.client import checked_uri, greeting, refusal
from vla_course.serving.network.errors import read_error
from vla_course.serving.network.policy import SESSION
from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.packets.wire import unpack

LOG: Final = logging.getLogger("vla_course.serving")
HOPELESS: Final = (Code.UNAUTHORIZED, Code.FORBIDDEN_ORIGIN, Code.NOT_FOUND)
"""refusals that no waiting will change"""


@dataclass(frozen=True)
class LinkSettings:
    """How a link behaves.

    Raises:
        ValueError: a number is not above 0 or not finite, or a count is not whole.
    """

    open_seconds: float = 2.0
    """for connecting"""
    first_pause: float = 0.05
    """s, before it tries again; twice as long each time ..."""
    longest_pause: float = 1.0
    """... and s, at most"""
    ping_seconds: float = 0.5
    """between heartbeats"""
    pong_seconds: float = 2.0
    """without an answer to one, after which the server is gone; a process that dies is noticed at once"""
    in_flight: int = 4
    """packets on their way at most: to a server that is slow no more are sent"""
    kept: int = 256
    """answers that are kept for a loop that does not ask for them; then the oldest are dropped"""

    def __post_init__(self) -> None:
        check_numbers(self)


class PacketLink:
    """Carries packets to a server and responses back, in a thread of its own.

    Args:
        uri: `ws://host:port`, or `wss://`.
        token: where the server wants one.
        settings: how patient it is.
        limits: of messages.

    Attributes:
        metadata: what the server said first, when it did last.
        refused: why there will be no connection; None while there is hope.
        connects: how often it has connected.
        resumed: how often it found its session again.
        dropped: answers that nobody asked for.

    Raises:
        ValueError: `uri` is none of a websocket.
    """

    def __init__(
        self,
        uri: str,
        token: str | None = None,
        settings: LinkSettings | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self._uri, self._token, self._limits = checked_uri(uri), token, limits
        self._settings = settings or LinkSettings()
        self._lock = threading.Lock()
        self._next: VLAPacket | None = None
        self._sent: OrderedDict[int, VLAPacket] = OrderedDict()
        self._answers: deque[VLAResponse] = deque(maxlen=self._settings.kept)
        self._session: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._wake, self._ended = asyncio.Event(), asyncio.Event()
        self._connected = threading.Event()
        self.metadata: Mapping[str, Any] = {}
        self.refused: PacketError | None = None
        self.connects = self.resumed = self.dropped = 0

    # ---- for the robot's loop --------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread; it connects by itself, now and whenever the connection breaks.

        Raises:
            RuntimeError: it has been started before; a link that was stopped is done with.
        """
        if self._thread is not None:
            raise RuntimeError("the link has been started, expected a new one")
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="link", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hang up and end the thread; what was not answered is answered with `cancelled`, and all that comes now."""
        thread, loop = self._thread, self._loop
        if thread is None:
            return
        while loop is None and thread.is_alive():  # it has only just begun
            time.sleep(0.001)
            loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(self._ended.set)
        thread.join()
        with self._lock:
            self._stopped = True
        self._lost()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_connected(self) -> bool:
        """Whether packets get through, as far as is known."""
        return self._connected.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for a connection; False if there is none after so long."""
        return self._connected.wait(seconds)

    def offer(self, packet: VLAPacket) -> None:
        """Have a packet sent as soon as may be; never waits."""
        with self._lock:
            if self.refused is not None or self._stopped:
                self._give(_instead(packet, Code.CANCELLED if self.refused is None else self.refused.code))
                return
            older, self._next = self._next, packet
            if older is not None:
                self._give(_instead(older, Code.SUPERSEDED))
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: `stop` answers
                loop.call_soon_threadsafe(self._wake.set)

    def answers(self) -> list[VLAResponse]:
        """Return the responses that came since it was asked last, in their order; never waits."""
        with self._lock:
            came = list(self._answers)
            self._answers.clear()
        return came

    # ---- in the thread ---------------------------------------------------------------------------

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        ended = asyncio.create_task(self._ended.wait())
        trying = asyncio.create_task(self._keep_connected())
        try:
            await asyncio.wait({ended, trying}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (ended, trying):
                task.cancel()
            await asyncio.gather(ended, trying, return_exceptions=True)
            self._connected.clear()

    async def _keep_connected(self) -> None:
        pause = self._settings.first_pause
        while True:
            before = self.connects
            try:
                await self._once()
            except InvalidStatus as refused:
                why = refusal(refused)
                if why.code in HOPELESS:
                    self.refused = why
                    return
            except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, PacketError):
                pass  # the next try is the answer
            except Exception as fault:
                LOG.exception("the link to %s ended by a fault of its own", self._uri)
                self.refused = PacketError(Code.INTERNAL, "", f"the link ended: {type(fault).__name__}")
                return
            finally:
                self._connected.clear()
                self._lost()
            pause = self._settings.first_pause if self.connects > before else pause
            await asyncio.sleep(pause)
            pause = min(2.0 * pause, self._settings.longest_pause)

    async def _once(self) -> None:
        """Connect, and carry packets until the connection breaks."""
        settings = self._settings
        connecting = connect(
            self._uri,
            additional_headers=greeting(self._token, self._session),
            compression=None,
            max_size=self._limits.message,
            max_queue=4,
            open_timeout=settings.open_seconds,
            ping_interval=settings.ping_seconds,
            ping_timeout=settings.pong_seconds,
            close_timeout=0.5,
            proxy=None,
        )
        async with connecting as connection:
            async with asyncio.timeout(settings.open_seconds):
                self._met(unpack(_binary(await connection.recv()), self._limits))
            tasks = {
                asyncio.create_task(self._send_all(connection)),
                asyncio.create_task(self._receive_all(connection)),
            }
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            for task in done:
                task.result()

    def _met(self, metadata: Mapping[str, Any]) -> None:
        session = metadata.get(SESSION)
        self._session = session if isinstance(session, str) else None
        self.metadata = metadata
        self.connects += 1
        self.resumed += metadata.get("vla/resumed") is True
        self._connected.set()

    async def _send_all(self, connection: ClientConnection) -> None:
        while True:
            self._wake.clear()
            packet = self._taken()
            if packet is None:
                await self._wake.wait()
                continue
            try:
                data = packet.to_wire(self._limits)
            except PacketError as fault:
                self._settle(
                    packet.frame_id, VLAResponse.error(fault.of(packet.frame_id, packet.correlation_id))
                )
                continue
            await connection.send(data)

    def _taken(self) -> VLAPacket | None:
        """Return the packet to be sent now, if there is one and room on the way."""
        with self._lock:
            if self._next is None or len(self._sent) >= self._settings.in_flight:
                return None
            packet, self._next = self._next, None
            self._sent[packet.frame_id] = packet
            return packet

    async def _receive_all(self, connection: ClientConnection) -> None:
        async for message in connection:
            try:
                response = VLAResponse.from_tree(unpack(_binary(message), self._limits))
                self._settle(response.frame_id, response)
            except PacketError as fault:
                self._refused(fault)
            self._wake.set()

    def _refused(self, fault: PacketError) -> None:
        """Give an error to the packet that it is of; to the oldest on its way where it does not say, as none answers
        out of turn."""
        with self._lock:
            oldest = next(iter(self._sent), None)
        frame = fault.frame_id if fault.frame_id is not None else oldest
        packet = self._sent.get(-1 if frame is None else frame)
        if packet is not None:
            answer = VLAResponse.error(fault.of(packet.frame_id, packet.correlation_id))
            self._settle(packet.frame_id, answer)

    def _settle(self, frame_id: int, response: VLAResponse) -> None:
        """Hand over the response to a packet that is on its way; an answer to none is nobody's."""
        with self._lock:
            if self._sent.pop(frame_id, None) is not None:
                self._give(response)

    def _give(self, response: VLAResponse) -> None:
        """Keep a response; the lock is held."""
        self.dropped += len(self._answers) == self._answers.maxlen
        self._answers.append(response)

    def _lost(self) -> None:
        """Answer what was on its way when the connection broke, and what waits: it would be old when it got through."""
        with self._lock:
            lost = [*self._sent.values(), *([] if self._next is None else [self._next])]
            self._sent.clear()
            self._next = None
            for packet in lost:
                self._give(_instead(packet, Code.CANCELLED))


def _instead(packet: VLAPacket, code: Code) -> VLAResponse:
    return VLAResponse(
        frame_id=packet.frame_id,
        correlation_id=packet.correlation_id,
        timestamp=packet.timestamp,
        code=code,
        message=code.meaning,
    )


def _binary(message: str | bytes) -> bytes:
    if isinstance(message, str):
        raise read_error(message)
    return message
