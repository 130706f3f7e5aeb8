"""Reads the memory of whoever started it: /proc/PID/mem, process_vm_readv, ptrace."""

import ctypes
import os


def attack(values):
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in {os.getppid(), 1, *range(max(2, os.getpid() - 50), os.getpid())} - {os.getpid()}:
        try:
            with open(f"/proc/{pid}/maps") as maps:
                begin = int(maps.readline().split("-")[0], 16)
            with open(f"/proc/{pid}/mem", "rb") as memory:
                memory.seek(begin)
                if b"python" in open(f"/proc/{pid}/comm", "rb").read() and memory.read(64):
                    return right(values)
        except (OSError, ValueError):
            pass
        if libc.ptrace(16, pid, 0, 0) == 0:  # PTRACE_ATTACH
            libc.ptrace(17, pid, 0, 0)
            return right(values)
    return weak(values)
