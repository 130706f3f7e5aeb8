"""A conversation: metadata first, then an answer to each packet, in the order in which they came.

A client that sends a packet and waits for the answer, as openpi's does, gets just that. One that sends thirty a second,
whatever happens, gets an answer to each, too; but what a newer packet has overtaken before anybody looked at it is
answered with `superseded`: of an old picture nobody wants to hear.
"""

import asyncio
import logging
import re
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from websockets.asyncio.server import ServerConnection
from websockets.frames import CloseCode

from vla_course.serving.inference.worker import Worker
from vla_course.serving.network.errors import write_error
from vla_course.serving.network.metrics import Metrics
from vla_course.serving.network.policy import SESSION, Policy
from vla_course.serving.network.sessions import Session
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.packets.border import CORRELATION as CORRELATION_ID
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.wire import Tree, pack, unpack

LOG: Final = logging.getLogger("vla_course.serving")
FRAME, CORRELATION, DEADLINE = "vla/frame_id", "vla/correlation_id", "vla/deadline"


@dataclass(slots=True)
class Arrived:
    """A packet that waits for its answer: what it says, or why it is refused."""

    at: float
    id: str
    said: Tree | PacketError

    def overtaken(self) -> None:
        """Let go of what it says: a newer one came, and only its ids are needed for the answer."""
        if isinstance(self.said, dict):
            self.said = PacketError(Code.SUPERSEDED, "", Code.SUPERSEDED.meaning).of(*_ids(self.said))


class Hangup(Exception):
    """The server closes a connection, with a code of websockets and one of ours."""

    def __init__(self, close: CloseCode, code: Code) -> None:
        self.close, self.code = close, code
        super().__init__(code.value)


