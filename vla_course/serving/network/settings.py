"""Where a server listens and what it bears; every limit has a unit and a reason."""

import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import Final

from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.packets.limits import LIMITS, Limits

PORT: Final = 8000


@dataclass(frozen=True)
class ServerSettings:
    """Where a server listens and what it bears.

    Raises:
        ValueError: a number is not above 0 or not finite, or a count is not whole, or the address is beyond loopback
            and there is no token.
    """

    host: str = "127.0.0.1"
    """address to listen on; beyond loopback a token is required"""
    port: int = PORT
    """0: any that is free"""
    token: str | None = field(default=None, repr=False)
    """what clients must show, at least 16 characters; None: on loopback they need none, one is drawn for /metrics"""
    origins: tuple[str, ...] = ()
    """web pages that may connect, such as `http://localhost:8888`; what is no browser says no origin, and may"""
    connections: int = 8
    """clients at a time"""
    handshakes: int = 32
    """sockets beside them that have not said yet what they want"""
    open_seconds: float = 3.0
    """for saying it"""
    packets_per_second: float = 90.0
    """of one session, on the average: three times 30 Hz"""
    burst: int = 90
    """packets at once, after a pause"""
    bytes_per_second: float = 64e6
    """of one session: 30 Hz of three pictures of 640 x 480 with their depth would take more, as JPEG a tenth of it"""
    faults: int = 50
    """bad packets in a row, after which a connection is closed"""
    waiting: int = 16
    """packets of one connection that may wait for their turn, before no more are read from its socket"""
    infer_seconds: float = 5.0
    """for one answer, waiting included; a packet may ask for less (`vla/deadline`)"""
    send_seconds: float = 2.0
    """for a client to take an answer"""
    ping_seconds: float = 1.0
    """between heartbeats"""
    pong_seconds: float = 3.0
    """without an answer to one, after which a client is gone"""
    sessions: int = 64
    """that are remembered"""
    session_seconds: float = 60.0
    """for which one is remembered without a connection"""
    close_seconds: float = 1.0
    """for a connection, and for the model, to come to an end"""
    limits: Limits = LIMITS

    def __post_init__(self) -> None:
        check_numbers(self, least={"port": 0})
        if self.port > 65535:
            raise ValueError(f"ServerSettings.port is {self.port}, expected 0 to 65535")
        if self.token is None and not self.is_loopback:
            raise ValueError(
                f"ServerSettings.host is {self.host}, which others can reach: a token is required beyond loopback"
            )
        if self.token is not None and (
            len(self.token) < 16 or not self.token.isascii() or not self.token.isprintable()
        ):
            raise ValueError(
                "ServerSettings.token is short or holds odd characters, expected at least 16 of ASCII"
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def draw_token() -> str:
    """Return a new token, of the system's own randomness: it is a secret, not a number of an experiment."""
    return secrets.token_urlsafe(24)
