"""A client that asks and waits: the twin of openpi's, which believes its server as little as the server believes it."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Self

from websockets.exceptions import ConnectionClosed, InvalidStatus, InvalidURI
from websockets.sync.client import ClientConnection, connect
from websockets.uri import parse_uri

from vla_course.serving.network.access import SCHEME
from vla_course.serving.network.errors import read_error
from vla_course.serving.network.sessions import HEADER
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import LIMITS, Limits
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.packets.wire import Tree, pack, unpack


class PolicyClient:
    """A policy elsewhere. One question at a time; a broken connection is told, not mended (`PacketLink` mends).

    with PolicyClient("ws://127.0.0.1:8000") as policy:
        reply = policy.infer({"prompt": "walk", ...})

    Args:
        uri: `ws://host:port`, or `wss://`.
        token: where the server wants one.
        session: of an earlier connection, to go on with.
        seconds: for connecting and for every answer.
        limits: of messages, of the server's as well.

    Attributes:
        metadata: what the server said first.

    Raises:
        PacketError: the server refuses (`unauthorized`, `forbidden_origin`, `too_many_connections`, ...).
        OSError, TimeoutError: it cannot be reached, or says nothing.
        ValueError: `uri` is none of a websocket, or `seconds` not above 0 or not finite.
    """

    def __init__(
        self,
        uri: str,
        token: str | None = None,
        session: str | None = None,
        seconds: float = 10.0,
        limits: Limits = LIMITS,
    ) -> None:
        if not (seconds > 0.0 and isfinite(seconds)):
            raise ValueError(f"seconds is {seconds}, expected a finite number, more than 0")
        self._seconds, self._limits = seconds, limits
        try:
            self._connection: ClientConnection = connect(
                checked_uri(uri),
                additional_headers=greeting(token, session),
                compression=None,
                max_size=limits.message,
                open_timeout=seconds,
                close_timeout=1.0,
                proxy=None,
                legacy=True,  # closed by `close`
            )
        except InvalidStatus as refused:
            raise refusal(refused) from None
        self.metadata: Mapping[str, Any] = {}
        try:
            self.metadata = unpack(self._received(), limits)
        except BaseException:
            self.close()
            raise

    def infer(self, observation: Mapping[str, Any]) -> Tree:
        """Return the reply to an observation.

        Raises:
            PacketError: the server's answer is an error, with its code; or is none that can be read.
            ConnectionError: the connection is gone.
            TimeoutError: no answer came in time; the connection is closed, or the next answer would be this one's.
        """
        try:
            self._connection.send(pack(observation, self._limits))
            return unpack(self._received(), self._limits)
        except ConnectionClosed as closed:
            raise ConnectionError(f"the server closed the connection: {closed}") from None
        except TimeoutError:
            self.close()
            raise

    def ask(self, packet: VLAPacket) -> VLAResponse:
        """Return the response to a packet; an error of the server is a response with its code.

        Raises:
            ConnectionError, TimeoutError: as `infer`.
        """
        try:
            return VLAResponse.from_tree(self.infer(packet.to_tree()))
        except PacketError as fault:
            return VLAResponse.error(fault.of(packet.frame_id, packet.correlation_id))

    def _received(self) -> bytes:
        message = self._connection.recv(timeout=self._seconds)
        if isinstance(message, str):
            raise read_error(message)
        return message

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def checked_uri(uri: str) -> str:
    """Return where a server is said to be.

    Raises:
        ValueError: nothing can be there.
    """
    try:
        parse_uri(uri)
    except (InvalidURI, ValueError) as fault:
        raise ValueError(f"uri is {uri!r}, expected ws://host:port or wss://host:port ({fault})") from None
    return uri


def greeting(token: str | None, session: str | None) -> dict[str, str]:
    """Return the headers with which a client says who it is."""
    said = {} if token is None else {"Authorization": f"{SCHEME}{token}"}
    return said if session is None else said | {HEADER: session}


def refusal(refused: InvalidStatus) -> PacketError:
    """Return why a server did not let one in, as an error with its code."""
    status, body = refused.response.status_code, (refused.response.body or b"")[:500].decode(errors="replace")
    code, _, said = body.strip().partition(": ")
    known = Code(code) if code in set(Code) else Code.INTERNAL
    return PacketError(known, "", f"the server answered {status}: {said or body.strip()}")
