"""One worker being talked to: its budget of time, its answers, and what is said when it is gone."""

from __future__ import annotations

import os
import signal
import time
from typing import Any, Literal

from vla_course.course.checking.effort import Watch
from vla_course.course.checking.student import DoesNotLoad
from vla_course.course.exercise import NotAttempted
from vla_course.course.manifest import EXERCISE_ID
from vla_course.grading.walls.limits import PROCESSES
from vla_course.grading.worker.faults import StudentRaised, printable, raised
from vla_course.grading.worker.proxy import Remote, handle_of
from vla_course.grading.worker.sandbox import Job, Process, Sandbox, start
from vla_course.grading.worker.values import Decoder, Encoder, WireError, no_handle
from vla_course.grading.worker.wire import (
    CALL,
    DOES_NOT_LOAD,
    FRAME,
    GET,
    LOAD,
    NOT_ATTEMPTED,
    RAISED,
    SEED,
    SET_ATTRIBUTE,
    SHUT,
    VALUE,
    Closed,
    OutOfTime,
    Wire,
    pack,
)

START_SECONDS = 240.0  # by the clock, for a worker that loads its libraries on a busy machine
OUTPUT_BYTES = 2**20
OUTPUT_TAIL = 4000


How = Literal["timed out", "crashed", "too busy"]


class WorkerGone(BaseException):
    """The worker did not answer and never will: no graded test may catch this and go on.

    "too busy" says nothing of the answer: this machine gave it no time.
    """

    def __init__(self, how: How, message: str) -> None:
        super().__init__(message)
        self.how = how
        self.message = message


class NotStarted(Exception):
    """A worker could not be started: this machine's fault, never the student's."""


