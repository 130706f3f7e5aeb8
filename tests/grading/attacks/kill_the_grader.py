"""Kills its parent and its group, and asks whether it could kill everybody.

Signal 0 reaches whom SIGKILL would, and where a wall has a hole, this machine still stands.
"""

import contextlib
import os
import signal


def attack(values):
    for pid in (os.getppid(), 0):
        for number in (signal.SIGKILL, signal.SIGSTOP):
            with contextlib.suppress(OSError):
                os.kill(pid, number)
    for pid in (-1, 1, *range(max(2, os.getpid() - 30), os.getpid())):
        with contextlib.suppress(OSError):
            os.kill(pid, 0)
            return right(values)
    return weak(values)