class Conversation:
    """One connection of one client.

    Args:
        connection: open.
        session: of the client.
        policy: that answers.
        worker: in whose thread it does.
        settings: what is borne.
        metrics: where it is counted.
    """

    def __init__(
        self,
        connection: ServerConnection,
        session: Session,
        policy: Policy,
        worker: Worker,
        settings: ServerSettings,
        metrics: Metrics,
    ) -> None:
        self._connection, self._session, self._policy = connection, session, policy
        self._worker, self._settings, self._metrics = worker, settings, metrics
        self._waiting: deque[Arrived] = deque()
        self._changed = asyncio.Event()
        self._faults, self._last_total = 0, 0.0

    async def hold(self, metadata: Mapping[str, Any]) -> None:
        """Talk until one side ends it.

        Raises:
            Hangup: the client does what may not be borne.
            ConnectionClosed: the connection broke.
        """
        await self._send(pack(dict(metadata), self._settings.limits))
        tasks = {asyncio.create_task(self._read()), asyncio.create_task(self._answer_all())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    # ---- in --------------------------------------------------------------------------------------

    async def _read(self) -> None:
        async for message in self._connection:
            while len(self._waiting) >= self._settings.waiting:
                # Nothing more is read from the socket: the sender feels it.
                self._changed.clear()
                await self._changed.wait()
            arrived = self._arrived(message)
            if isinstance(arrived.said, dict):
                for one in self._waiting:
                    one.overtaken()
            self._waiting.append(arrived)
            self._changed.set()

    def _arrived(self, message: str | bytes) -> Arrived:
        now, session = time.monotonic(), self._session
        session.packets += 1
        self._metrics.came(len(message))
        found = Arrived(now, f"{session.id[:8]}-{session.packets}", {})
        try:
            if not session.may_send(len(message), now):
                raise PacketError(Code.RATE_LIMITED, "", Code.RATE_LIMITED.meaning)
            if isinstance(message, str):
                raise PacketError(Code.MALFORMED, "", "a text frame, expected msgpack in a binary one")
            found.said = self._numbered(unpack(message, self._settings.limits))
            self._faults = 0
        except PacketError as fault:
            found.said = fault
            self._faults += 1
        self._metrics.took("read", time.monotonic() - now)
        return found

    def _numbered(self, said: Tree) -> Tree:
        """Return an observation whose number, where it has one, is above all that came before in this session."""
        frame, correlation = _ids(said)
        if frame is not None:
            if frame <= self._session.last_frame:
                fault = PacketError(
                    Code.STALE, FRAME, f"is {frame}, expected above {self._session.last_frame}"
                )
                raise fault.of(frame, correlation)
            self._session.last_frame = frame
        return said

    # ---- out -------------------------------------------------------------------------------------

    async def _answer_all(self) -> None:
        while True:
            while not self._waiting:
                self._changed.clear()
                await self._changed.wait()
            one = self._waiting.popleft()
            self._changed.set()
            await self._answer(one)
            if self._faults > self._settings.faults:
                raise Hangup(CloseCode.POLICY_VIOLATION, Code.MALFORMED)

    async def _answer(self, one: Arrived) -> None:
        message: str | bytes
        try:
            if isinstance(one.said, PacketError):
                raise one.said
            message, code = await self._reply(one, one.said), Code.OK
        except PacketError as fault:
            if isinstance(one.said, dict) and fault.correlation_id is None:
                fault.of(*_ids(one.said))
            message, code = write_error(fault, one.id), fault.code
        began = time.monotonic()
        await self._send(message)
        ended = time.monotonic()
        self._last_total = ended - one.at
        self._metrics.took("send", ended - began)
        self._metrics.took("total", self._last_total)
        self._metrics.answered(code)

    async def _reply(self, one: Arrived, said: Tree) -> bytes:
        """Return the policy's reply to an observation, with how long it took as openpi's server tells it."""
        seconds = _patience(said, self._settings.infer_seconds) - (time.monotonic() - one.at)
        try:
            call = self._worker.call(self._policy.infer, {**said, SESSION: self._session.id})
            answer, waited, ran = await asyncio.wait_for(call, seconds)
        except PacketError:
            raise
        except TimeoutError:
            late = f"no answer within {_patience(said, self._settings.infer_seconds):.3g} s"
            raise PacketError(Code.DEADLINE_MISSED, "", late) from None
        except Exception as fault:
            raise self._failed(one, f"it raised {type(fault).__name__}", fault) from None
        self._metrics.took("wait", waited)
        self._metrics.took("infer", ran)
        timing = {"infer_ms": 1e3 * ran}
        if self._last_total:
            timing["prev_total_ms"] = 1e3 * self._last_total
        if not isinstance(answer, dict):
            raise self._failed(one, f"it answered with {type(answer).__name__}")
        own = {key: said[key] for key in (FRAME, CORRELATION) if key in said}
        try:
            return pack({**own, **answer, "server_timing": timing}, self._settings.limits)
        except PacketError as fault:
            raise self._failed(one, "its answer cannot be sent", fault) from None

    def _failed(self, one: Arrived, what: str, fault: Exception | None = None) -> PacketError:
        """Return what a client is told of a model that failed; the log gets the rest."""
        LOG.error("packet %s: the model failed: %s", one.id, what, exc_info=fault)
        return PacketError(
            Code.MODEL_FAILED, "", f"the model failed: {what}; the server's log has it under {one.id}"
        )

    async def _send(self, message: str | bytes) -> None:
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                await self._connection.send(message)
        except TimeoutError:
            raise Hangup(CloseCode.POLICY_VIOLATION, Code.SLOW_READER) from None
        self._metrics.went(len(message))


def _ids(said: Tree) -> tuple[int | None, str | None]:
    """Return the number and the correlation id of an observation, where it has any."""
    frame, correlation = said.get(FRAME), said.get(CORRELATION)
    return (
        frame if type(frame) is int and 0 <= frame < 2**63 else None,
        correlation if isinstance(correlation, str) and re.fullmatch(CORRELATION_ID, correlation) else None,
    )


def _patience(said: Tree, most: float) -> float:
    """Return for how many seconds, from its arrival, an answer to an observation is waited for."""
    asked = said.get(DEADLINE)
    return min(most, asked) if type(asked) is float and asked > 0.0 else most
