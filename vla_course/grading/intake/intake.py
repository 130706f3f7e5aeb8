"""Taking a class's submissions in: any mix of zips, folders and clones becomes one plain record a student.

A submission is held in memory as the Python files of its day folders. What is wrong with it is noted in plain
words and goes into that student's verdict; nothing that anybody hands in stops the class.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Manifest
from vla_course.course.root import DAY_FOLDERS
from vla_course.grading.intake.names import Named, read_name
from vla_course.grading.intake.sources import Sources, holds_several, read_any
from vla_course.grading.intake.submit import NOTE

# Not where students write: taken only where the submission holds nothing of the course itself.
DOUBTFUL = {"solutions", "reference", "tests", "build", "backups"}
EARLIEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the files that are graded, and all that is known around them."""

    key: str
    name: str
    id: str
    source: str
    """the file or folder that it was read from"""
    files: Mapping[PurePosixPath, bytes] = field(repr=False)
    """by their path below the exercises, such as `day3_humanoid_balance/zmp.py`"""
    notes: tuple[str, ...] = ()
    late_marker: bool = False
    """whether the platform wrote "late" into the name"""
    modified: datetime.datetime | None = None
    """when the file was last written, on this machine"""
    claimed: float | None = None
    """the unofficial score that it came with"""
    platform: str = ""
    """which learning platform gave the files their names, if one did"""
    originals: tuple[str, ...] = ()
    """the files as they were handed in, by those names"""
    notebooks: Mapping[PurePosixPath, str] = field(default_factory=dict, repr=False)
    """the code in the notebooks that came along, which may hold answers"""
    alias: str = ""
    """what stands in place of key and name while marking is anonymous"""

    @property
    def content(self) -> str:
        """A hash of what is graded: equal for equal files, whoever handed them in."""
        found = hashlib.sha256()
        for path, data in sorted(self.files.items()):
            found.update(f"{path}\0{len(data)}\0".encode())
            found.update(data)
        return found.hexdigest()

    def text(self, path: PurePosixPath) -> str:
        return self.files[path].decode("utf-8", errors="replace").replace("\r\n", "\n")

    def write(self, folder: Path) -> Path:
        """Write the files below `folder`; returns it."""
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder


def collect(
    place: Path, manifest: Manifest, release: str, counted: Iterable[str] | None = None
) -> list[Submission]:
    """Every submission found there, one a student, sorted by key.

    Args:
        place: a folder of submissions, or one submission: a zip, or a folder that holds day folders.
        manifest: knows the exercises and their files.
        release: names the exercises that are graded, to tell who worked on older ones.
        counted: ids of the exercises that count, all where None: nobody is told of other files that are missing.

    Raises:
        CourseError: where nothing is there.
    """
    wanted = _files_of(manifest, counted)
    if not place.exists():
        raise CourseError(f"{place} is not there: name the folder that holds the submissions")
    if place.is_file() and holds_several(place):
        raise CourseError(f"{place.name} holds several submissions: unpack it, and name the folder")
    entries = [place] if place.is_file() or _is_one(place) else _entries(place)
    if not entries:
        raise CourseError(f"{place} is empty: put the zips or folders of the submissions into it")
    found: dict[str, list[tuple[Named, Submission]]] = {}
    for named, paths in _by_student(entries):
        submission = _read(named, paths, manifest, release, wanted)
        found.setdefault(submission.key, []).append((named, submission))
    return [_newest(several) for _, several in sorted(found.items())]


def read_submission(place: Path, manifest: Manifest, release: str) -> Submission:
    """What lies there as one submission, however the files lie in it."""
    return _read(_named(place), [place], manifest, release, _files_of(manifest, None))


def _files_of(manifest: Manifest, counted: Iterable[str] | None) -> list[PurePosixPath]:
    """The files in which those exercises are written."""
    chosen = None if counted is None else set(counted)
    return sorted({one.path for one in manifest.exercises if chosen is None or one.id in chosen})


def _is_one(folder: Path) -> bool:
    return any(
        next(tree.glob(DAY_FOLDERS), None) is not None for tree in (folder, folder / "vla_course" / "exercises")
    )


def _entries(place: Path) -> list[Path]:
    """What lies in the folder and could be a submission."""
    names = sorted(path for path in place.iterdir() if not path.name.startswith((".", "__MACOSX")))
    aside = (".toml", ".csv", ".md", ".txt")  # what instructors keep beside the submissions
    return [path for path in names if path.is_dir() or path.suffix.lower() not in aside]


def _by_student(entries: Iterable[Path]) -> Iterator[tuple[Named, list[Path]]]:
    """The entries with whom they belong to; single Python files of one student belong together."""
    loose: dict[str, tuple[Named, list[Path]]] = {}
    for path in entries:
        named = _named(path)
        if path.suffix.lower() == ".py" and path.is_file() and named.platform:
            loose.setdefault(named.key, (named, []))[1].append(path)
        else:
            yield named, [path]
    yield from loose.values()


def _named(path: Path) -> Named:
    """GitHub Classroom clones are `task-submissions/task-student`; all else says itself whose it is."""
    task = path.parent.name.removesuffix("-submissions")
    if path.is_dir() and task != path.parent.name and path.name.startswith(f"{task}-"):
        return replace(read_name(path.name.removeprefix(f"{task}-")), platform="GitHub Classroom")
    return read_name(path.name)


