"""The Python files of one submission, read from a folder or a zip into memory: bounded, and nothing unpacked.

Only `.py` files and the packing note are ever read, so that a zip bomb, a link to elsewhere or a path that climbs
out of the archive has nothing to act on. Whatever is odd becomes a note, never an exception.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from vla_course.grading.intake.cells import code_of
from vla_course.grading.intake.submit import NOTE

MAX_ENTRIES = 20_000  # in one archive or folder: a clone has a few thousand
MAX_FILE = 2**20  # bytes of one source file: the longest exercise file has about ten thousand
MAX_NOTEBOOK = 8 * 2**20  # bytes of one notebook: pictures are kept inside
MAX_NOTEBOOKS = 12
MAX_SOURCES = 16 * 2**20  # bytes of all source files together
MAX_FILES = 4000  # a whole checkout of the course has some hundreds
MAX_ARCHIVE = 256 * 2**20  # bytes on disk
MAX_INNER = 32 * 2**20  # bytes of a zip inside of a zip
MAX_INNER_ZIPS = 4
MAX_NOTES = 20

LIMITS = {".py": MAX_FILE, ".zip": MAX_INNER, ".ipynb": MAX_NOTEBOOK}
"""what is read at all, by its ending, and up to how many bytes"""

# Nobody writes answers here, and a virtual environment holds thousands of Python files.
SKIPPED = {
    *(".git", ".venv", "venv", "env", "__pycache__", "__MACOSX", "node_modules", "site-packages"),
    *(".vla_course", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache"),
}


@dataclass
class Sources:
    """Files by their path inside the submission, and what was odd about it."""

    files: dict[PurePosixPath, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    archives: dict[PurePosixPath, bytes] = field(default_factory=dict)
    """zips that lie inside"""
    notebooks: dict[PurePosixPath, str] = field(default_factory=dict)
    """the code in notebooks' cells, which may hold answers"""

    full: bool = False

    def add(self, path: PurePosixPath, data: bytes) -> None:
        if path.suffix.lower() == ".zip":
            if len(self.archives) < MAX_INNER_ZIPS:
                self.archives[path] = data
            return
        if path.suffix.lower() == ".ipynb":
            self.notebooks[path] = code_of(data)[:MAX_FILE]
            return
        if len(self.files) >= MAX_FILES or sum(map(len, self.files.values())) + len(data) > MAX_SOURCES:
            self.full = True
            self.note(f"more than {MAX_FILES} source files or {MAX_SOURCES >> 20} MB: the rest is not read")
            return
        if path in self.files:
            self.note(f"{path} is there twice: the last one counts")
        self.files[path] = data

    def wants(self, path: PurePosixPath) -> bool:
        """Whether a file of that name is read at all."""
        kind = path.suffix.lower()
        return (kind in LIMITS or path.name == NOTE) and (kind != ".ipynb" or len(self.notebooks) < MAX_NOTEBOOKS)

    def note(self, text: str) -> None:
        text = "".join(letter if letter.isprintable() else "?" for letter in text)[:300]
        if text not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(text)


def read_any(path: Path) -> Sources:
    """The sources in a folder, a zip or a single Python file."""
    if path.is_symlink():
        return Sources(notes=[f"{path.name} is a link: not followed"])
    if path.is_dir():
        return _opened(read_folder(path))
    if path.suffix.lower() == ".zip":
        if path.stat().st_size > MAX_ARCHIVE:
            return Sources(notes=[f"{path.name} is larger than {MAX_ARCHIVE >> 20} MB: not opened"])
        return _opened(read_zip(path.read_bytes(), path.name))
    if path.suffix.lower() in (".py", ".ipynb"):
        sources = Sources()
        _read_plain(path, PurePosixPath(path.name), sources)
        return sources
    return Sources(notes=[f"{path.name} is not a zip: hand in what `vla-course submit` writes"])


