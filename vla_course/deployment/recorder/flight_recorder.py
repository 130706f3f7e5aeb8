"""The flight recorder: the last half minute, always; kept for good when something happens, and after a kill.

    record -> waiting -> flush -> memory (30 s)  -> a recording of its own, on any incident, with what follows
                               -> ring (30 s, on the disk) -> found by whoever starts after a kill

The robot's loop only ever puts messages into a row in memory. What touches the disk is `flush`, twice a second, in a
thread of its own: a disk that is slow, full or gone costs recordings and not the robot, and is told.
"""

import contextlib
import fcntl
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from vla_course.deployment.recorder import incidents, ring
from vla_course.deployment.recorder.incidents import Incident, RecorderSettings
from vla_course.deployment.recorder.memory import Memory
from vla_course.deployment.recorder.messages import NANO, Message, log, message
from vla_course.deployment.recorder.recovery import NotARecording, recover_all
from vla_course.deployment.recorder.ring import Ring
from vla_course.deployment.recorder.segment import Segment
from vla_course.deployment.recorder.topics import EVENTS

_LOCK: Final = "recorder.lock"
_FOREVER: Final = 1e9
"""s"""


class FlightRecorder:
    """Records what a robot senses, decides and does.

    Args:
        folder: where recordings go; it is made. What a recorder that was killed has left there becomes a recording.
        settings: how much is kept.
        background: whether a thread flushes; without it call `flush` yourself, in simulated time for instance.
        trouble: is told, in the thread that flushes, what went wrong with the disk.

    Attributes:
        faults: how often the disk did not take something.

    Raises:
        OSError: the folder cannot be made or written, or another recorder writes there. Better now than in a fall.
    """

    def __init__(
        self,
        folder: Path,
        settings: RecorderSettings | None = None,
        *,
        background: bool = True,
        trouble: Callable[[str], object] | None = None,
    ) -> None:
        self.folder, self.settings = folder, settings or RecorderSettings()
        self.faults = 0
        self._trouble = trouble
        folder.mkdir(parents=True, exist_ok=True)
        self._held = _hold(folder)
        self._waiting = Memory(_FOREVER, self.settings.waiting)
        self._memory = Memory(self.settings.keeps, self.settings.memory)
        self._ring = Ring(folder, self.settings.keeps, self.settings.segment, self.settings.disk)
        self._wanted: Incident | None = None
        self._until, self._began = 0, 0
        self._file: Segment | None = None
        self._row, self._disk = threading.Lock(), threading.Lock()
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None
        self._save_what_was_left()
        if background:
            self._thread = threading.Thread(
                target=self._flush_now_and_then, name="flight recorder", daemon=True
            )
            self._thread.start()

    # ---- the robot's side: never waits for a disk ------------------------------------------------

    def record(self, topic: str, time: float, **fields: Any) -> None:
        """Note a message of one of `topics.TOPICS`.

        Args:
            topic: where it belongs.
            time: s, on the robot's clock, at least 0.
            fields: what the topic's schema has; numbers, text, arrays, or a dict of them.

        Raises:
            ValueError: the topic or a field is not known, or one is missing. Disks raise nothing here.
        """
        made = message(topic, time, fields)
        with self._row:
            self._waiting.add(made)

    def incident(self, code: Incident, time: float, text: str) -> None:
        """Keep the seconds before `time` and those after it, from the next flush on.

        One that comes while another is being written makes that recording longer: one file tells of both.

        Args:
            code: why.
            time: s, on the robot's clock.
            text: for people; it stands in the recording.
        """
        made = message(EVENTS, time, log("fatal", f"{code.value}: {text}", "incident"))
        with self._row:
            self._waiting.add(made)
            self._until = max(self._until, made.time + round(self.settings.follows * NANO))
            if self._file is None:
                self._wanted = self._wanted or code

    @property
    def writing(self) -> bool:
        """Whether an incident is being written, or about to be."""
        return self._file is not None or self._wanted is not None

    @property
    def dropped(self) -> int:
        """Messages that were lost because they were too many for memory, or the disk too slow."""
        return self._waiting.dropped + self._memory.dropped

    @property
    def memory_size(self) -> int:
        """Bytes in memory: at most `settings.memory + settings.waiting`."""
        return self._memory.size + self._waiting.size

    @property
    def disk_size(self) -> int:
        """Bytes of the ring on the disk."""
        return self._ring.size

    @property
    def recordings(self) -> list[Path]:
        """The incidents that are kept, the oldest first."""
        return sorted(self.folder.glob(incidents.PATTERN))

    # ---- the disk's side -------------------------------------------------------------------------

    def flush(self) -> None:
        """Put what waits on the disk and into memory. Nothing that a disk does is raised: `trouble` is told."""
        with self._disk:
            with self._row:
                batch, wanted, until = self._waiting.take(), self._wanted, self._until
            for one in batch:
                self._memory.add(one)
            with self._telling("the ring"):
                self._ring.write(batch)
            with self._telling("the recording of an incident"):
                if self._file is not None:
                    self._follow(self._file, batch, until)
                elif wanted is not None:
                    self._begin(wanted)

    def close(self) -> None:
        """Flush, end the recording under way, and leave no ring behind: this end is no kill."""
        self._ends.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()
        with self._disk:
            with self._telling("the recording of an incident"):
                self._end()
            with self._telling("the ring"):
                self._ring.close()
            self._held.close()

    def _flush_now_and_then(self) -> None:
        while not self._ends.wait(self.settings.every):
            self.flush()

    def _begin(self, code: Incident) -> None:
        """Start the recording of an incident with all that is in memory; a disk that is full is tried again."""
        path = incidents.next_path(self.folder, code)
        file: Segment | None = None
        try:
            file = Segment(path)
            file.write(self._memory)
            file.flush()
        except OSError:
            if file is not None:
                file.abandon()
            path.unlink(missing_ok=True)
            raise
        with self._row:
            self._file, self._wanted, self._began = file, None, file.last

    def _follow(self, file: Segment, batch: list[Message], until: int) -> None:
        try:
            file.write(batch)
            file.flush()
        except OSError:
            file.abandon()  # what is whole in it stays, and can be read
            self._file = None
            raise
        if file.last >= min(until, self._began + self.settings.longest * NANO):
            self._end()

    def _end(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()
            incidents.keep_newest(self.folder, self.settings.incidents)

    def _save_what_was_left(self) -> None:
        """Make a recording of the ring of a recorder that was killed."""
        left = sorted(self.folder.glob(ring.PATTERN))
        if not left:
            return
        with self._telling("what a killed recorder left"):
            try:
                found = recover_all(left)
                with Segment(incidents.next_path(self.folder, Incident.KILLED)) as file:
                    file.write(found.messages)
            except NotARecording as why:
                self._tell(str(why))
            for path in left:
                path.unlink()

    def _telling(self, what: str) -> "_Telling":
        return _Telling(lambda why: self._tell(f"{what} could not be written: {why}"))

    def _tell(self, text: str) -> None:
        self.faults += 1
        if self._trouble is not None:
            self._trouble(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, KeyboardInterrupt):
            with self._row:
                last = max([one.time for one in self._waiting], default=self._ring.last)
            self.incident(Incident.EXCEPTION, last / NANO, type(error).__name__)
        self.close()


class _Telling(contextlib.AbstractContextManager[None]):
    """Lets an OSError end what stands inside, and tells of it."""

    def __init__(self, tell: Callable[[OSError], object]) -> None:
        self._tell = tell

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, OSError):
            self._tell(error)
            return True
        return False


def _hold(folder: Path) -> Any:
    """Return an open file that says that somebody writes here, as long as it lives.

    Raises:
        OSError: somebody else does.
    """
    held = (folder / _LOCK).open("w", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise OSError(
            f"{folder} is written by another flight recorder, expected a folder of its own"
        ) from None
    return held
