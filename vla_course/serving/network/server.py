"""The server: a policy behind a port, with /healthz and /metrics beside it."""

import contextlib
import logging
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Self, cast

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import MultipleValuesError
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from vla_course.serving.inference.worker import Worker
from vla_course.serving.network.access import HEALTH, METRICS, Access, Refusal
from vla_course.serving.network.bounded import BoundedConnection
from vla_course.serving.network.conversation import Conversation, Hangup
from vla_course.serving.network.metrics import Metrics
from vla_course.serving.network.policy import SESSION, Policy
from vla_course.serving.network.sessions import HEADER, Sessions
from vla_course.serving.network.settings import ServerSettings, draw_token
from vla_course.serving.packets.border import VERSION
from vla_course.serving.packets.codes import Code

LOG: Final = logging.getLogger("vla_course.serving")
_QUIET: Final = logging.getLogger("vla_course.serving.websockets")


class PolicyServer:
    """Serves a policy to clients of openpi's protocol, ours among them.

    async with PolicyServer(policy) as server:
        await server.wait()

    Args:
        policy: what answers; `infer` is called in one thread, one observation at a time.
        settings: where it listens and what it bears.

    Attributes:
        token: that /metrics asks for, and beyond loopback everybody: the one of the settings, or one that was drawn.
        metrics: what it counts.
    """

    def __init__(self, policy: Policy, settings: ServerSettings | None = None) -> None:
        self._policy, self._settings = policy, settings or ServerSettings()
        self.token = self._settings.token or draw_token()
        self.metrics = Metrics()
        self._access = Access(self._settings, self.token)
        self._worker = Worker()
        self._sessions = Sessions(self._settings, self._forget)
        self._server: Server | None = None
        self._sockets: set[BoundedConnection] = set()

    # ---- start and stop --------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken, or the address is none of this machine.
        """
        settings = self._settings
        self._server = await serve(
            self._serve_one,
            settings.host,
            settings.port,
            process_request=self._door,
            create_connection=cast(Any, self._connection),
            compression=None,
            server_header=None,
            open_timeout=settings.open_seconds,
            ping_interval=settings.ping_seconds,
            ping_timeout=settings.pong_seconds,
            close_timeout=settings.close_seconds,
            max_size=settings.limits.message,
            max_queue=2,
            logger=_QUIET,
        )
        self._worker.start()

    async def stop(self) -> None:
        """Stop listening, close every connection (1001) and end the thread that thinks; nothing is left running."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close(code=CloseCode.GOING_AWAY, reason=Code.SHUTTING_DOWN.value)
        # Sockets that have not said what they want would be waited for.
        for connection in [one for one in self._sockets if one not in server.connections]:
            connection.transport.abort()
        await server.wait_closed()
        ended = await self._worker.stop(self._settings.close_seconds)
        if not ended:
            LOG.error("the model has been busy for %.1f s and is left behind", self._worker.busy_seconds)

    async def wait(self) -> None:
        """Serve until the server is stopped, or the caller is cancelled."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        """The port it listens on, also where any was asked for."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return int(next(iter(self._server.sockets)).getsockname()[1])

    @property
    def uri(self) -> str:
        """Where a client of this machine finds it."""
        host = self._settings.host
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        return f"ws://{f'[{reached}]' if ':' in reached else reached}:{self.port}"

    # ---- the door --------------------------------------------------------------------------------

    def _connection(self, *arguments: Any, **named: Any) -> ServerConnection:
        return BoundedConnection(self._sockets, self._settings, self.metrics.refused, *arguments, **named)

    def _door(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer what is no websocket, and refuse who may not come in; None lets one in."""
        refused = self._access.refusal(request) or self._full(request)
        if refused is not None:
            self.metrics.refused(refused.code)
            response = connection.respond(refused.status, f"{refused.code.value}: {refused.said}\n")
            if refused.status is HTTPStatus.UNAUTHORIZED:
                response.headers["WWW-Authenticate"] = "Api-Key"
            return response
        path = request.path.partition("?")[0]
        if path == HEALTH:
            stuck = self._worker.busy_seconds > self._settings.infer_seconds
            return connection.respond(*_UNWELL) if stuck else connection.respond(HTTPStatus.OK, "OK\n")
        if path == METRICS:
            self.metrics.sessions.set(len(self._sessions))
            body, kind = self.metrics.text()
            response = connection.respond(HTTPStatus.OK, body.decode())
            del response.headers["Content-Type"]
            response.headers["Content-Type"] = kind
            return response
        return None

    def _full(self, request: Request) -> Refusal | None:
        path = request.path.partition("?")[0]
        if path in (HEALTH, METRICS) or self._server is None:
            return None
        if len(self._server.connections) < self._settings.connections:
            return None
        said = f"{self._settings.connections} clients are connected, as many as are served"
        return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, Code.TOO_MANY_CONNECTIONS, said)

    # ---- inside ----------------------------------------------------------------------------------

    async def _serve_one(self, connection: ServerConnection) -> None:
        session, resumed, other = self._sessions.open(_named(connection), connection, time.monotonic())
        if other is not None:
            # A half-open connection of the same client: who has the newer one means it.
            other.transport.abort()
        self.metrics.connections.inc()
        talk = Conversation(connection, session, self._policy, self._worker, self._settings, self.metrics)
        try:
            await talk.hold(self._metadata(session.id, resumed))
        except Hangup as end:
            self.metrics.refused(end.code)
            if end.code is Code.SLOW_READER:
                connection.transport.abort()  # it would not read a farewell either
            else:
                await connection.close(end.close, end.code.value)
        except ConnectionClosed:
            pass
        except Exception:
            LOG.exception("session %s: the conversation ended by a fault of the server", session.id[:8])
            with contextlib.suppress(ConnectionClosed):
                await connection.close(CloseCode.INTERNAL_ERROR, Code.INTERNAL.value)
        finally:
            self.metrics.connections.dec()
            self._sessions.leave(session, connection, time.monotonic())

    def _metadata(self, session: str, resumed: bool) -> Mapping[str, Any]:
        return {**self._policy.metadata, "vla/version": VERSION, SESSION: session, "vla/resumed": resumed}

    def _forget(self, session: str) -> None:
        forget = getattr(self._policy, "forget", None)
        if forget is not None:
            self._worker.post(forget, session)


_UNWELL: Final = (HTTPStatus.SERVICE_UNAVAILABLE, "the model has not answered for too long\n")


def _named(connection: ServerConnection) -> str | None:
    """Return the session that a client says it is."""
    request = connection.request
    try:
        return None if request is None else request.headers.get(HEADER)
    except MultipleValuesError:
        return None
