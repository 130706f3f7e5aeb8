"""Sessions: who a client is, across connections that break."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from vla_course.serving.network.bucket import Bucket
from vla_course.serving.network.settings import ServerSettings

HEADER: Final = "VLA-Session"
"""of HTTP, in which a client that comes back says who it is"""


class Session:
    """One client, whatever connection it has just now.

    Attributes:
        id: nobody can guess it: whoever says it is that client.
        connection: that it has; None while it has none.
        last_frame: the number of the last packet that came; -1 before the first.
        packets: how many came.
        since: s, monotonic, when it lost its connection.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self.id = secrets.token_urlsafe(16)
        self.connection: Any = None
        self.last_frame, self.packets, self.since = -1, 0, 0.0
        self._rate = Bucket(settings.packets_per_second, settings.burst)
        # Whatever the rate, one message that is not too large must fit.
        self._bytes = Bucket(
            settings.bytes_per_second, max(settings.bytes_per_second, settings.limits.message)
        )

    def may_send(self, size: int, now: float) -> bool:
        """Tell whether a packet of `size` bytes keeps to the rate; it counts if so."""
        return self._rate.take(now) and self._bytes.take(now, size)


class Sessions:
    """All sessions that are remembered: so many, and for so long.

    Args:
        settings: how many and how long.
        ended: called with the id of each that is forgotten.
    """

    def __init__(self, settings: ServerSettings, ended: Callable[[str], None]) -> None:
        self._settings, self._ended = settings, ended
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def open(self, said: str | None, connection: Any, now: float) -> tuple[Session, bool, Any]:
        """Give a connection its session.

        Args:
            said: the id that the client names, if any.
            connection: that it has now.
            now: s, monotonic.

        Returns:
            The session, whether it was there already, and the connection that it had until now, if any.
        """
        self.sweep(now)
        session = self._kept.get(said) if said else None
        resumed = session is not None
        if session is None:
            session = Session(self._settings)
            self._kept[session.id] = session
        other, session.connection = session.connection, connection
        self._kept.move_to_end(session.id)
        self.sweep(now)
        return session, resumed, other

    def leave(self, session: Session, connection: object, now: float) -> None:
        """Say that a connection of a session has ended; one that was taken over by another changes nothing."""
        if session.connection is connection:
            session.connection, session.since = None, now

    def sweep(self, now: float) -> None:
        """Forget what has been without a connection for too long, and the oldest where there are too many."""
        idle = [session for session in self._kept.values() if session.connection is None]
        kept = [one for one in idle if one.packets and now - one.since <= self._settings.session_seconds]
        surplus = max(len(self._kept) - len(idle) + len(kept) - self._settings.sessions, 0)
        for session in idle:
            if session not in kept[surplus:]:
                del self._kept[session.id]
                self._ended(session.id)
