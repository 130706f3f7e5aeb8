"""A folder of submissions, and what becomes of what lies in it."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pytest

from tests.course.conftest import SCALE, STATS
from tests.course.conftest import course as small_course
from vla_course.course.manifest import load_manifest
from vla_course.grading.intake.intake import collect
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.submit import release_of, write_bytes, zip_bytes

course = small_course
STATS_PATH, SCALE_PATH = PurePosixPath("day1_numbers/stats.py"), PurePosixPath("day1_numbers/scale.py")
GOOD = {"day1_numbers/stats.py": STATS.encode(), "day1_numbers/scale.py": SCALE.encode()}


@dataclass
class Inbox:
    """The folder `place`, and what was said about the class when it was last taken in."""

    course: object
    place: Path
    said: list[str] = field(default_factory=list)

    def zip(self, name: str, members: dict[str, bytes] = GOOD) -> Path:
        write_bytes(self.place / name, zip_bytes(members))
        return self.place / name

    def file(self, name: str, data: bytes = b"%PDF-1.7") -> Path:
        write_bytes(self.place / name, data)
        return self.place / name

    def take(self, **options) -> dict[str, Submission]:
        """Every submission by key."""
        self.said.clear()
        root = self.course.root
        found = collect(self.place, load_manifest(root), release_of(root), say=self.said.append, **options)
        assert len({one.key for one in found}) == len(found)
        return {one.key: one for one in found}


@pytest.fixture
def inbox(course, tmp_path) -> Inbox:
    place = tmp_path / "submissions"
    place.mkdir()
    return Inbox(course, place)
