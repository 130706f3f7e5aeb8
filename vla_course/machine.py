"""What of this machine is for this process: a container or a shared server grants less than there is; so may it."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CGROUPS: Final = Path("/sys/fs/cgroup")
OWN_CGROUP: Final = Path("/proc/self/cgroup")


def cores() -> int:
    """How many processor cores this process may keep busy: those it may run on, less what its control group allows.

    A quota of 1.5 cores is one: two processes would wait for each other.
    """
    on = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([on, *map(int, _quotas())]))


def memory() -> int:
    """Bytes of memory for this process and all beside it."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([there, *_limits("memory.max", "memory/memory.limit_in_bytes")])


def limit(name: str, most: int, hard: int | None = None) -> None:
    """Let this process, and what it starts, have no more of a resource than that; a hard limit that is lower stays.

    Args:
        name: of the resource, as in `resource`: "RLIMIT_AS". One that this system does not have is passed over.
        most: the soft limit, in the resource's own unit; the process may raise it again, up to the hard one.
        hard: the hard limit, where it is another.
    """
    kind = getattr(resource, name, None)
    if kind is None:
        return
    hard = most if hard is None else hard
    _, before = resource.getrlimit(kind)
    if before != resource.RLIM_INFINITY:  # root would raise it, anybody else fail
        most, hard = min(most, before), min(hard, before)
    with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name only and refuses them
        resource.setrlimit(kind, (most, hard))


def _quotas() -> Iterator[float]:
    """Cores by control group, its own and those around it: version 2 first, then version 1."""
    for folder in _groups():
        match _words(folder / "cpu.max"):
            case [quota, period] if quota != "max":
                yield int(quota) / int(period)
    match [*_words(CGROUPS / "cpu" / "cpu.cfs_quota_us"), *_words(CGROUPS / "cpu" / "cpu.cfs_period_us")]:
        case [quota, period] if int(quota) > 0:
            yield int(quota) / int(period)


def _limits(name: str, first_version: str) -> Iterator[int]:
    for path in (*(folder / name for folder in _groups()), CGROUPS / first_version):
        match _words(path):
            case [number] if number != "max":
                yield int(number)


def _groups() -> Iterator[Path]:
    """This process's control group of version 2 and those that it is in; in a container, often the root alone."""
    own = next((line[3:] for line in _words(OWN_CGROUP) if line.startswith("0::")), "/")
    inside = CGROUPS / own.strip("/")
    yield from (folder for folder in (inside, *inside.parents) if folder.is_relative_to(CGROUPS))


def _words(path: Path) -> list[str]:
    """What a file of the kernel's says; nothing where there is no such file."""
    try:
        return path.read_text(encoding="utf-8").split()
    except OSError:
        return []
