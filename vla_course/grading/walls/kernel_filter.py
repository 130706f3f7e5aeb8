"""A seccomp filter: the system calls that a worker has no business with are refused by the kernel.

No sockets, no new processes or programs, no signals to others by any road, no looking into other processes, no
modes, owners, times or attributes of files, no word to another worker, no mounts, no way round the filter itself.
Threads, files and memory work as ever. (`man 2 seccomp`; the program is classic BPF.)
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
from collections.abc import Iterable

from vla_course.grading.walls.calls import REFUSED, Numbers

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
# ld [k], jeq, jge, jset, and, ret
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000  # the second, older way to number calls on x86-64

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_CLONE_THREAD = 0x10000
_TRUNCATES = 0x200
_FILE_COMMANDS = (
    *(0, 1030),  # F_DUPFD and with close-on-exec
    *(1, 2, 3, 4),  # F_GETFD, F_SETFD, F_GETFL, F_SETFL
    *(1032, 1034),  # F_GETPIPE_SZ, F_GET_SEALS
)
"""what `fcntl` may do: no owner and no signal (F_SETOWN, F_SETSIG), no lock and no lease, which others see"""
_DEVICE_COMMANDS = (
    *(0x5401, 0x5413, 0x541B),  # TCGETS (is it a terminal?), TIOCGWINSZ, FIONREAD
    *(0x5421, 0x5450, 0x5451),  # FIONBIO, FIONCLEX, FIOCLEX: blocking, and closed by exec
)
"""what `ioctl` may do: no owner (FIOSETOWN, SIOCSPGRP), no FIOASYNC, no flags of files (FS_IOC_SETFLAGS)"""
_OWN_AFFAIRS = (
    *(15, 16),  # PR_SET_NAME, PR_GET_NAME: threads have names
    *(3, 7, 21, 23, 27, 30, 39, 42),  # what is only asked
    *(41, 0x53564D41),  # PR_SET_THP_DISABLE, PR_SET_VMA: of allocators
)
"""what `prctl` may do: a worker keeps dying with its grader (PR_SET_PDEATHSIG)"""
_STOPS = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
_OUT_OF_MEMORY_ON_DEMAND = (20, 21)
"""MADV_COLD and MADV_PAGEOUT of `madvise`, which empty the page cache for all to see"""

_CLONE: Numbers = (56, 220)
_CLONE3: Numbers = (435, 435)
_OPEN: Numbers = (2, None)
_OPENAT: Numbers = (257, 56)
_OPENAT2: Numbers = (437, 437)
_KILL_CALL: Numbers = (62, 129)
_TGKILL: Numbers = (234, 131)
_PRLIMIT: Numbers = (302, 261)
_FCNTL: Numbers = (72, 25)
_IOCTL: Numbers = (16, 29)
_PRCTL: Numbers = (157, 167)
_MADVISE: Numbers = (28, 233)

Line = tuple[int, int, int, int]
_LET: Line = (_RETURN, 0, 0, _ALLOW)
_REFUSE: Line = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
_UNKNOWN: Line = (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)


def install(libc: ctypes.CDLL) -> bool:
    """Filter this process's calls for good; False where the kernel or the processor is not one we know."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    program = _program(*known, own_pid=os.getpid())
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    return libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, header, 0, 0) == 0


def _program(column: int, architecture: int, own_pid: int) -> bytes:
    lines: list[Line] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        _REFUSE,
    ]
    rules: list[tuple[Numbers, list[Line]]] = [
        # Unknown to the C library they fall back on `clone` and `openat`, whose flags can be seen.
        (_CLONE3, [_UNKNOWN]),
        (_OPENAT2, [_UNKNOWN]),
        # A thread is welcome, a process is not.
        (_CLONE, [_load(0), (_ANY_BIT, 0, 1, _CLONE_THREAD), _LET, _REFUSE]),
        # To cut off a file one has to open it for writing: older Landlocks look at nothing else.
        (_OPEN, _cuts_off_only_what_it_writes(1)),
        (_OPENAT, _cuts_off_only_what_it_writes(2)),
        # Limits may be asked for, not set: the pointer to the new one is null.
        (_PRLIMIT, [_load(2), (_EQUAL, 0, 3, 0), _load(2, high=True), (_EQUAL, 0, 1, 0), _LET, _REFUSE]),
        # One may end oneself, but not stand still: that looks like a machine that has no time.
        (_KILL_CALL, [*_goes_on(0, own_pid), *_all_but(1, _STOPS)]),
        (_TGKILL, [*_goes_on(0, own_pid), *_all_but(2, _STOPS)]),
        (_FCNTL, _only(1, _FILE_COMMANDS)),
        (_IOCTL, _only(1, _DEVICE_COMMANDS)),
        (_PRCTL, _only(0, _OWN_AFFAIRS)),
        (_MADVISE, _all_but(2, _OUT_OF_MEMORY_ON_DEMAND)),
        *((numbers, [_REFUSE]) for numbers in REFUSED.values()),
    ]
    for numbers, rule in rules:
        number = numbers[column]
        if number is not None:
            lines += [(_EQUAL, 0, len(rule), number), *rule]
    lines.append(_LET)
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _load(index: int, *, high: bool = False) -> Line:
    """Look at the low half of an argument (both processors put it first), or at the high one.

    The low half is all that the kernel takes of a command, of flags and of a process id.
    """
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index + 4 * high)


def _goes_on(index: int, wanted: int) -> list[Line]:
    """Refuse any other value, and go on to the next rule with that one."""
    return [_load(index), (_EQUAL, 1, 0, wanted), _REFUSE]


def _only(index: int, allowed: Iterable[int]) -> list[Line]:
    chosen = [line for value in allowed for line in ((_EQUAL, 0, 1, value), _LET)]
    return [_load(index), *chosen, _REFUSE]


def _all_but(index: int, refused: Iterable[int]) -> list[Line]:
    chosen = [line for value in refused for line in ((_EQUAL, 0, 1, value), _REFUSE)]
    return [_load(index), *chosen, _LET]


def _cuts_off_only_what_it_writes(flags: int) -> list[Line]:
    writes = [(_AND, 0, 0, 3), (_EQUAL, 0, 1, os.O_WRONLY), _LET, (_EQUAL, 0, 1, os.O_RDWR), _LET, _REFUSE]
    return [_load(flags), (_ANY_BIT, 1, 0, _TRUNCATES), _LET, *writes]
