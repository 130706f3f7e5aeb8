"""Inference in threads: the newest frame wins, no faster than 30 Hz, and every frame is answered.

with VLAInferencePipeline(infer, prepare=decode) as pipeline:
    pipeline.submit(frame)                  # from the camera's thread: never waits
    result = pipeline.result(timeout=0.1)   # from the robot's: the oldest that was not read yet
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import inf
from typing import Any, Final, Self

from vla_course.serving.inference.pacing import Pacer
from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.inference.statistics import Report, RollingStatistics
from vla_course.serving.packets.bounds import check_numbers
from vla_course.serving.packets.codes import Code, PacketError

LOG: Final = logging.getLogger(__name__)
LOOK: Final = 0.1
"""s, after which whoever waits for a result looks whether the pipeline has stopped; a result wakes him at once"""


@dataclass(frozen=True)
class PipelineSettings:
    """What a pipeline bears.

    Raises:
        ValueError: a number is not above 0 or not finite, or a count is not whole.
    """

    rate: float = 30.0
    """Hz, at which frames are thought about at most"""
    waiting: int = 1
    """frames that wait before each stage; a newer one takes the place of the oldest"""
    unread: int = 64
    """results that nobody has read yet; a newer one takes the place of the oldest"""
    stale: float = 0.2
    """s, a frame that has waited longer is not thought about any more"""
    deadline: float = 0.066
    """s, from frame to result; a later one is still given, and counted as missed"""

    def __post_init__(self) -> None:
        check_numbers(self)


@dataclass(frozen=True)
class Result:
    """The answer to one frame.

    Attributes:
        number: of the frame, as `submit` returned it.
        code: `ok`, or why there is no value: `superseded`, `stale`, `model_failed`, `cancelled`, what `prepare` said.
        value: what the model returned.
        message: for people.
        stages: s, what each stage took: `wait`, `prepare`, `queue`, `infer`.
        late: whether it came after the deadline.
    """

    number: int
    code: Code
    value: Any = None
    message: str = ""
    stages: dict[str, float] | None = None
    late: bool = False


@dataclass
class _Frame:
    number: int
    content: Any
    came: float
    stages: dict[str, float]
    since: float


class VLAInferencePipeline:
    """Thinks about frames in two threads, one that prepares and one that infers, so that both are at work at once.

    Every frame that was submitted gets exactly one result. What `prepare` and `infer` raise becomes one; the threads
    live on.

    Args:
        infer: answers a frame that is prepared; called in one thread, one frame at a time.
        prepare: makes a frame ready; by default it is ready as it is. It says with a `PacketError` what is wrong.
        settings: what it bears.
        clock: s, monotonic.
        parts: those of it that are exercises, by default the reference's.
    """

    def __init__(
        self,
        infer: Callable[[Any], Any],
        prepare: Callable[[Any], Any] | None = None,
        settings: PipelineSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        parts: InferenceParts | None = None,
    ) -> None:
        self._infer, self._prepare = infer, prepare or (lambda content: content)
        self._settings, self._clock = settings or PipelineSettings(), clock
        self._parts = parts or InferenceParts.reference()
        self._statistics = RollingStatistics(clock=clock, parts=self._parts)
        self._pacer = Pacer(self._settings.rate)
        self._numbers = count()
        self._came, self._ready = (self._parts.queue(self._settings.waiting) for _ in range(2))
        self._results = self._parts.queue(self._settings.unread)
        self._open: dict[int, _Frame] = {}
        """by number, the frames that have no result yet"""
        self._stopping, self._ended = threading.Event(), False
        self._threads: list[threading.Thread] = []
        self._turn = threading.Lock()

    # ---- for whoever has frames -------------------------------------------------------------------

    def start(self) -> None:
        """Start thinking.

        Raises:
            RuntimeError: it has been started before; a pipeline that was stopped is done with.
        """
        if self._threads:
            raise RuntimeError("the pipeline has been started, expected a new one")
        for work in (self._prepare_all, self._infer_all):
            # Daemons: a model that never returns can be left behind, and does not keep a process from ending.
            self._threads.append(threading.Thread(target=work, name=f"pipeline {work.__name__}", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 2.0) -> bool:
        """Take no more frames, let those under way come to an end, and answer what waits with `cancelled`.

        Args:
            seconds: for which to wait for that at most.

        Returns:
            Whether both threads have ended; a model that hangs keeps one, and its frame is `cancelled` as well.
        """
        until = time.monotonic() + seconds
        with self._turn:
            self._stopping.set()
        self._came.close()
        self._ready.close()
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))
        for frame in list(self._open.values()):
            self._answer(frame, Code.CANCELLED)
        self._ended = True
        return not any(thread.is_alive() for thread in self._threads)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def submit(self, content: Any) -> int:
        """Have a frame thought about; never waits. Returns its number.

        Raises:
            RuntimeError: the pipeline does not run.
        """
        now = self._clock()
        with self._turn:  # numbers are in the order in which frames wait, and `stop` finds all of them
            if not self._threads or self._stopping.is_set():
                raise RuntimeError("the pipeline does not run, expected it started and not stopped")
            frame = _Frame(next(self._numbers), content, now, {}, now)
            older = self._came.put(frame)
            self._open[frame.number] = frame
        self._superseded(older)
        return frame.number

    def result(self, timeout: float | None = None) -> Result | None:
        """Return the oldest result that was not read yet, and wait for one.

        None if none came in `timeout` s, or the pipeline has stopped and all were read.
        """
        until = inf if timeout is None else time.monotonic() + timeout
        while True:
            # Looked at before the queue: what came until the end is still read.
            is_last = self._ended or time.monotonic() >= until
            left = 0.0 if is_last else min(max(until - time.monotonic(), 0.0), LOOK)
            found: Result | None = self._results.get(left)
            if found is not None or is_last:
                return found

    @property
    def unread(self) -> int:
        """Results that were dropped because nobody read them."""
        return self._results.dropped

    def report(self) -> Report:
        """Return how it has been doing."""
        return self._statistics.report()

    # ---- in the threads ---------------------------------------------------------------------------

    def _prepare_all(self) -> None:
        while (frame := self._came.get()) is not None:
            self._noted(frame, "wait")
            if frame.since - frame.came > self._settings.stale:
                self._answer(frame, Code.STALE)
                continue
            try:
                frame.content = self._prepare(frame.content)
            except PacketError as fault:
                self._answer(frame, fault.code, message=str(fault))
                continue
            except BaseException as fault:  # SystemExit of a decoder must not end the thread either
                self._failed(frame, Code.INTERNAL, fault)
                continue
            self._noted(frame, "prepare")
            try:
                self._superseded(self._ready.put(frame))
            except RuntimeError:  # closed meanwhile: `stop` answers
                return

    def _infer_all(self) -> None:
        while not self._stopping.wait(self._pacer.wait(self._clock())):
            frame = self._ready.get()
            if frame is None:
                return
            self._noted(frame, "queue")
            if frame.since - frame.came > self._settings.stale:
                self._answer(frame, Code.STALE)
                continue
            try:
                value = self._infer(frame.content)
            except BaseException as fault:  # nor of a model
                self._failed(frame, Code.MODEL_FAILED, fault)
                continue
            self._noted(frame, "infer")
            self._answer(frame, Code.OK, value)

    def _noted(self, frame: _Frame, stage: str) -> None:
        """Note how long a stage of a frame took, up to now."""
        now = self._clock()
        frame.stages[stage], frame.since = now - frame.since, now

    def _superseded(self, frame: _Frame | None) -> None:
        if frame is not None:
            self._answer(frame, Code.SUPERSEDED)

    def _failed(self, frame: _Frame, code: Code, fault: BaseException) -> None:
        LOG.error("frame %d: %s", frame.number, code.value, exc_info=fault)
        self._answer(frame, code, message=f"{type(fault).__name__}: {fault}"[:200])

    def _answer(self, frame: _Frame, code: Code, value: Any = None, message: str = "") -> None:
        with self._turn:
            if self._open.pop(frame.number, None) is None:
                return  # a model came back after it had been given up
        late = code is Code.OK and self._clock() - frame.came > self._settings.deadline
        self._statistics.add(code.value, frame.stages, late)
        self._results.put(Result(frame.number, code, value, message or code.meaning, frame.stages, late))
