"""Zips and tars read in memory: within bounds of entries, bytes and work, whatever the archive claims to be.

Work is counted in bytes that come out of the decompressor, also of those that are thrown away: an archive that
names one megabyte twenty thousand times costs as much as one that holds it twice. The bounds hold for a submission
as a whole, however many archives lie in its archives.
"""

from __future__ import annotations

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from vla_course.grading.intake.contents import sources as bounds
from vla_course.grading.intake.contents.files import NotRead, read_file
from vla_course.grading.intake.contents.sources import Sources, is_archive, limit_of, read_folder, read_single
from vla_course.grading.intake.whose.plain import stem_of, without_copy_number

MAX_WORK = 96 * 2**20  # bytes that the zips of one submission may unpack to, read or not
MAX_NESTED = 3  # archives in archives: a platform's, a student's, and the one that it was packed with twice
MAX_TAR = 512 * 2**20  # bytes that its tars may unpack to: a tar is read from end to end
HEADER = b"PK\x01\x02"  # of an entry in a zip's directory


class TooMuch(Exception):
    """An archive unpacks to more than anybody hands in."""


def read_any(path: Path) -> Sources:
    """The sources in a folder, an archive or a single Python file."""
    if path.is_symlink():
        return Sources(notes=[f"{bounds.readable(path.name)} is a link: not followed"])
    if path.is_dir():
        return _opened(read_folder(path))
    if is_archive(path.name):
        try:
            return _opened(read_archive(read_file(path, bounds.MAX_ARCHIVE), path.name))
        except NotRead as why:
            sources = Sources()
            sources.note(f"{bounds.readable(path.name)} {why}".replace(": not read", ": not opened"))
            return sources
    if limit_of(path.name):
        return read_single(path)
    sources = Sources(foreign=True)
    sources.note(f"{bounds.readable(path.name)} is not a zip: hand in what `vla-course submit` writes")
    return sources


def holds_several(path: Path) -> bool:
    """Whether an archive is a whole class's: archives in it and no sources beside them."""
    if not is_archive(path.name):
        return False
    try:
        found = read_archive(read_file(path, bounds.MAX_ARCHIVE), path.name)
    except NotRead:
        return False
    return len(found.archives) > 1 and not found.files


def _opened(sources: Sources, depth: int = MAX_NESTED) -> Sources:
    """Where there are no sources but archives inside (zipped twice, a Moodle folder): what is in those.

    Where several hold the same file, the last by name counts: `hw (1).zip` came after `hw.zip`.
    """
    if any(path.suffix == ".py" for path in sources.files) or not sources.archives or not depth:
        return sources
    held: dict[PurePosixPath, str] = {}
    for path, data in sorted(sources.archives.items(), key=lambda item: _by_copy(item[0])):
        inner = _opened(read_archive(data, path.name, sources), depth - 1)
        sources.spent, sources.streamed = inner.spent, inner.streamed
        for note in inner.notes:
            sources.note(note)
        sources.notebooks |= inner.notebooks
        twice = [inside for inside in inner.files if inside in held]
        if twice:
            sources.note(f"{twice[0]} is in {held[twice[0]]} and in {path.name}: the latter counts")
        for inside, content in inner.files.items():
            sources.files.pop(inside, None)
            sources.add(inside, content)
            held[inside] = path.name
    return sources


def _by_copy(path: PurePosixPath) -> tuple[str, int, str]:
    stem, copy = without_copy_number(stem_of(path.name))
    return str(path.parent), copy, stem


def read_archive(data: bytes, name: str, before: Sources | None = None) -> Sources:
    """Read the sources out of an archive; what is not to be trusted in it is left where it is and noted.

    Args:
        data: the archive.
        name: what it is called, for notes.
        before: what was read before for the same submission: its work counts against the same bounds.
    """
    sources = Sources(spent=before.spent, streamed=before.streamed) if before else Sources()
    shown = bounds.readable(name)
    kind = "tar" if _is_tar(data) or not (data[:2] == b"PK" or name.lower().endswith(".zip")) else "zip"
    try:
        if kind == "zip":
            _read_zip(data, shown, sources)
        else:
            _read_tar(data, shown, sources)
    except TooMuch as fault:
        sources.note(f"{shown} {fault}")
    except Exception as fault:  # of zipfile, tarfile and every decompressor, each of which has its own
        sources.note(f"{shown} is not a {kind} that can be read: {fault or type(fault).__name__}")
    return sources


def _is_tar(data: bytes) -> bool:
    return data[:2] == b"\x1f\x8b" or data[:3] == b"BZh" or data[257:262] == b"ustar"


