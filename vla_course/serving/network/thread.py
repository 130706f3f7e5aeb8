"""A server beside what else a process does: in a notebook, in a test, beside a robot's loop."""

import asyncio
import threading
from typing import Self

from vla_course.serving.network.policy import Policy
from vla_course.serving.network.server import PolicyServer
from vla_course.serving.network.settings import ServerSettings


class ServerThread:
    """A `PolicyServer` with an event loop and a thread of its own.

    with ServerThread(policy, ServerSettings(port=0)) as server:
        PolicyClient(server.uri)

    Args:
        policy: what answers.
        settings: where it listens and what it bears.

    Attributes:
        server: the server itself, for its metrics and its token.
        uri: where a client finds it; known once it has started.
    """

    def __init__(self, policy: Policy, settings: ServerSettings | None = None) -> None:
        self.server = PolicyServer(policy, settings)
        self.uri = ""
        self._listens = threading.Event()
        self._failed: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._work, name="policy server", daemon=True)

    def start(self) -> None:
        """Listen; returns when clients can connect.

        Raises:
            OSError: the port is taken, or the address is none of this machine.
        """
        self._thread.start()
        self._listens.wait()
        if self._failed is not None:
            self._thread.join()
            raise self._failed

    def stop(self) -> None:
        """Close every connection and end; nothing is left running."""
        if self._loop is not None and self._ended is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as fault:
            self._failed = fault
        finally:
            self._listens.set()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with self.server:
            self.uri = self.server.uri
            self._listens.set()
            await self._ended.wait()
