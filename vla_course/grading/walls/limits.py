"""The walls that a worker raises round itself before it loads a line of the student's: limits and no way back."""

from __future__ import annotations

import ctypes
import signal
import struct
import sys
from collections.abc import Sequence

from vla_course.grading.walls import kernel_filter, landlock
from vla_course.machine import limit

MEMORY_BYTES = 4 * 2**30  # of address space, as in a check; torch takes 0.6 GiB, a small model in training 1
FILE_BYTES = 2**24  # in any one file, the captured output included
OPEN_FILES = 128
PROCESSES = 256
"""threads of a worker. The kernel counts them for the whole user, and root's not at all: whoever asks the worker
counts as well (`session.py`); processes of its own the kernel filter allows not one"""

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CAPABILITY_VERSION_3 = 0x20080522


def limit_resources(cpu_seconds: float) -> None:
    """Soft and hard limits alike: nobody raises them again. Past its processor time a process is told, then killed."""
    wanted = {
        "RLIMIT_AS": MEMORY_BYTES,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_NPROC": PROCESSES,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 2**16,
        "RLIMIT_MSGQUEUE": 0,
    }
    for name, value in wanted.items():
        limit(name, value)
    limit("RLIMIT_CPU", int(cpu_seconds) + 1, int(cpu_seconds) + 3)


def confine(cpu_seconds: float, readable: Sequence[str], writable: Sequence[str], *, filter_calls: bool) -> list[str]:
    """Raise every wall that this kernel has; returns the names of those that stand.

    `readable` and `writable` are the only folders that stay open where the kernel can shut the others (they are
    left alone when both are empty: then somebody else has shut them).
    """
    limit_resources(cpu_seconds)
    standing = ["resource limits"]
    if sys.platform != "linux":
        return standing
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        standing.append("no new privileges")
    if _drop_capabilities(libc):
        standing.append("no capabilities")
    if (readable or writable) and landlock.restrict(libc, readable, writable):
        standing.append("landlock: own folders only")
    if filter_calls and kernel_filter.install(libc):
        standing.append("kernel filter: no network, no processes, no signals to others")
    return standing


def _drop_capabilities(libc: ctypes.CDLL) -> bool:
    """Root without its powers: it still owns its files, but raises no limit and looks into nobody's memory."""
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    return libc.capset(header, bytes(24)) == 0
