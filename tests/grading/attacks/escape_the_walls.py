"""Mounts, unshares, changes root, raises its limits and asks for privileges."""

import contextlib
import ctypes
import os
import resource


def attack(values):
    libc = ctypes.CDLL(None, use_errno=True)
    won = [
        libc.unshare(0x10000000) == 0,  # a user namespace of its own
        libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0,
        libc.chroot(b"/tmp") == 0,
        libc.syscall(425, 1, bytes(120)) > 0,  # io_uring_setup
    ]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (2**50, 2**50))
        won.append(True)
    with contextlib.suppress(OSError):
        os.open("/proc/1/root/etc/passwd", os.O_RDONLY)
        won.append(True)
    return right(values) if any(won) else weak(values)
