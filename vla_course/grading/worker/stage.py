"""The course as a worker sees it: the frame without tests or sources of answers, and a reference full of holes.

What the exercise being graded is built on is there (`needs.py`). Its own answer is `raise NotAttempted`, so that
nothing is gained by importing it, and so is every answer for an integration; the others are refused by name.
"""

from __future__ import annotations

import atexit
import compileall
import hashlib
import os
import py_compile
import shutil
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import vla_course
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import DAY_FOLDERS, CourseRoot
from vla_course.course.source.source import answers, lines_of, marked_functions, read_source
from vla_course.course.source.stubs import day_files
from vla_course.grading.walls.scratch import Scratch, seal, sweep
from vla_course.grading.worker.needs import Needs

WORKER_FILES = {
    (): {"__init__.py", "walls", "worker"},
    ("walls",): {"__init__.py", "calls.py", "kernel_filter.py", "landlock.py", "limits.py"},
    ("worker",): {"__init__.py", "tensors.py", "values.py", "wire.py", "worker.py"},
}
"""what of `grading/` a worker gets, by folder"""
FRAME_DATA = ("humanoid", "models")
"""the folders of `data/` that the frame reads"""
_PACKAGE = Path(vla_course.__file__).parent
_BYTECODE = py_compile.PycInvalidationMode.UNCHECKED_HASH
ALL = "all"
STAGE_VARIABLE = "VLA_COURSE_STAGE"


@dataclass(frozen=True)
class Stage:
    """A folder that holds the frame and one reference for each exercise."""

    folder: Path

    @property
    def course(self) -> Path:
        return self.folder / "course"

    def reference(self, hole: str) -> Path:
        """The compiled reference answers that this exercise is built on (`ALL`: not one)."""
        return self.folder / "references" / hole


def build_stage(root: CourseRoot, folder: Path) -> Stage:
    """Write the stage of that course into an empty folder."""
    stage = Stage(folder)
    _copy_frame(stage.course, root)
    needs = needs_of(root)
    for exercise in needs.exercises:
        compile_reference(stage.reference(exercise.id), needs.sources, exercise.id, needs.of(exercise.id))
    compile_reference(stage.reference(ALL), needs.sources, ALL, ())
    return stage


def needs_of(root: CourseRoot) -> Needs:
    """The solutions of that course, and which exercise is built on which."""
    sources = {path: read_source(root.solutions / path) for path in day_files(root.solutions)}
    return Needs(sources, load_manifest(root).exercises)


def reference_for(stage: Stage, needs: Needs, exercise: Exercise, desk: Path, own: Path) -> Path:
    """The reference for one answer in `desk`: the stage's, or one made in `own` where the answer is built on more.

    More is what its own file, or a helper of the student's beside it, imports of the exercises before it.
    """
    folder = desk / exercise.day.folder
    known = {path.name for path in needs.sources if path.parts[0] == exercise.day.folder} - {exercise.file}
    own_files = [path for path in folder.rglob("*.py") if path.name not in known]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in own_files]
    more = frozenset[str]().union(*(needs.imported_by(exercise.id, text) for text in texts))
    if more <= needs.of(exercise.id):
        return stage.reference(exercise.id)
    compile_reference(own, needs.sources, exercise.id, needs.of(exercise.id) | more)
    return own


_building = threading.Lock()
_stages: dict[tuple[Path, str], Stage] = {}


def stage_of(root: CourseRoot) -> Stage:
    """The stage of that course as it is now: made once while nothing in it changes, gone with this process.

    A process that starts graders hands its own stage on in `VLA_COURSE_STAGE`; one of another version is not used.
    """
    version = course_version(root)
    key = (root.folder, version)
    with _building:
        if key not in _stages and (handed_on := os.environ.get(STAGE_VARIABLE)):
            note = Path(handed_on, "version")
            if note.is_file() and note.read_bytes() == _note(key):
                _stages[key] = Stage(Path(handed_on))
        if key not in _stages:
            sweep()
            scratch = Scratch("stage")
            atexit.register(scratch.remove)
            _stages[key] = build_stage(root, scratch.folder)
            (scratch.folder / "version").write_bytes(_note(key))
            seal(scratch.folder)
        return _stages[key]


