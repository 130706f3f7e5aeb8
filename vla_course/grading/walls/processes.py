"""Parents and children on the grader's side: what a worker leaves behind is found and ended. Linux knows how."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import sys
import time

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 1, 4, 36


def become_grader(parent: int) -> None:
    """Make this process one whose memory nobody reads, that dies with its parent and adopts its orphans."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it has died in between
            os._exit(1)
        become_orphanage()


def become_orphanage() -> None:
    """From now on, what outlives its parent below this process becomes its child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> set[int]:
    """The process ids of this process's children, adopted ones included; empty where they cannot be asked for."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in os.listdir("/proc/self/task"):
            with contextlib.suppress(OSError), open(f"/proc/self/task/{task}/children", encoding="ascii") as listed:
                found.update(map(int, listed.read().split()))
    return found


def end_children(spared: set[int], seconds: float = 5.0) -> None:
    """Kill every child that is not among the spared, until no new one turns up."""
    until = time.monotonic() + seconds
    while (strays := children() - spared) and time.monotonic() < until:
        for stray in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(stray, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(stray, os.WNOHANG)
        time.sleep(0.002)


def open_process(pid: int) -> int | None:
    """A descriptor that becomes readable when the process has ended; None where there is no such thing."""
    with contextlib.suppress(OSError, AttributeError):
        return os.pidfd_open(pid)
    return None


def wait_for(process: int, seconds: float) -> bool:
    """Whether the process of that descriptor ends in time."""
    return bool(select.select([process], [], [], seconds)[0])
