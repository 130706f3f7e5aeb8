"""One file on disk, read so that nothing which lies there can hang or flood whoever reads it."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class NotRead(Exception):
    """A file that is left alone; says why, in words that follow its name."""


def read_file(path: Path, limit: int) -> bytes:
    """The content of a plain file of at most `limit` bytes; raises `NotRead` for anything else."""
    try:
        # Opened first and looked at then: it cannot become something else in between. A FIFO does not block.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as fault:
        raise NotRead(
            "is a link: not followed" if path.is_symlink() else f"cannot be read: {fault.strerror}"
        ) from None
    try:
        with os.fdopen(descriptor, "rb") as stream:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise NotRead("is not a plain file: not read")
            # It may grow while it is read.
            content = stream.read(limit + 1) if about.st_size <= limit else None
    except OSError as fault:
        raise NotRead(f"cannot be read: {fault.strerror}") from None
    if content is None or len(content) > limit:
        raise NotRead(f"is larger than {_size(limit)}: not read")
    return content


def _size(number: int) -> str:
    return f"{number >> 20} MB" if number >= 2**20 else f"{number} bytes"