def _newest(several: list[tuple[Named, Submission]]) -> Submission:
    """The latest attempt of a student who handed in more than once."""
    several.sort(key=lambda one: (one[0].attempt, one[1].modified or EARLIEST))
    _, last = several[-1]
    earlier = [submission.source for _, submission in several[:-1]]
    if not earlier:
        return last
    note = f"handed in {len(several)} times: {last.source} is graded, not {', '.join(earlier)}"
    return replace(last, notes=(*last.notes, note))


def _read(
    named: Named, paths: list[Path], manifest: Manifest, release: str, expected: Iterable[PurePosixPath]
) -> Submission:
    sources = Sources()
    for path in paths:
        try:
            read = read_any(path)
        except OSError as fault:
            read = Sources(notes=[f"{path.name} cannot be read: {fault.strerror}"])
        if len(paths) == 1:
            sources = read
        else:  # loose files: each under the name that the student gave it
            for inside, data in read.files.items():
                sources.add(PurePosixPath(_named(path).file or inside.name).with_suffix(".py"), data)
            sources.notebooks |= read.notebooks
            sources.notes += read.notes
    files = locate(sources, manifest)
    claimed = _compare_with_note(sources, files, release)
    for wanted in expected if files else ():
        if wanted not in files:
            sources.note(f"{wanted} is missing")
    times = [path.lstat().st_mtime for path in paths if path.exists()]
    return Submission(
        key=named.key,
        name=named.name or named.id,
        id=named.id,
        source=paths[0].name if len(paths) == 1 else f"{len(paths)} files such as {paths[0].name}",
        files=files,
        notes=tuple(sources.notes),
        late_marker=named.late,
        modified=datetime.datetime.fromtimestamp(max(times), datetime.UTC) if times else None,
        claimed=claimed,
        platform=named.platform,
        originals=tuple(path.name for path in paths),
        notebooks=sources.notebooks,
    )


def locate(sources: Sources, manifest: Manifest) -> dict[PurePosixPath, bytes]:
    """The files of the day folders, wherever in the submission those lie; notes what was unexpected."""
    python = {path: data for path, data in sources.files.items() if path.suffix.lower() == ".py"}
    days = {day.folder for day in manifest.days}
    trees: dict[PurePosixPath, int] = {}
    for path in python:
        for depth, part in enumerate(path.parts[:-1]):
            if part in days:
                tree = PurePosixPath(*path.parts[:depth])
                trees[tree] = trees.get(tree, 0) + 1
    whole = any("vla_course" in path.parts for path in python)
    doubtful = {tree for tree in trees if DOUBTFUL & set(tree.parts)}
    candidates = [tree for tree in trees if tree not in doubtful] or ([] if whole else sorted(doubtful))
    if not candidates:
        return _by_file_name(python if not whole else {}, sources, manifest)

    def rank(tree: PurePosixPath) -> tuple[bool, int, int, str]:
        return tree.parts[-2:] != ("vla_course", "exercises"), -trees[tree], len(tree.parts), str(tree)

    best = min(candidates, key=rank)
    if best.parts and best.parts[-1] != "exercises":
        sources.note(f"the exercises lie in {best}: expected them at the top")
    for other in sorted(set(candidates) - {best}):
        sources.note(f"there are exercises in {best} and in {other}: the first are graded")
    return {
        inside: data
        for path, data in sorted(python.items())
        if path.is_relative_to(best) and (inside := path.relative_to(best)).parts[0] in days
    }


def _by_file_name(
    python: Mapping[PurePosixPath, bytes], sources: Sources, manifest: Manifest
) -> dict[PurePosixPath, bytes]:
    """Files that lie in no day folder, put where a file of that name belongs."""
    homes: dict[str, set[PurePosixPath]] = {}
    for exercise in manifest.exercises:
        homes.setdefault(exercise.file, set()).add(exercise.path)
    found: dict[PurePosixPath, bytes] = {}
    moved: list[str] = []
    for path, data in sorted(python.items()):
        home = homes.get(path.name, set())
        if len(home) == 1:
            (place,) = home
            if place in found:
                sources.note(f"{path.name} is there more than once: {path} is not graded")
                continue
            moved.append(str(path))
            found[place] = data
    if moved:
        folders = ", ".join(sorted({str(place.parent) for place in found}))
        sources.note(f"in no day folder, taken for files of {folders}: {', '.join(moved)}")
    if not found:
        held = f"it holds {', '.join(str(path) for path in sorted(python)[:3])}" if python else "it holds none"
        sources.note(f"no exercise file was found: {held}, expected such as {manifest.exercises[0].path}")
    return found


def _compare_with_note(sources: Sources, files: Mapping[PurePosixPath, bytes], release: str) -> float | None:
    """Check the packing note; returns the unofficial score that it claims."""
    written = next((data for path, data in sources.files.items() if path.name == NOTE), None)
    if written is None:
        return None
    try:
        note = json.loads(written)
        other = note["course"]["release"]
        hashes = {PurePosixPath(path): str(about["sha256"]) for path, about in note["files"].items()}
        score = note["unofficial_score"]
        claimed = None if score is None else float(sum(one["points"] for one in score.values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sources.note(f"{NOTE} is not what `vla-course submit` writes: ignored")
        return None
    if other != release:
        sources.note(f"packed from release {other!s:.20} of the exercises, graded as {release}")
    for path, digest in sorted(hashes.items()):
        if path in files and hashlib.sha256(files[path]).hexdigest() != digest:
            sources.note(f"{path} was changed after `vla-course submit`")
    return claimed if claimed is not None and math.isfinite(claimed) else None