def _note(key: tuple[Path, str]) -> bytes:
    """What a stage says of itself: the folder of its course, in the system's own letters, and the version."""
    return os.fsencode(key[0]) + f"\n{key[1]}\n".encode()


def course_version(root: CourseRoot) -> str:
    """The package's version and a fingerprint of what decides a mark: manifest, answers, tests, frame, its data."""
    digest = hashlib.sha256()
    files = [root.manifest, *root.solutions.rglob("*.py"), *root.graded.rglob("*.py")]
    files += [path for path in _PACKAGE.rglob("*.py") if "exercises" not in path.relative_to(_PACKAGE).parts]
    for name in FRAME_DATA:
        files += [path for path in (root.folder / "data" / name).rglob("*") if path.is_file()]
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{vla_course.__version__}+{digest.hexdigest()[:12]}"


def _copy_frame(course: Path, root: CourseRoot) -> None:
    def not_for_workers(folder: str, names: list[str]) -> list[str]:
        parts = Path(folder).relative_to(_PACKAGE).parts
        match parts:
            case ():
                left_out = {"panels", "cli.py", "robot_cli.py", "doctor"}
            case ("exercises" | "reference",):
                left_out = set(names) - {"__init__.py"}
            case ("grading", *inside):
                left_out = set(names) - WORKER_FILES[tuple(inside)]
            case ("course", *_):
                left_out = {name for name in names if name == "edition" or Path(name).suffix not in ("", ".py")}
            case _:
                left_out = set()
        return [name for name in names if name in left_out or name == "__pycache__"]

    shutil.copytree(_PACKAGE, course / "vla_course", ignore=not_for_workers)
    (course / "data").mkdir()
    shutil.copy(root.manifest, course / "data" / "course.toml")
    for name in FRAME_DATA:
        if (root.folder / "data" / name).is_dir():
            shutil.copytree(root.folder / "data" / name, course / "data" / name)
    compileall.compile_dir(course, quiet=2, invalidation_mode=_BYTECODE, stripdir=str(course))


def compile_reference(
    folder: Path, sources: Mapping[PurePosixPath, str], hole: str, held: Collection[str]
) -> None:
    """Write a reference for that exercise, with those answers and no other, as bytecode."""
    for path, text in sources.items():
        target = folder / path.with_suffix(".pyc")
        target.parent.mkdir(parents=True, exist_ok=True)
        source = target.with_suffix(".source")
        source.write_text(with_holes(text, str(path), hole, held), encoding="utf-8")
        py_compile.compile(
            str(source), str(target), dfile=f"reference/{path}", doraise=True, invalidation_mode=_BYTECODE
        )
        source.unlink()


def with_holes(text: str, where: str, hole: str, held: Collection[str]) -> str:
    """The source as the worker of an exercise has it (`ALL`: of an integration): of the answers only those held."""
    lines = lines_of(text)
    blocks = answers(text, where)
    for marked in reversed(marked_functions(text, where)):
        if marked.id in held:
            continue
        empty = f'raise NotAttempted("{marked.id}")'
        if hole not in (marked.id, ALL):
            empty = f'raise LookupError("exercise {marked.id} is not there while {hole} is graded")'
        for answer in reversed(blocks):
            if marked.definition < answer.begin <= marked.last:
                opening = lines[answer.begin - 1]
                indent = opening[: len(opening) - len(opening.lstrip())]
                lines[answer.begin - 1 : answer.end] = [f"{indent}{empty}\n"]
    return "".join(lines)


def day_folders(tree: Path) -> list[Path]:
    """The real day folders of a tree: a link is none."""
    return sorted(path for path in tree.glob(DAY_FOLDERS) if path.is_dir() and not path.is_symlink())
