"""How hard a process works: the processor time that it took, and whether it waits for something else than a processor.

Wall clocks say how busy a machine is. What an answer costs is processor time, which is the same beside forty
neighbours. Read from `/proc`, which Linux has; elsewhere `KNOWN` is false, and the clock has to do.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

PROC = Path("/proc")
KNOWN = PROC.joinpath("self", "stat").is_file()
_TICK = os.sysconf("SC_CLK_TCK")
_STATE, _USER, _SYSTEM, _REAPED_USER, _REAPED_SYSTEM = 0, 11, 12, 13, 14
"""fields of /proc/PID/stat behind the name, as in proc(5), where they are 3, 14, 15, 16 and 17"""
POLL = 0.05  # seconds between looks at a process
PATIENCE = 20.0
"""how much longer than its processor time a process may take by the clock"""

Verdict = Literal["time", "sleep", "busy"]


@dataclass
class Watch:
    """Looks at a process now and then while somebody waits for it, and says when it has had enough.

    `seconds` is processor time, counted from here on for all that the process and its children compute. The clock
    is a far bound: it says that this machine is too busy, or, where the process itself waits for as long, that.
    """

    pid: int
    seconds: float
    processor: float = 0.0
    """what it has computed, in s"""
    slept: float = 0.0
    """how long it has waited for something else than a processor, in s"""
    waited: float = 0.0
    """how long it has been waited for by the clock, in s"""
    threads: int = 0
    """how many it had at the last look"""
    _before: float = field(init=False)
    _since: float = field(init=False)
    _next: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._before = processor_seconds(self.pid)
        self.resume()

    def resume(self) -> None:
        """Wait for it again: what it did meanwhile is no waiting."""
        self._since = time.monotonic()

    def look(self, *, waiting: bool = True) -> None:
        """Note what it has computed, and whether it sleeps; one that is gone keeps what was noted last."""
        now = time.monotonic()
        elapsed = now - self._since if waiting else 0.0
        self._since = now
        self.waited += elapsed
        self.threads = threads(self.pid)
        done = processor_seconds(self.pid) - self._before if KNOWN else self.waited
        self.processor = max(self.processor, done)
        if elapsed and sleeps(self.pid):
            self.slept += min(elapsed, 4 * POLL)  # if nobody has looked for long, nobody knows

    def verdict(self, *, waiting: bool = True) -> Verdict | None:
        """Why it has to end, or nothing: "time" and "sleep" are its own doing, "busy" is this machine's."""
        now = time.monotonic()
        if now < self._next:
            return None
        # Not at even intervals: nobody sleeps just while nobody looks.
        self._next = now + POLL * (0.5 + secrets.randbelow(1000) / 1000.0)
        self.look(waiting=waiting)
        if self.processor >= self.seconds:
            return "time"
        if self.slept >= self.seconds:
            return "sleep"
        return "busy" if self.waited >= PATIENCE * self.seconds else None


def family(pid: int) -> Iterator[int]:
    """The process and whatever it has started that still runs, children of children included."""
    yield pid
    for listing in PROC.glob(f"{pid}/task/*/children"):
        for child in _read(listing).split():
            yield from family(int(child))


def processor_seconds(pid: int) -> float:
    """Processor time of the process, its children and those children that have ended and were waited for, in s."""
    return sum(_ticks(PROC / str(member) / "stat") for member in family(pid)) / _TICK


def threads(pid: int) -> int:
    """How many threads the process and its children have."""
    return sum(len(list(PROC.glob(f"{member}/task/*"))) for member in family(pid))


def sleeps(pid: int) -> bool:
    """Whether no thread of the process and its children runs, wants a processor or reads from a disk."""
    states = [
        fields[_STATE]
        for member in family(pid)
        for thread in PROC.glob(f"{member}/task/*/stat")
        if (fields := _fields(thread))
    ]
    return bool(states) and all(state == "S" for state in states)


def _ticks(stat: Path) -> int:
    fields = _fields(stat)
    numbers = (_USER, _SYSTEM, _REAPED_USER, _REAPED_SYSTEM)
    return sum(int(fields[number]) for number in numbers) if fields else 0


def _fields(stat: Path) -> list[str]:
    """The fields behind the name, which may itself hold spaces and brackets."""
    return _read(stat).rpartition(")")[2].split()


def _read(path: Path) -> str:
    """The text, or none where the process has ended meanwhile."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
