"""Where in a submission the exercises lie: the day folders, wherever they are, and what looks like one but is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from vla_course.course.manifest import Manifest
from vla_course.grading.intake.contents.sources import Sources
from vla_course.grading.intake.whose.plain import without_copy_number

# Not where students write: taken only where the submission holds nothing of the course itself.
DOUBTFUL = {"solutions", "reference", "tests", "build", "backups"}
_NUMBERED = re.compile(
    r"^(?P<rest>.+?)(?:[ _-]\d{1,2}|[ _-]?copy|[ _-]?kopie|[ _-](?:old|new|final|backup))$", re.IGNORECASE
)

Files = dict[PurePosixPath, bytes]


def locate(sources: Sources, manifest: Manifest) -> Files:
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
    found = {
        inside: data
        for path, data in sorted(python.items())
        if path.is_relative_to(best) and (inside := path.relative_to(best)).parts[0] in days
    }
    exercises = {best / exercise.path for exercise in manifest.exercises}
    left = {path: data for path, data in python.items() if path not in exercises}
    _note_copies(left, sources, manifest)
    return _without_files_as_folders(found, sources)


def _without_files_as_folders(found: Files, sources: Sources) -> Files:
    """Less what lies below a file: an archive may say so, a folder cannot be made of it."""
    kept = {path: data for path, data in found.items() if not any(parent in found for parent in path.parents)}
    for path in sorted(found.keys() - kept.keys()):
        sources.note(f"{path} lies below a file: not read")
    return kept


def _by_file_name(python: Mapping[PurePosixPath, bytes], sources: Sources, manifest: Manifest) -> Files:
    """Files that lie in no day folder, put where a file of that name belongs."""
    homes: dict[str, set[PurePosixPath]] = {}
    for exercise in manifest.exercises:
        homes.setdefault(exercise.file, set()).add(exercise.path)
    found: Files = {}
    moved: list[PurePosixPath] = []
    for path, data in sorted(python.items()):
        home = homes.get(path.name, set())
        if len(home) == 1:
            (place,) = home
            if place in found:
                sources.note(f"{path.name} is there more than once: {path} is not graded")
                continue
            moved.append(path)
            found[place] = data
    if moved:
        folders = ", ".join(sorted({str(place.parent) for place in found}))
        sources.note(f"in no day folder, taken for files of {folders}: {', '.join(map(str, moved))}")
    _note_copies({path: data for path, data in python.items() if path not in moved}, sources, manifest)
    if not found:
        held = (
            f"it holds {', '.join(str(path) for path in sorted(python)[:3])}" if python else "it holds none"
        )
        sources.note(f"no exercise file was found: {held}, expected such as {manifest.exercises[0].path}")
    return found


def _note_copies(python: Mapping[PurePosixPath, bytes], sources: Sources, manifest: Manifest) -> None:
    """Say which files are an exercise's but for what a copy is called by: they are not graded."""
    days = {day.folder for day in manifest.days}
    names = {exercise.file for exercise in manifest.exercises}
    copies: list[PurePosixPath] = []
    meant: list[str] = []
    for path in sorted(python):
        if DOUBTFUL & set(path.parts):
            continue
        wanted = [like(part, days) for part in path.parts[:-1]]
        file = like(path.name, names)
        if path.name not in names and file:
            copies.append(path)
            meant.append(file)
        elif path.name in names and not days & set(path.parts) and any(wanted):
            copies.append(path)
            meant.append(next(day for day in wanted if day))
    if copies:
        listed = ", ".join(map(str, copies[:3])) + (f" and {len(copies) - 3} more" if len(copies) > 3 else "")
        sources.note(f"not graded, as no exercise is called so: {listed} (meant for {_names(meant)}?)")


def _names(meant: Sequence[str]) -> str:
    return ", ".join(sorted(set(meant))[:4])


def like(name: str, wanted: set[str]) -> str:
    """Which of the wanted names this one is but for a copy's number or word, or capitals; nothing where it is none."""
    if name in wanted:
        return ""
    stem, dot, suffix = name.rpartition(".") if name.endswith((".py", ".PY", ".Py")) else (name, "", "")
    small = {each.casefold(): each for each in wanted}
    for candidate in _originals(stem.strip()):
        if found := small.get(f"{candidate}{dot}{suffix}".casefold()):
            return found
    return ""


def _originals(stem: str) -> list[str]:
    """The names that this one may be a copy's of."""
    found = [stem]
    for _ in range(3):  # `com (1) - Copy`
        rest, _copy = without_copy_number(found[-1])
        numbered = _NUMBERED.match(rest)
        rest = numbered["rest"] if rest == found[-1] and numbered else rest
        if rest == found[-1]:
            break
        found.append(rest.strip())
    return found