def holds_several(path: Path) -> bool:
    """Whether a zip is a whole class's: zips in it and no sources beside them."""
    if path.suffix.lower() != ".zip" or path.stat().st_size > MAX_ARCHIVE:
        return False
    found = read_zip(path.read_bytes(), path.name)
    return len(found.archives) > 1 and not found.files


def _opened(sources: Sources) -> Sources:
    """Where there are no sources but a zip inside (zipped twice, a Moodle folder): what is in that."""
    if any(path.suffix == ".py" for path in sources.files) or not sources.archives:
        return sources
    for path, data in sorted(sources.archives.items(), key=lambda item: str(item[0])):
        inner = read_zip(data, path.name)
        inner.notes[:0] = sources.notes
        if inner.files:
            return inner
        sources.notes = inner.notes
    return sources


def read_folder(folder: Path) -> Sources:
    """Walk a folder; links are neither followed nor read."""
    sources = Sources()
    seen = 0
    for place, folders, names in os.walk(folder):
        here = PurePosixPath(Path(place).relative_to(folder).as_posix())
        for name in sorted(folders):
            if Path(place, name).is_symlink():
                sources.note(f"{here / name} is a link: not followed")
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED and not Path(place, name).is_symlink()
        )
        for name in sorted(names):
            seen += 1
            if seen > MAX_ENTRIES:
                sources.note(f"more than {MAX_ENTRIES} files: the rest is not read")
            if seen > MAX_ENTRIES or sources.full:
                return sources
            _read_plain(Path(place, name), here / name, sources)
    return sources


def _read_plain(path: Path, inside: PurePosixPath, sources: Sources) -> None:
    kind = inside.suffix.lower()
    if not sources.wants(inside):
        return
    if path.is_symlink():
        sources.note(f"{inside} is a link: not followed")
        return
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            sources.note(f"{inside} is not a plain file: not read")
            return
        limit = LIMITS.get(kind, MAX_FILE)
        if about.st_size > limit:
            sources.note(f"{inside} is larger than {limit >> 20} MB: not read")
            return
        data = path.read_bytes()
    except OSError as fault:
        sources.note(f"{inside} cannot be read: {fault.strerror}")
        return
    sources.add(inside, data)


def read_zip(data: bytes, name: str) -> Sources:
    """Read the sources out of a zip; what is not to be trusted in it is left where it is and noted."""
    sources = Sources()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                sources.note(f"{name} has {len(entries)} entries, more than {MAX_ENTRIES}: not opened")
                return sources
            for entry, inside in _sound(entries, sources):
                content = _content(archive, entry, inside, sources)
                if content is not None:
                    sources.add(inside, content)
                if sources.full:
                    break
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError) as fault:
        sources.note(f"{name} is not a zip that can be read: {fault}")
    return sources


def _sound(
    entries: list[zipfile.ZipInfo], sources: Sources
) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The entries that are worth reading, by a path that stays inside."""
    for entry in entries:
        written = entry.filename.replace("\\", "/")
        inside = PurePosixPath(written)
        if inside.is_absolute() or ".." in inside.parts or (len(written) > 1 and written[1] == ":"):
            sources.note(f"the path {written:.80} leads out of the archive: not read")
            continue
        if entry.is_dir() or not inside.parts or SKIPPED & set(inside.parts[:-1]):
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            sources.note(f"{inside} is a link: not followed")
            continue
        if sources.wants(inside):
            yield entry, inside


def _content(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, inside: PurePosixPath, sources: Sources
) -> bytes | None:
    limit = LIMITS.get(inside.suffix.lower(), MAX_FILE)
    if entry.flag_bits & 1:
        sources.note(f"{inside} is encrypted: not read")
        return None
    try:
        with archive.open(entry) as stream:
            content = stream.read(limit + 1)  # whatever size the archive claims
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as fault:
        sources.note(f"{inside} is damaged: {fault}")
        return None
    if len(content) > limit:
        sources.note(f"{inside} unpacks to more than {limit >> 20} MB: not read")
        return None
    return content
