"""pybullet, imported without its banner.

The library prints its build time through C's own buffer, which a pipe receives when the process ends:
after the last line of whatever a program had to say, where others expect a result.
"""

import ctypes
import importlib
import os
import sys
from types import ModuleType


def _import_in_silence(name: str) -> ModuleType:
    if os.name != "posix" or name in sys.modules:
        return importlib.import_module(name)
    flush = ctypes.CDLL(None).fflush
    sys.stdout.flush()
    flush(None)
    stdout, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return importlib.import_module(name)
    finally:
        flush(None)
        os.dup2(stdout, 1)
        os.close(stdout)
        os.close(nowhere)


pybullet = _import_in_silence("pybullet")
