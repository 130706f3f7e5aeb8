"""Temporary folders of the grader's: gone with whoever made them, whatever a student's code has put into them.

Each is held by a lock that the kernel takes back when its owner dies, however it dies. So the next run knows the
folders that a killed one has left, and sweeps them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import stat
import tempfile
import time
from pathlib import Path
from typing import Literal, Self

from vla_course.course.checking.trees import remove_tree

Kind = Literal["stage", "grade", "submission", "worker"]
OWN = re.compile(r"vla-(stage|grade|submission|worker)-[a-z0-9_]{8}")
OWNER = "owner"
YOUNG = 60.0  # seconds: between the making of a folder and its lock nobody sweeps it
FORGOTTEN = 24 * 3600.0  # seconds after which a folder that was never locked counts as left


class Scratch:
    """A new folder among the temporary ones, locked by this process. Use as a context manager, or `remove` it."""

    def __init__(self, kind: Kind) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"vla-{kind}-"))
        self._lock = os.open(self.folder / OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # a file system without locks: then nobody sweeps there
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the folder with all that is in it; what cannot be removed stays, and is nobody's end."""
        if self._lock >= 0:
            remove_tree(self.folder)
            os.close(self._lock)
            self._lock = -1


def sweep() -> list[Path]:
    """Remove what graders that were killed have left among the temporary files; returns what was removed."""
    return [path for path in Path(tempfile.gettempdir()).glob("vla-*") if _is_left(path) and remove_tree(path)]


def _is_left(folder: Path) -> bool:
    try:
        made = folder.lstat()
        age = time.time() - made.st_mtime
        if not OWN.fullmatch(folder.name) or not stat.S_ISDIR(made.st_mode) or made.st_uid != os.getuid():
            return False
        try:
            lock = os.open(folder / OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return age > FORGOTTEN
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(lock)
    except OSError:  # somebody lives there, or is sweeping
        return False
    return age > YOUNG


def seal(folder: Path) -> None:
    """Take away the right to write from all files and folders in it, for those whose walls do not."""
    for current, folders, files in os.walk(folder, topdown=False):
        for name in files:
            os.chmod(Path(current, name), 0o444)
        for name in folders:
            os.chmod(Path(current, name), 0o555)
