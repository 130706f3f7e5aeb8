"""Python processes that run a module of this very package, wherever on the disk it lies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

PACKAGE_HOME: Final = Path(__file__).resolve().parents[2]
"""the folder that holds `vla_course`"""

_BEGIN: Final = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def own_python(module: str) -> list[str]:
    """The command line that runs a module as `python -P -m MODULE` does; the module's arguments follow it.

    The package's folder is an argument and not in `PYTHONPATH`, where a name that holds a colon would be two.
    """
    return [sys.executable, "-P", "-c", _BEGIN, str(PACKAGE_HOME), module]
