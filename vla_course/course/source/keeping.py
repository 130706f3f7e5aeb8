"""Files that nobody may lose: backups before a change, and writes that are whole or not at all."""

from __future__ import annotations

import datetime
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from vla_course.course.root import CourseRoot


def write_atomically(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write the whole file or leave the old one; line ends and bytes that are not text stay as they were.

    A file that was there keeps its permissions, unless `mode` is stricter; a new one has `mode` less what the user's
    umask takes away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8", errors="surrogateescape"))
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777 & (mode | 0o111))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def back_up(root: CourseRoot, path: Path) -> Path | None:
    """Copy a file to `.vla_course/backups/<time>/` under its own path; nothing to do where there is none."""
    if not path.exists():
        return None
    stamp = datetime.datetime.now().strftime("%Y-%m-%dT%H-%M-%S.%f")
    inside = path.relative_to(root.folder) if path.is_relative_to(root.folder) else Path(path.name)
    copy = root.state / "backups" / stamp / inside
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, copy)
    return copy


def read_state(root: CourseRoot, name: str) -> dict[str, Any]:
    """What was remembered under that name; an unreadable file counts as nothing remembered."""
    try:
        state = json.loads((root.state / f"{name}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(root: CourseRoot, name: str, state: dict[str, Any]) -> None:
    write_atomically(root.state / f"{name}.json", json.dumps(state, indent=1, sort_keys=True) + "\n")
