"""What stands behind a server: something that answers observations."""

from collections.abc import Mapping
from typing import Any, Protocol

from vla_course.serving.packets.wire import Tree

SESSION = "vla/session"
"""the key under which an observation says whose it is, for policies that remember"""


class Policy(Protocol):
    """Answers observations. The server calls `infer` in one thread, one observation at a time."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What a client is told first: horizon, period, action names, picture sizes, version."""
        ...

    def infer(self, observation: Tree) -> Tree:
        """Return a reply with `actions` (H, A) for an observation.

        Args:
            observation: as `wire.unpack` returns it, and the client's session under `vla/session`.

        Raises:
            PacketError: the observation cannot be used; its code and sentence reach the client.
        """
        ...


class Forgetful(Protocol):
    """A policy that remembers sessions implements this as well."""

    def forget(self, session: str) -> None:
        """Drop what is remembered of a session that has ended. Called in the thread of `infer`."""
        ...
