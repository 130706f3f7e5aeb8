"""From observations to packets and back: whatever answers packets can stand behind a server."""

import itertools
import time
from collections.abc import Callable, Mapping
from typing import Any

from vla_course.serving.network.policy import SESSION
from vla_course.serving.packets.codes import PacketError
from vla_course.serving.packets.packet import NAMES, VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.packets.wire import Tree


class PacketPolicy:
    """A policy for a server, made of a function that answers packets.

    A client that speaks packets gets responses, also where they say that something went wrong and what is done instead.
    One that sends plain observations of openpi's protocol has its packets numbered here, and gets such a response as an
    error: it would look for actions.

    Args:
        answer: from packet to response; called in the server's one thread.
        metadata: what a client is told first.
    """

    def __init__(
        self, answer: Callable[[VLAPacket], VLAResponse], metadata: Mapping[str, Any] | None = None
    ) -> None:
        self._answer, self._metadata = answer, dict(metadata or {})
        self._plain = itertools.count()

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What a client is told first."""
        return self._metadata

    def infer(self, observation: Tree) -> Tree:
        """Return the response to an observation as a reply.

        Raises:
            PacketError: the observation is no packet; or the response to a plain one has no actions.
        """
        tree = {key: value for key, value in observation.items() if key != SESSION}
        plain = NAMES["version"] not in tree
        packet = VLAPacket.from_tree(tree, self._ids(observation) if plain else None)
        response = self._answer(packet)
        if plain and response.actions is None:
            raise PacketError(response.code, "", response.message or response.code.meaning)
        return response.to_tree()

    def _ids(self, observation: Tree) -> dict[str, Any]:
        number = next(self._plain)
        session = str(observation.get(SESSION, "plain"))[:8]
        return {"frame_id": number, "correlation_id": f"{session}:{number}", "timestamp": time.monotonic()}