def _read_zip(data: bytes, name: str, sources: Sources) -> None:
    headers = data.count(HEADER)
    if (
        headers > 10 * bounds.MAX_ENTRIES
    ):  # the library would read all of them before it says how many there are
        raise TooMuch(f"has more than {bounds.MAX_ENTRIES} entries: not opened")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > bounds.MAX_ENTRIES:
            raise TooMuch(f"has {len(entries)} entries, more than {bounds.MAX_ENTRIES}: not opened")
        sound: dict[PurePosixPath, zipfile.ZipInfo] = {}
        for entry, inside in _sound(entries, sources):
            if inside in sound:
                sources.note(f"{inside} is there twice: the last one counts")
            sound[inside] = entry
        for inside, entry in sound.items():
            sources.spent += _take(archive, entry, inside, sources)
            if sources.spent > MAX_WORK:
                raise TooMuch(f"unpacks to more than {MAX_WORK >> 20} MB: the rest is not read")
            if sources.full:
                break


def _sound(
    entries: list[zipfile.ZipInfo], sources: Sources
) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The entries that are worth reading, by a path that stays inside."""
    for entry in entries:
        if entry.is_dir():
            continue
        inside = _inside(entry.filename, sources)
        if inside is None:
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            sources.note(f"{inside} is a link: not followed")
        elif limit_of(inside.name):
            yield entry, inside


def _inside(written: str, sources: Sources) -> PurePosixPath | None:
    written = written.replace("\\", "/")
    path = PurePosixPath(written[: 2 * bounds.MAX_DEPTH * bounds.MAX_PART])
    if path.is_absolute() or ".." in path.parts or (len(written) > 1 and written[1] == ":"):
        sources.note(f"the path {written:.80} leads out of the archive: not read")
        return None
    return sources.place(written)


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, inside: PurePosixPath, sources: Sources) -> int:
    """Add the entry's content; returns how many bytes were unpacked for it."""
    limit = limit_of(inside.name) or 0
    if entry.flag_bits & 1:
        sources.note(f"{inside} is encrypted: not read")
        return 0
    content = b""
    try:
        with archive.open(entry) as stream:
            content = stream.read(limit + 1)  # whatever size the archive claims
    except Exception as fault:  # of each decompressor, which has its own
        sources.note(f"{inside} is damaged: {fault or type(fault).__name__}")
        return limit  # it may have unpacked as much before it failed
    if len(content) > limit:
        sources.note(f"{inside} unpacks to more than {limit >> 20} MB: not read")
    else:
        sources.add(inside, content)
    return len(content)


class _Counted(io.RawIOBase):
    """What a decompressor gives, up to a bound."""

    def __init__(self, stream: io.BufferedIOBase | gzip.GzipFile | bz2.BZ2File, sources: Sources) -> None:
        self.stream, self.sources = stream, sources

    def read(self, size: int = -1) -> bytes:
        left = max(0, MAX_TAR - self.sources.streamed)
        content = self.stream.read(size if 0 <= size <= left else left + 1)
        self.sources.streamed += len(content)
        if self.sources.streamed > MAX_TAR:
            raise TooMuch(f"unpacks to more than {MAX_TAR >> 20} MB: the rest is not read")
        return content


def _read_tar(data: bytes, name: str, sources: Sources) -> None:
    raw = io.BytesIO(data)
    stream: io.BufferedIOBase | gzip.GzipFile | bz2.BZ2File = raw
    if data[:2] == b"\x1f\x8b":
        stream = gzip.GzipFile(fileobj=raw)
    elif data[:3] == b"BZh":
        stream = bz2.BZ2File(raw)
    with tarfile.open(fileobj=_Counted(stream, sources), mode="r|") as archive:
        for count, entry in enumerate(archive, start=1):
            if count > bounds.MAX_ENTRIES:
                raise TooMuch(f"has more than {bounds.MAX_ENTRIES} entries: the rest is not read")
            if sources.full:
                return
            if entry.isdir():
                continue
            inside = _inside(entry.name, sources)
            limit = None if inside is None else limit_of(inside.name)
            if inside is None or limit is None:
                continue
            if not entry.isfile():
                link = entry.issym() or entry.islnk()
                sources.note(
                    f"{inside} is {'a link: not followed' if link else 'not a plain file: not read'}"
                )
            elif entry.size > limit:
                sources.note(f"{inside} unpacks to more than {limit >> 20} MB: not read")
            else:
                content = archive.extractfile(entry)
                sources.add(inside, content.read() if content else b"")