class Session:
    """A worker for one exercise. Use as a context manager: at its end nothing of the worker is left.

    `budget` is how much, in s of processor time, the worker may compute in all from its first call on; starting it
    and the grader's own work do not count. Where it only waits for as long, for a lock or an alarm, that ends it, too.
    Arrays and tensors that a call changes in place stay as they are here: an answer must not move the mark that it
    is measured by. `changed` says whether there were any.
    """

    def __init__(self, sandbox: Sandbox, job: Job, budget: float) -> None:
        self.budget = budget
        self.changed = False
        self.calls = 0
        self.walls: tuple[str, ...] = ()
        self.gone: WorkerGone | None = None
        self._student: Remote | None = None
        self._process: Process = start(sandbox, job)
        self._wire: Wire = self._process.wire
        try:
            _, walls = self._wire.receive(time.monotonic() + START_SECONDS)
            self.walls = tuple(map(printable, walls))
        except (Closed, OutOfTime, WireError, TypeError, ValueError) as fault:
            said = self.output()
            self.close()
            raise NotStarted(f"a worker could not be started in {sandbox.level}: {fault} {said}") from None
        self._watch = Watch(self._process.pid, budget)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and everything that it started."""
        self._process.end()
        self._process.output.close()

    def student(self) -> Remote:
        """The student's module; raises `DoesNotLoad` or `NotAttempted` where loading it does."""
        if self._student is None:
            try:
                module, _ = self._ask([LOAD])
            except StudentRaised as fault:
                raise DoesNotLoad(fault.told) from None
            if not isinstance(module, Remote):
                raise self._end("crashed", "the module of the exercise is not a module")
            self._student = module
        return self._student

    def beside(self, module: str, name: str) -> Remote:
        """The worker's own copy of a function or class of the frame."""
        found, _ = self._ask([FRAME, module, name])
        if not isinstance(found, Remote):
            raise self._end("crashed", f"{name} of the frame is not itself any more")
        return found

    def seed(self, seed: int) -> None:
        """Start the worker's chance anew."""
        self._ask([SEED, seed])

    def get(self, number: int, name: str) -> tuple[Any, bool]:
        """An attribute of the worker's object, and whether it is a function that stays the same."""
        return self._ask([GET, number, name])

    def set(self, number: int, name: str, value: object) -> None:
        encoder = Encoder(self._number)
        self._ask([SET_ATTRIBUTE, number, name, encoder.encode(value)])

    def call(self, number: int, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call the worker's object; raises what it raised."""
        encoder = Encoder(self._number)
        request = [CALL, number, encoder.encode(positional), encoder.encode(named)]
        result, _ = self._ask(request)
        return result

    def output(self) -> str:
        """The end of what the worker printed so far."""
        size = self.printed()
        return printable(os.pread(self._process.output.fileno(), OUTPUT_TAIL, max(0, size - OUTPUT_TAIL)), lines=True)

    def printed(self) -> int:
        """How many bytes the worker has printed."""
        return os.fstat(self._process.output.fileno()).st_size

    def _ask(self, request: list[Any]) -> tuple[Any, bool]:
        """Send a request and read the reply: the value and whether it lasts. The only place that waits."""
        if self.gone is not None:
            raise self.gone
        frame = pack(request)
        self.calls += 1
        self._watch.resume()
        try:
            self._wire.send(frame, look=self._look)
            reply = self._wire.receive(look=self._look)
            self._look(waiting=False)
            if self.printed() > OUTPUT_BYTES:
                raise self._end("crashed", f"stopped after printing more than {OUTPUT_BYTES >> 20} MB: print less")
            return self._read(reply, loading=request[0] == LOAD)
        except Closed:
            raise self._end(*self._cause()) from None
        except WireError as fault:
            raise self._end("crashed", f"the worker sent what is not an answer: {printable(str(fault))}") from None

    def _look(self, *, waiting: bool = True) -> None:
        """See how the worker is doing, now and then, and end it where it has had enough."""
        watch = self._watch
        after = f"stopped after {self.budget:.0f} s of"
        match watch.verdict(waiting=waiting):
            case "time":
                raise self._end("timed out", f"{after} computing: is there a loop without end?")
            case "sleep":
                told = f"{after} only waiting: does it sleep, or wait for what never comes?"
                raise self._end("timed out", told)
            case "busy":
                told = f"in {watch.waited:.0f} s the answer got {watch.processor:.0f} s of a processor"
                raise self._end(
                    "too busy", f"this machine is too busy: {told}, which says nothing of it. Grade again"
                )
        if watch.threads > PROCESSES:
            raise self._end("crashed", f"stopped with more than {PROCESSES} threads running: start fewer")

    def _read(self, reply: Any, *, loading: bool) -> tuple[Any, bool]:
        if type(reply) is not list or not reply:
            raise WireError("a reply that is no list")
        match reply:
            case [status, tree, bool() as changed, bool() as lasting] if status == VALUE:
                self.changed |= changed
                return Decoder(self._remote).decode(tree), lasting
            case [status, list() as names, str() as message, str() as place, bool() as changed] if status == RAISED:
                self.changed |= changed
                raise raised(names, message, place)
            case [status, str() as exercise_id] if status == NOT_ATTEMPTED and EXERCISE_ID.fullmatch(exercise_id):
                raise NotAttempted(exercise_id)
            case [status, str() as message] if status == DOES_NOT_LOAD and loading:
                raise DoesNotLoad(printable(message))
        raise WireError("a reply of no known form")

    def _remote(self, number: int) -> Remote:
        return Remote(self, number)

    def _number(self, value: object) -> int:
        """What may go to the worker by handle: its own objects."""
        return handle_of(value, self) if isinstance(value, Remote) else no_handle(value)

    def _end(self, how: How, message: str) -> WorkerGone:
        self._process.end()
        self.gone = WorkerGone(how, message)
        return self.gone

    def _cause(self) -> tuple[How, str]:
        """Why the worker has hung up."""
        code = self._process.exit_code()
        if code is None or code == SHUT:
            return "crashed", "your code shut the way by which it is asked: leave open what you have not opened"
        if code == -signal.SIGXCPU:  # it ran on between the looks of the grader
            return "timed out", "stopped after all its time of computing: is there a loop without end?"
        if code < 0:
            try:
                return "crashed", f"Python died of {signal.Signals(-code).name}"
            except ValueError:
                return "crashed", f"Python died of signal {-code}"
        return "crashed", f"your code ended Python (exit code {code}): return instead"
