"""The Python files of one submission, read from a folder or an archive into memory: bounded, and nothing unpacked.

Only `.py` files, notebooks and the packing note are ever read, so that a zip bomb, a link to elsewhere or a path that
climbs out of the archive has nothing to act on. Whatever is odd becomes a note, never an exception.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from vla_course.grading.intake.contents.files import NotRead, read_file
from vla_course.grading.intake.contents.notebooks import cells_of
from vla_course.grading.intake.submission import Cells
from vla_course.grading.intake.submit import NOTE
from vla_course.grading.intake.whose.names import readable

MAX_ENTRIES = 20_000  # in one archive or folder: a clone has a few thousand
MAX_FILE = 2**20  # bytes of one source file: the longest exercise file has about ten thousand
MAX_NOTEBOOK = 8 * 2**20  # bytes: pictures in outputs are most of it
MAX_NOTEBOOKS = 24
MAX_NOTEBOOK_BYTES = 32 * 2**20  # of all of them
MAX_SOURCES = 16 * 2**20  # bytes of all source files together
MAX_FILES = 4000  # a whole checkout of the course has some hundreds
MAX_ARCHIVE = 256 * 2**20  # bytes on disk
MAX_INNER = 32 * 2**20  # bytes of an archive inside of an archive
MAX_INNER_ARCHIVES = 4
MAX_NOTES = 20
MAX_DEPTH = 24  # folders below each other
MAX_PART = 200  # bytes of one name: a file system takes 255

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz")

# Nobody writes answers here, and a virtual environment holds thousands of Python files.
SKIPPED = {
    *(".git", ".venv", "venv", "env", "__pycache__", "__MACOSX", "node_modules", "site-packages", "@eaDir"),
    *(".vla_course", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache"),
}


@dataclass
class Sources:
    """Files by their path inside the submission, and what was odd about it."""

    files: dict[PurePosixPath, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    archives: dict[PurePosixPath, bytes] = field(default_factory=dict)
    """zips and tars that lie inside"""
    notebooks: dict[PurePosixPath, Cells] = field(default_factory=dict)
    notebook_bytes: int = 0
    foreign: bool = False
    """nothing that could hold sources: a PDF, a picture"""
    full: bool = False
    spent: int = 0
    """bytes that were unpacked of zips for it, read or not"""
    streamed: int = 0
    """bytes that were unpacked of tars for it"""

    def add(self, path: PurePosixPath, data: bytes) -> None:
        if is_archive(path.name):
            if len(self.archives) < MAX_INNER_ARCHIVES:
                self.archives[path] = data
            return
        if path.suffix.lower() == ".ipynb":
            self.notebook_bytes += len(data)
            if len(self.notebooks) < MAX_NOTEBOOKS and self.notebook_bytes <= MAX_NOTEBOOK_BYTES:
                self.notebooks[path] = cells_of(data)  # the pictures in it would fill the memory of a class
            return
        if len(self.files) >= MAX_FILES or sum(map(len, self.files.values())) + len(data) > MAX_SOURCES:
            self.full = True
            self.note(f"more than {MAX_FILES} source files or {MAX_SOURCES >> 20} MB: the rest is not read")
            return
        if path in self.files:
            self.note(f"{path} is there twice: the last one counts")
        self.files[path] = data

    def note(self, text: str) -> None:
        text = "".join(letter if letter.isprintable() else "?" for letter in text)[:300]
        if text not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(text)

    def place(self, written: str) -> PurePosixPath | None:
        """The path inside of the submission that is written so; None, and a note, where no file can lie there."""
        if len(written) > MAX_DEPTH * MAX_PART:
            self.note(f"{written[:80]}... is too deep or its name too long: not read")
            return None
        path = PurePosixPath(readable(written))
        parts = [part for part in path.parts if part not in ("/", ".")]
        if not parts or SKIPPED & set(parts[:-1]) or parts[-1].startswith("._"):
            return None
        if len(parts) > MAX_DEPTH or any(len(part.encode()) > MAX_PART for part in parts):
            if limit_of(parts[-1]):
                self.note(f"{str(path)[:80]}... is too deep or its name too long: not read")
            return None
        return PurePosixPath(*parts)


def is_archive(name: str) -> bool:
    """Whether a file of that name is opened to look for sources."""
    return name.lower().endswith(ARCHIVES)


def limit_of(name: str) -> int | None:
    """How many bytes of a file of that name are read at most; None: it is not read at all."""
    if is_archive(name):
        return MAX_INNER
    if name.lower().endswith(".ipynb"):
        return MAX_NOTEBOOK
    return MAX_FILE if name.lower().endswith(".py") or name == NOTE else None


def read_folder(folder: Path) -> Sources:
    """Walk a folder; links are neither followed nor read."""
    sources = Sources()
    seen = 0
    waiting = [PurePosixPath()]
    while waiting:
        here = waiting.pop()
        try:
            entries = sorted(os.scandir(folder / here), key=lambda entry: entry.name)
        except OSError as fault:
            sources.note(f"{here} cannot be read: {fault.strerror}")
            continue
        below: list[PurePosixPath] = []
        for entry in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                sources.note(f"more than {MAX_ENTRIES} files: the rest is not read")
            if seen > MAX_ENTRIES or sources.full:
                return sources
            if entry.is_symlink():
                if entry.name not in SKIPPED and (limit_of(entry.name) or entry.is_dir()):
                    sources.note(f"{here / entry.name} is a link: not followed")
            elif entry.is_dir(follow_symlinks=False):
                if entry.name in SKIPPED:
                    continue
                if len(here.parts) >= MAX_DEPTH:
                    sources.note(f"{str(here)[:80]}... is too deep: what is below is not read")
                    continue
                below.append(here / entry.name)
            else:
                _read_plain(folder / here / entry.name, str(here / entry.name), sources)
        waiting += reversed(below)
    return sources


def read_single(path: Path) -> Sources:
    """A single Python file or notebook."""
    sources = Sources()
    _read_plain(path, path.name, sources)
    return sources


def _read_plain(path: Path, written: str, sources: Sources) -> None:
    limit = limit_of(path.name)
    if limit is None:
        return
    inside = sources.place(written)
    if inside is None:
        return
    try:
        sources.add(inside, read_file(path, limit))
    except NotRead as why:
        sources.note(f"{inside} {why}")
