"""Landlock: the folders that a worker may see where there is no bubblewrap to hide the others. (`man 7 landlock`)"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_FILES_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}  # rights, by the version that brought them
_NETWORK = 0b11  # to bind and to connect over TCP, since version 4
_SCOPES = 0b11  # abstract unix sockets, and signals to processes outside; since version 6
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15


def supported() -> bool:
    """Whether this kernel has it."""
    return sys.platform == "linux" and ctypes.CDLL(None).syscall(_CREATE, None, 0, _VERSION_FLAG) >= 1


def restrict(libc: ctypes.CDLL, readable: Sequence[str], writable: Sequence[str]) -> bool:
    """Leave this process nothing of the file system but these; False where the kernel cannot."""
    version = libc.syscall(_CREATE, None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    handled = sum(rights for since, rights in _FILES_SINCE.items() if since <= version)
    rules = struct.pack("<QQQ", handled, _NETWORK if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_CREATE, rules, size, 0)
    if ruleset < 0:
        return False
    try:
        for paths, rights in ((readable, _READ_FILE | _READ_DIR), (writable, handled & ~_EXECUTE)):
            for path in paths:
                if not _allow(libc, ruleset, path, rights & handled):
                    return False
        return libc.syscall(_RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> bool:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return True  # nothing to allow
    try:
        if not os.path.isdir(path):
            rights &= _ON_FILES
        rule = struct.pack("<Qi", rights, place)
        return libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0) == 0
    finally:
        os.close(place)
