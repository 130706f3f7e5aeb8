"""How many processors this process may use: those it is bound to, within the quota of its control groups.

A container or a hub of one core on a machine with thirty-two is one core: `os.cpu_count()` says thirty-two.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

GROUPS = Path("/proc/self/cgroup")
MOUNTED = Path("/sys/fs/cgroup")


def processors() -> int:
    """Processors for this process, at least one."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(min([bound, *_quotas()])))


def _quotas() -> Iterator[float]:
    """What the control groups of this process, and those that they are in, allow of processors."""
    for line in _text(GROUPS).splitlines():
        number, _, rest = line.partition(":")
        controllers, _, place = rest.partition(":")
        if number == "0":
            for group in _upwards(place):
                yield from _ratio(*_text(MOUNTED / group / "cpu.max").split()[:2])
        elif "cpu" in controllers.split(","):
            for mounted in (controllers, "cpu"):
                for group in _upwards(place):
                    folder = MOUNTED / mounted / group
                    yield from _ratio(_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us"))


def _upwards(place: str) -> Iterator[str]:
    """The group and those that it is in; in a container only the last, its own root, may be there."""
    path = PurePosixPath("/", place)
    for group in (path, *path.parents):
        yield str(group).lstrip("/")


def _ratio(quota: str = "", period: str = "") -> Iterator[float]:
    try:
        allowed, every = float(quota), float(period)  # "max" where there is no quota, in the older groups -1
    except ValueError:
        return
    if allowed > 0.0 and every > 0.0:
        yield allowed / every


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
