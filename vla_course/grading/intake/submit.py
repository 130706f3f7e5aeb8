"""`vla-course submit`: the exercise sources of this checkout in one zip, with what says where they come from.

The zip holds the day folders' Python files and `submission.json`; nothing else, so that what is graded is what
was written. The same sources give the same bytes, whenever and wherever they are packed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

import vla_course
from vla_course.course.checking.checking import check_all
from vla_course.course.errors import CourseError
from vla_course.course.helping.restoring import pristine
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.course.source.source import with_plain_ends
from vla_course.course.source.stubs import day_files
from vla_course.course.verdict import Verdict

NOTE = "submission.json"
FORMAT = 1
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip knows


@dataclass(frozen=True)
class ScoreOf:
    """What the shown tests gave to one exercise."""

    status: str
    points: float
    out_of: int


@dataclass(frozen=True)
class Packed:
    """What was packed, and where."""

    path: Path
    files: tuple[tuple[PurePosixPath, int], ...]
    untouched: tuple[PurePosixPath, ...]
    """files that are still as the course gave them"""
    score: dict[str, ScoreOf] | None

    @property
    def points(self) -> float:
        return sum(one.points for one in (self.score or {}).values())

    @property
    def out_of(self) -> int:
        return sum(one.out_of for one in (self.score or {}).values())


def release_of(root: CourseRoot) -> str:
    """A name for this state of the exercises: the manifest and the untouched stubs, twelve digits.

    Of their texts, whatever line ends git has given them here.
    """
    found = hashlib.sha256(root.manifest.read_text(encoding="utf-8").encode())
    tree = root.solutions if root.solutions.is_dir() else root.pristine_stubs
    for path in day_files(tree):
        found.update(f"\0{path}\0{pristine(root, path)}".encode())
    return found.hexdigest()[:12]


def pack(
    root: CourseRoot,
    out: Path,
    *,
    desk: Path | None = None,
    checked: bool = True,
    progress: Callable[[Iterator[Verdict], int], Iterable[Verdict]] = lambda verdicts, total: verdicts,
) -> Packed:
    """Write the zip; with `checked`, the unofficial score of the shown tests goes with it.

    `desk` is a tree of day folders; unset, the answers that `VLA_COURSE_EXERCISES` selects. `progress` may wrap
    the verdicts as they come, to show how far it is.
    """
    desk = desk or root.desk()
    sources = {path: (desk / path).read_bytes() for path in day_files(desk) if (desk / path).is_file()}
    if not sources:
        raise CourseError(
            f"{root.shorten(desk)} holds no exercises to pack: is this a checkout of the course?"
        )
    score = None
    if checked:
        verdicts = progress(check_all(root), len(load_manifest(root).exercises))
        score = {one.id: ScoreOf(one.status, one.points, one.out_of) for one in verdicts}
    note = {
        "format": FORMAT,
        "course": {"version": vla_course.__version__, "release": release_of(root)},
        "files": {
            str(path): {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for path, data in sources.items()
        },
        "unofficial_score": None if score is None else {name: asdict(one) for name, one in score.items()},
    }
    members = {NOTE: (json.dumps(note, indent=1, sort_keys=True) + "\n").encode()}
    members |= {str(path): data for path, data in sources.items()}
    write_bytes(out, zip_bytes(members))
    untouched = tuple(path for path, data in sources.items() if _is_pristine(root, path, data))
    sizes = tuple((path, len(data)) for path, data in sources.items())
    return Packed(out, sizes, untouched, score)


def zip_bytes(members: dict[str, bytes], executable: Iterable[str] = ()) -> bytes:
    """A zip whose bytes depend on its members only: no times, no compression that varies with the library."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(members.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def write_bytes(path: Path, data: bytes) -> None:
    """Write the whole file or leave the old one."""
    write_atomically(path, data.decode("utf-8", errors="surrogateescape"))


def _is_pristine(root: CourseRoot, path: PurePosixPath, data: bytes) -> bool:
    try:
        return pristine(root, path) == with_plain_ends(data.decode("utf-8-sig", errors="surrogateescape"))
    except CourseError:  # a file of the student's own
        return False


def print_packed(packed: Packed, root: CourseRoot) -> None:
    """Say what was packed, in a shell."""
    for path, size in packed.files:
        print(f"  {path}  {size} bytes{'  (as it was given)' if path in packed.untouched else ''}")
    print(f"packed {len(packed.files)} files into {root.shorten(packed.path.resolve())}")
    if packed.score is None:
        print("no score is in it (--no-check)")
    else:
        print(f"{packed.points:g} of {packed.out_of} points by the tests that you can see (unofficial)")
    if len(packed.untouched) == len(packed.files):
        print("note: nothing in it has been written by you yet")
