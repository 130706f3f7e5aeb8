"""Packets in, responses out: preparing overlaps inference, every packet gets one answer, and no fault ends the stream.

async with StreamingVLAPipeline(model) as pipeline:
    async for response in pipeline.process_stream(packets):
        ...
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Self

from vla_course.serving.inference.fallback import Fallbacks, ModelChoice, Patience
from vla_course.serving.inference.memory import Pressure
from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.inference.statistics import Report, RollingStatistics
from vla_course.serving.inference.worker import Worker
from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.stream.decoding import decode_actions
from vla_course.serving.stream.model import Decided, StreamModel
from vla_course.serving.stream.parts import StreamParts

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class StreamSettings:
    """What a stream bears.

    Raises:
        ValueError: a time is not above 0 or not finite.
    """

    deadline: float = 0.2
    """s after a packet came, by which its answer leaves; a packet may ask for less"""
    stale: float = 0.1
    """s, a packet that has waited longer before the model could see it is not shown to it any more"""
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        check_numbers(self)


@dataclass
class _Job:
    """A packet on its way through the stream."""

    number: int
    came: float
    packet: VLAPacket | None = None
    prepared: Any = None
    fault: PacketError | None = None
    small: bool = False
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def ids(self) -> dict[str, Any]:
        """Of the packet; where they could not be read, its number in the stream."""
        packet = self.packet
        if packet is None:
            return {"frame_id": self.number, "correlation_id": f"unread-{self.number}"}
        return {
            "frame_id": packet.frame_id,
            "correlation_id": packet.correlation_id,
            "timestamp": packet.timestamp,
        }


class StreamingVLAPipeline:
    """Answers streams of packets with a model, and with something safe where the model does not answer.

    Preparing and inference run in one worker thread each: the event loop only passes things on. A model that hangs is
    not waited for beyond the deadline; until it comes back, packets are answered by the smaller model or a fallback.

    Args:
        model: that answers.
        smaller: takes over after a few faults of the model in a row, in a thread of its own; None: nobody does.
        settings: what a stream bears.
        memory: says how much of it is left, as `VLAMemoryManager.watch` does; asked before every inference.
        clock: s, monotonic.
        parts, stream_parts: those of it that are exercises, by default the reference's.

    Attributes:
        statistics: of all packets so far.

    Raises:
        ValueError: the two models' actions are of different periods, or of none.
    """

    def __init__(
        self,
        model: StreamModel,
        smaller: StreamModel | None = None,
        settings: StreamSettings | None = None,
        memory: Callable[[], Pressure] = lambda: "none",
        clock: Callable[[], float] = time.monotonic,
        parts: InferenceParts | None = None,
        stream_parts: StreamParts | None = None,
    ) -> None:
        if smaller is not None and smaller.period != model.period:
            raise ValueError(f"smaller.period is {smaller.period}, expected that of model, {model.period} s")
        self._model, self._smaller = model, smaller
        self._settings, self._memory, self._clock = settings or StreamSettings(), memory, clock
        self._parts = stream_parts or StreamParts.reference()
        self._fallbacks = Fallbacks(model.period, self._settings.patience, parts)
        self._choice = ModelChoice(self._settings.patience, smaller is not None)
        self.statistics = RollingStatistics(clock=clock, parts=parts)
        self._hangs = self._streams = False
        self._preparing, self._thinking, self._standing_in = (
            Worker(name) for name in ("preparing", "inference", "smaller model")
        )

    async def __aenter__(self) -> Self:
        for worker in (self._preparing, self._thinking, self._standing_in):
            worker.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self, seconds: float = 2.0) -> bool:
        """End the threads; False where a model has not come back after so many s: its thread is left behind."""
        workers = (self._preparing, self._thinking, self._standing_in)
        return all(await asyncio.gather(*(worker.stop(seconds) for worker in workers)))

    def report(self) -> Report:
        """Return how it has been doing."""
        return self.statistics.report()

    async def process_stream(self, packets: AsyncIterable[VLAPacket | bytes]) -> AsyncIterator[VLAResponse]:
        """Yield one response for each packet, in their order: the model's actions, or a code and what is done instead.

        Whoever stops listening leaves nothing running but the call that a model is at, whose result is dropped. What
        the stream itself raises is raised when all packets before were answered.

        Args:
            packets: packets, or messages as they came over a wire.

        Raises:
            RuntimeError: another stream is being answered: what is done instead of an answer depends on those before.
        """
        if self._streams:
            raise RuntimeError("another stream is being answered, expected one at a time in a pipeline")
        self._streams, numbers = True, count()

        async def arriving() -> AsyncGenerator[tuple[VLAPacket | bytes, _Job], None]:
            async for packet in packets:
                yield packet, _Job(next(numbers), self._clock())

        try:
            async with aclosing(arriving()) as source:
                answers: Any = self._parts.overlapped(source, self._prepare, self._respond)
                async with aclosing(answers):
                    async for response in answers:
                        yield response
        finally:
            self._streams = False

    # ---- before the model -------------------------------------------------------------------------

    async def _prepare(self, came: tuple[VLAPacket | bytes, _Job]) -> _Job:
        """Return a packet ready for the model, or with what is wrong with it."""
        packet, job = came
        try:
            call = self._preparing.call(self._read, packet, job)
            _, waited, ran = await asyncio.wait_for(call, self._settings.deadline)
        except TimeoutError:  # what is still being prepared is dropped when it is done
            job = _Job(job.number, job.came, fault=self._too_late(self._settings.deadline))
        except PacketError as fault:
            job.fault = fault
        except Exception as fault:
            LOG.error("packet %d could not be prepared", job.number, exc_info=fault)
            job.fault = PacketError(Code.INTERNAL, "", Code.INTERNAL.meaning)
        else:
            job.stages |= {"wait": waited, "prepare": ran}
        return job

    def _read(self, packet: VLAPacket | bytes, job: _Job) -> None:
        if not isinstance(packet, VLAPacket | bytes):
            raise PacketError(Code.WRONG_TYPE, "", f"is {type(packet).__name__}, expected a packet or bytes")
        job.packet = VLAPacket.from_wire(packet) if isinstance(packet, bytes) else packet
        job.small = self._choice.takes_smaller(self._clock())
        model = self._smaller if job.small and self._smaller is not None else self._model
        job.prepared = model.prepare(job.packet)

    # ---- the model --------------------------------------------------------------------------------

    async def _respond(self, job: _Job) -> VLAResponse:
        """Return the one response to a packet."""
        ready = self._clock()
        response: VLAResponse = await self._parts.one_answer(job, self._answer, self._refuse)
        spent = {stage: 1000.0 * seconds for stage, seconds in job.stages.items()}
        whole = self._clock() - job.came
        late = whole > self._deadline(job)
        self.statistics.add(response.code.value, job.stages, late)
        timings = spent | {"answer": 1000.0 * (self._clock() - ready), "whole": 1000.0 * whole}
        return response.model_copy(update={"timings_ms": timings})

    async def _answer(self, job: _Job) -> VLAResponse:
        if job.fault is not None:
            raise job.fault
        if self._clock() - job.came > self._settings.stale:
            raise PacketError(Code.STALE, "", f"it waited {self._clock() - job.came:.3f} s before the model")
        if not job.small and self._memory() == "full":
            raise self._noted(PacketError(Code.OVERLOADED, "", "memory runs out"))
        response = await (self._by_smaller(job) if job.small else self._by_model(job))
        assert response.actions is not None
        self._fallbacks.good(response.actions, job.came)
        return response

    async def _by_model(self, job: _Job) -> VLAResponse:
        self._hangs = self._hangs and self._thinking.busy_seconds > 0.0
        if self._hangs:
            raise self._noted(
                PacketError(Code.OVERLOADED, "", "the model has not come back from an earlier packet")
            )
        try:
            answer = await self._timely(self._thinking, self._model, job)
        except PacketError as fault:
            self._hangs = fault.code is Code.DEADLINE_MISSED
            raise self._noted(fault) from None
        self._choice.noted(Code.OK, self._clock())
        return answer

    async def _by_smaller(self, job: _Job) -> VLAResponse:
        assert self._smaller is not None
        return await self._timely(self._standing_in, self._smaller, job)

    async def _timely(self, worker: Worker, model: StreamModel, job: _Job) -> VLAResponse:
        """Return what a model says before the deadline; a `PacketError` where that is nothing to be sent."""
        left = self._deadline(job) - (self._clock() - job.came)
        try:
            decided, waited, ran = await asyncio.wait_for(
                worker.call(model.infer, job.prepared), max(left, 0.0)
            )
        except TimeoutError:
            raise self._too_late(self._deadline(job)) from None
        except PacketError:
            raise
        except Exception as fault:
            raise self._failed(job, f"{type(fault).__name__} in the model", fault) from None
        job.stages |= {"queue": waited, "infer": ran}
        if not isinstance(decided, Decided):
            raise PacketError(
                Code.MODEL_FAILED, "", f"the model said {type(decided).__name__}, expected Decided"
            )
        try:
            return VLAResponse(
                **job.ids,
                actions=decode_actions(decided.actions),
                period=self._model.period,
                confidences=decided.confidences,
                sources=decided.sources,
                fallback="smaller_model" if job.small else None,
            )
        except PacketError:
            raise
        except ValueError as fault:  # of pydantic, or of NumPy
            raise self._failed(job, "what the model said is no response", fault) from None

    def _failed(self, job: _Job, what: str, fault: Exception) -> PacketError:
        LOG.error("packet %d: %s", job.number, what, exc_info=fault)
        return PacketError(Code.MODEL_FAILED, "", what)

    def _too_late(self, seconds: float) -> PacketError:
        return PacketError(Code.DEADLINE_MISSED, "", f"no answer {seconds:.3f} s after the packet came")

    def _noted(self, fault: PacketError) -> PacketError:
        self._choice.noted(fault.code, self._clock())
        return fault

    def _deadline(self, job: _Job) -> float:
        asked = None if job.packet is None else job.packet.deadline
        return self._settings.deadline if asked is None else min(asked, self._settings.deadline)

    def _refuse(self, job: _Job, fault: Exception) -> VLAResponse:
        """Return the response to a packet that the model did not answer, with what is done instead."""
        if not isinstance(fault, PacketError):
            LOG.error("packet %d could not be answered", job.number, exc_info=fault)
            fault = PacketError(Code.INTERNAL, "", Code.INTERNAL.meaning)
        instead = self._fallbacks.instead(fault.code, job.came)
        more = {} if instead.actions is None else {"actions": instead.actions, "period": self._model.period}
        return VLAResponse.error(fault, **job.ids, fallback=instead.fallback, **more)
