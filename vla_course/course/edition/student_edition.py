"""`vla-course release --student DIR`: what students get. Stubs, notebooks, shown tests, and no answer anywhere.

The reference comes as bytecode (`vla_course/reference/compiled`), which is what the frame and the notebooks run
on; untouched stubs for `reset` lie in `vla_course/reference/stubs`. Shown tests go out as they are. The edition is
written aside, scanned, and put in place only when nothing was found.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vla_course.course.edition.compiled import compile_source
from vla_course.course.edition.scan import scan
from vla_course.course.errors import CourseError, Unresolved
from vla_course.course.root import CourseRoot
from vla_course.course.source.leaks import ADVICE
from vla_course.course.source.source import read_source
from vla_course.course.source.stubs import day_files, generate

FILES = Path(__file__).with_name("files")

COPIED = (
    *("LICENSE", "pyproject.toml", "constraints.txt", ".gitattributes", ".gitignore", "Dockerfile", ".dockerignore"),
    *(".devcontainer", "binder", "data", "jupyter", "notebooks", "vla_course"),
)
SKIPPED_NAMES = {"__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".pytest_cache"}

# Parts of the package that students neither need nor get. Of grading they keep what packs a submission.
LEFT_OUT = (
    "vla_course/exercises/day*",
    "vla_course/reference/compiled",
    "vla_course/reference/stubs",
    "vla_course/grading/*",
    "vla_course/course/source/leaks.py",
    "vla_course/course/source/variants.py",
    "vla_course/course/edition",
)
KEPT = tuple(f"vla_course/grading/{path}" for path in ("__init__.py", "intake/__init__.py", "intake/submit.py"))

SHARED_SECTIONS = ("What you need", "On Binder")

MARK = ".vla_course_edition"  # says that a folder was written here, so that it may be replaced


@dataclass(frozen=True)
class Edition:
    """What was written."""

    folder: Path
    files: int


def write_student_edition(
    root: CourseRoot, target: Path, *, extra: Mapping[PurePosixPath, str] | None = None
) -> Edition:
    """Write the edition to `target`; an earlier edition there is replaced, anything else is left alone.

    `extra` are more files, such as those of a GitHub Classroom template. Raises `Unresolved` with every line of an
    answer that the scan found; nothing is written then.
    """
    if not root.solutions.is_dir():
        raise CourseError("this is a student edition already: release from the instructor's checkout")
    if target.exists() and any(target.iterdir()) and not (target / MARK).exists():
        raise CourseError(f"{target} is not empty and holds no student edition: name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".edition-") as scratch:
        folder = Path(scratch, "edition")
        folder.mkdir()
        _assemble(root, folder, extra or {})
        if leaks := scan(root, folder):
            raise Unresolved(
                f"the student edition would give answers away, so it was not written; {ADVICE}:", leaks
            )
        count = sum(path.is_file() for path in folder.rglob("*"))
        if target.exists():
            _replace(folder, target)
        else:
            folder.rename(target)
    return Edition(target, count)


def _replace(fresh: Path, target: Path) -> None:
    """Put the new edition where an earlier one is; its `.git` and `.venv` stay."""
    for path in target.iterdir():
        if path.name not in (".git", ".venv"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in fresh.iterdir():
        path.rename(target / path.name)


def _assemble(root: CourseRoot, folder: Path, extra: Mapping[PurePosixPath, str]) -> None:
    for path in _copied(root):
        _put(folder / path, (root.folder / path).read_bytes())
    for inside, text in generate(root).items():
        for tree in ("vla_course/exercises", "vla_course/reference/stubs"):
            _put(folder / tree / inside, text.encode())
    for inside in day_files(root.solutions):
        data = compile_source(read_source(root.solutions / inside))
        _put(folder / "vla_course/reference/compiled" / inside.with_suffix(".pyc"), data)
    shown = root.graded / "shown"
    for test in sorted(shown.rglob("*.py")):
        _put(folder / "tests/graded/shown" / test.relative_to(shown), test.read_bytes())
    _put(folder / "tests/test_edition.py", (FILES / "test_edition.py").read_bytes())
    _put(folder / "README.md", student_readme(root).encode())
    _put(folder / ".ci/run", (FILES / "ci_run").read_bytes(), executable=True)
    makefile = root.folder / "Makefile"
    if makefile.exists():
        _put(folder / "Makefile", student_makefile(makefile.read_text(encoding="utf-8")).encode())
    with (folder / ".gitignore").open("a", encoding="utf-8") as stream:
        stream.write(
            "\n# The compiled reference belongs to the course, whatever is ignored elsewhere.\n!*.pyc\n"
        )
    _put(folder / MARK, b"Written by `vla-course release --student`.\n")
    for inside, text in extra.items():
        _put(folder / inside, text.encode())


def _put(path: Path, data: bytes, *, executable: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if executable:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o444) >> 2)  # for whoever may read it


def _copied(root: CourseRoot) -> Iterator[PurePosixPath]:
    """What goes over as it is."""
    for name in COPIED:
        place = root.folder / name
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in found:
            inside = PurePosixPath(path.relative_to(root.folder).as_posix())
            if not path.is_file() or path.suffix == ".pyc" or SKIPPED_NAMES & set(inside.parts):
                continue
            if _left_out(inside) and str(inside) not in KEPT:
                continue
            yield inside


def _left_out(inside: PurePosixPath) -> bool:
    return any(place.match(pattern) for place in (inside, *inside.parents) for pattern in LEFT_OUT)


def student_readme(root: CourseRoot) -> str:
    """The students' README; what a machine needs stands in the course's own, once."""
    text = (FILES / "README.md").read_text(encoding="utf-8")
    own = root.folder / "README.md"
    course = own.read_text(encoding="utf-8") if own.exists() else ""
    for title in SHARED_SECTIONS:
        section = re.search(rf"^## {title}\n.*?(?=^## )", course, flags=re.MULTILINE | re.DOTALL)
        if own.exists() and not section:
            raise CourseError(f'README.md: expected a section "## {title}", which the student edition takes over')
        text = text.replace(f"<!-- {title} -->\n\n", section[0] if section else "")
    return text


def student_makefile(text: str) -> str:
    """The Makefile with the students' targets: set-up is the same, the authors' part makes way for a short proof."""
    begin, end = text.find("##@ Authors and instructors"), text.find("# What `setup` makes")
    if not 0 < begin < end:
        raise CourseError(
            'Makefile: expected "##@ Authors and instructors" and, below it, "# What `setup` makes": '
            "the student edition is cut there"
        )
    head = text[:begin].replace("; the folders are told in docs/architecture.md", "")
    return head + (FILES / "targets.mk").read_text(encoding="utf-8") + text[end:]


def print_edition(edition: Edition) -> None:
    """Say what was written, in a shell."""
    print(
        f"wrote the student edition to {edition.folder}: {edition.files} files, no line of an answer in any of them"
    )
