"""Files that nobody may lose: backups before a change, and writes that are whole or not at all."""

from __future__ import annotations

import datetime
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from vla_course.course.errors import NotWritten
from vla_course.course.root import CourseRoot


def write_atomically(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write the whole file or leave the old one; line ends and bytes that are not text stay as they were.

    A file that was there keeps its permissions, unless `mode` is stricter; a new one has `mode` less what the user's
    umask takes away. Raises `NotWritten` where the disk is full or read-only, or the place somebody else's.
    """
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode("utf-8", errors="surrogateescape"))
            if path.exists():
                temporary.chmod(path.stat().st_mode & 0o777 & (mode | 0o111))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as fault:
        raise NotWritten(path, fault) from fault


def back_up(root: CourseRoot, path: Path) -> Path | None:
    """Copy a file to `.vla_course/backups/<time>/` under its own path; nothing to do where there is none.

    Raises `NotWritten` where it cannot be kept; then nobody may replace it.
    """
    if not path.exists():
        return None
    stamp = datetime.datetime.now().strftime("%Y-%m-%dT%H-%M-%S.%f")
    inside = path.relative_to(root.folder) if path.is_relative_to(root.folder) else Path(path.name)
    copy = root.state / "backups" / stamp / inside
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    except OSError as fault:
        raise NotWritten(copy, fault) from fault
    return copy


_unwritten: dict[Path, dict[str, Any]] = {}
"""what could not be written, by its file: this process remembers it all the same, and a notebook lives long"""


def read_state(root: CourseRoot, name: str) -> dict[str, Any]:
    """What was remembered under that name; an unreadable file counts as nothing remembered."""
    path = root.state / f"{name}.json"
    if path in _unwritten:
        return dict(_unwritten[path])
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(root: CourseRoot, name: str, state: dict[str, Any]) -> str:
    """Remember it under that name; returns why it could not be written, in a sentence, else nothing."""
    path = root.state / f"{name}.json"
    try:
        write_atomically(path, json.dumps(state, indent=1, sort_keys=True) + "\n")
    except NotWritten as fault:
        _unwritten[path] = state
        return f"This could not be noted in {root.shorten(root.state)}: {fault.why}."
    _unwritten.pop(path, None)
    return ""
