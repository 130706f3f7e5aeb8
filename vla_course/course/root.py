"""Where the rooms of the course are on disk, and whose answers run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.errors import CourseError

ROOT_VARIABLE = "VLA_COURSE_ROOT"
EXERCISES_VARIABLE = "VLA_COURSE_EXERCISES"
ISOLATE_VARIABLE = "VLA_COURSE_ISOLATE"

DAY_FOLDERS = "day[0-9]*_*"


@dataclass(frozen=True)
class CourseRoot:
    """One checkout of the course; every path of the course is asked here.

    `VLA_COURSE_ROOT` names another checkout (tests build small ones); unset, it is this package's own.
    """

    folder: Path

    @classmethod
    def current(cls) -> CourseRoot:
        chosen = os.environ.get(ROOT_VARIABLE)
        return cls(Path(chosen).resolve() if chosen else Path(__file__).resolve().parents[2])

    @property
    def manifest(self) -> Path:
        return self.folder / "data" / "course.toml"

    @property
    def solutions(self) -> Path:
        return self.folder / "solutions"

    @property
    def stubs(self) -> Path:
        return self.folder / "vla_course" / "exercises"

    @property
    def compiled_reference(self) -> Path:
        """The reference of the student edition, which holds no sources."""
        return self.folder / "vla_course" / "reference" / "compiled"

    @property
    def pristine_stubs(self) -> Path:
        """Untouched stubs of the student edition, which cannot generate them."""
        return self.folder / "vla_course" / "reference" / "stubs"

    @property
    def notebooks(self) -> Path:
        return self.folder / "notebooks"

    @property
    def graded(self) -> Path:
        return self.folder / "tests" / "graded"

    @property
    def state(self) -> Path:
        """What the course remembers about this student; ignored by git."""
        return self.folder / ".vla_course"

    @property
    def reference(self) -> Path:
        return self.solutions if self.solutions.is_dir() else self.compiled_reference

    def desk(self) -> Path:
        """The folder whose day folders run as `vla_course.exercises`, as `VLA_COURSE_EXERCISES` says.

        Unset: the stubs; `solutions`: the reference answers; a folder: a submission, which is either the tree
        of day folders itself or a checkout of the course that holds it.
        """
        choice = os.environ.get(EXERCISES_VARIABLE)
        if not choice:
            return self.stubs
        if choice == "solutions":
            if not self.solutions.is_dir():
                raise CourseError(
                    f'{EXERCISES_VARIABLE} is "solutions", but this edition holds none: unset it'
                )
            return self.solutions
        folder = Path(choice).expanduser().resolve()
        if not folder.is_dir():
            raise CourseError(
                f'{EXERCISES_VARIABLE} is "{choice}": no such folder; expected "solutions" or a submission'
            )
        for candidate in (folder, folder / "vla_course" / "exercises", folder / "exercises"):
            if any(candidate.glob(DAY_FOLDERS)):
                return candidate
        raise CourseError(
            f'{EXERCISES_VARIABLE} is "{choice}": it holds no day folder such as day3_humanoid_balance'
        )

    def at_desk(self) -> bool:
        """Whether the answers that run are those of the student who works in this checkout."""
        return self.desk() == self.stubs

    def shorten(self, path: Path) -> str:
        """The path as one would type it from the root of the course, where it lies inside."""
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)
