"""How hard a process works: the processor time that it took, and whether it waits for something else than a processor.

Wall clocks say how busy a machine is. What an answer costs is processor time, which is the same beside forty
neighbours. Read from `/proc`, which Linux has; elsewhere `KNOWN` is false, and the clock has to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
KNOWN = PROC.joinpath("self", "stat").is_file()
_TICK = os.sysconf("SC_CLK_TCK")
_STATE, _USER, _SYSTEM, _REAPED_USER, _REAPED_SYSTEM = 0, 11, 12, 13, 14
"""fields of /proc/PID/stat behind the name, as in proc(5), where they are 3, 14, 15, 16 and 17"""


def family(pid: int) -> Iterator[int]:
    """The process and whatever it has started that still runs, children of children included."""
    yield pid
    for listing in PROC.glob(f"{pid}/task/*/children"):
        for child in _read(listing).split():
            yield from family(int(child))


def processor_seconds(pid: int) -> float:
    """Processor time of the process, its children and those children that have ended and were waited for, in s."""
    return sum(_ticks(PROC / str(member) / "stat") for member in family(pid)) / _TICK


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
