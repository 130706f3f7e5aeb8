"""pybullet, imported without its banner.

The library says when it was built, on standard error (older builds: on standard output), through C's own buffer,
which a pipe receives when the process ends: after the last line of whatever a program had to say, where others
expect a result. Only the descriptors of the process reach that; whatever else is said during the import is passed on.
"""

import ctypes
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType

BANNER = b"pybullet build time:"


def _import_without_banner(name: str) -> ModuleType:
    if os.name != "posix" or name in sys.modules:
        return importlib.import_module(name)
    with _without_banner(1), _without_banner(2):
        return importlib.import_module(name)


@contextmanager
def _without_banner(descriptor: int) -> Iterator[None]:
    """Keep back what is written to the descriptor, and pass on all of it but the banner afterwards."""
    try:
        kept = os.dup(descriptor)
    except OSError:  # a process without it: nobody is disturbed
        yield
        return
    _flush()
    said, written = os.pipe()
    os.set_blocking(written, False)  # a flood is cut off; it does not stop the import
    os.dup2(written, descriptor)
    os.close(written)
    try:
        yield
    finally:
        _flush()
        os.dup2(kept, descriptor)
        os.close(kept)
        with os.fdopen(said, "rb") as lines:
            for line in lines:
                if not line.startswith(BANNER):
                    os.write(descriptor, line)


def _flush() -> None:
    """Empty Python's buffers and C's, so that each text comes out where it was written to."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # there is none, or it is closed
            stream.flush()
    ctypes.CDLL(None).fflush(None)


pybullet = _import_without_banner("pybullet")
