"""Folders that a student's code has written into are removed, however deep it has dug."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def remove_tree(folder: Path) -> bool:
    """Remove a folder however deep it is; returns whether it is gone.

    Every folder that is found is lifted to the top before it is looked into: no path grows long, nothing recurses.
    """
    top, token = os.fspath(folder), secrets.token_hex(8)
    folders = [top]
    for current in folders:  # grows while it is gone through
        with contextlib.suppress(OSError):
            os.chmod(current, 0o700)
            with os.scandir(current) as entries:
                found = list(entries)
            for entry in found:
                with contextlib.suppress(OSError):
                    if not entry.is_dir(follow_symlinks=False):
                        os.unlink(entry.path)
                        continue
                    os.chmod(entry.path, 0o700)
                    lifted = entry.path if current == top else f"{top}/{token}-{len(folders)}"
                    os.rename(entry.path, lifted)
                    folders.append(lifted)
            if current != top:
                os.rmdir(current)
    with contextlib.suppress(OSError):
        os.rmdir(top)
    return not os.path.lexists(top)
