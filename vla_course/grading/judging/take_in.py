"""A submission's files as the grader takes them in: plain files of day folders, copied, links not followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vla_course.grading.worker.stage import day_folders

MAX_FILE = 2**20
MAX_FILES = 500
MAX_DEPTH = 6
SUFFIXES = {".py", ".json", ".toml", ".txt", ".csv", ".npy", ".npz"}


def find_desk(folder: Path) -> Path | None:
    """Where in a submission the day folders are: the folder itself, or a checkout of the course; never a link."""
    for parts in ((), ("vla_course", "exercises"), ("exercises",)):
        place = folder
        for part in parts:
            place = place / part
            if place.is_symlink():
                break
        else:
            if place.is_dir() and day_folders(place):
                return place
    return None


def take_in(folder: Path, desk: Path) -> list[str]:
    """Copy the answers in `folder` to `desk`, which is made; returns notes on what was left out, and why."""
    desk.mkdir(parents=True)
    found = find_desk(folder)
    if found is None:
        return ["no day folder such as day3_humanoid_balance was found"]
    notes: list[str] = []
    count = 0
    for link in sorted(path.name for path in found.glob("day*") if path.is_symlink()):
        notes.append(f"{link} is a link: left out")
    for day in day_folders(found):
        for current, folders, files in os.walk(day, followlinks=False):
            place = Path(current).relative_to(found)
            if len(place.parts) > MAX_DEPTH:
                notes.append(f"{place} is too deep: left out")
                folders.clear()
                continue
            notes += [f"{place / name} is a link: left out" for name in folders if os.path.islink(Path(current, name))]
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            (desk / place).mkdir(parents=True, exist_ok=True)
            for name in sorted(files):
                if Path(name).suffix not in SUFFIXES:
                    continue
                count += 1
                if count > MAX_FILES:
                    return [*notes, f"more than {MAX_FILES} files: the rest is left out"]
                fault = _copy(found / place / name, desk / place / name)
                if fault:
                    notes.append(f"{place / name} {fault}: left out")
    return [_printable(note) for note in notes[:50]]


def _copy(source: Path, target: Path) -> str | None:
    """Copy a plain file; what is wrong with any other."""
    try:
        # Opened first and looked at then: it cannot become something else in between. A FIFO does not block.
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "is a link" if source.is_symlink() else "cannot be read"
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "is not a plain file"
        content = stream.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        return f"is larger than {MAX_FILE >> 20} MiB"
    target.write_bytes(content)
    return None


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:300]
