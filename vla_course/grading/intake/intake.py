"""Taking a class's submissions in: any mix of zips, folders and clones becomes one plain record a student.

A submission is held in memory as the Python files of its day folders. What is wrong with it is noted in plain
words and goes into that student's verdict; nothing that anybody hands in stops the class.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Manifest
from vla_course.course.root import DAY_FOLDERS
from vla_course.grading.intake.contents.archives import holds_several
from vla_course.grading.intake.handed_in import Intake
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.whose.entries import Say, Student, as_one, by_person, entries_of
from vla_course.grading.intake.whose.gradescope_export import METADATA
from vla_course.grading.intake.whose.names import bounded, digest


def collect(
    place: Path,
    manifest: Manifest,
    release: str,
    *,
    counting: Collection[str] = (),
    say: Say = lambda remark: None,
) -> list[Submission]:
    """Every submission found there, one a student, sorted by key.

    Args:
        place: a folder of submissions, or one submission: an archive, or a folder that holds day folders.
        manifest: the exercises there are.
        release: names the exercises that are graded, to tell who worked on older ones.
        counting: ids of the exercises that count; none named: all.
        say: told what is odd about the class as a whole, a sentence each.

    Raises:
        CourseError: there is nothing, or something that has to be unpacked first.
    """
    if not place.exists():
        raise CourseError(f"{place} is not there: name the folder that holds the submissions")
    if place.is_file() and holds_several(place):
        raise CourseError(f"{place.name} holds several submissions: unpack it, and name the folder")
    entries = [as_one(place)] if not place.is_dir() or _is_one(place) else entries_of(place, say)
    if not entries:
        raise CourseError(f"{place} holds no submissions: put the zips or folders of the submissions into it")
    intake = Intake(manifest, release, counting)
    return [intake.submission(student) for student in by_person(entries, say)]


def read_submission(place: Path, manifest: Manifest, release: str) -> Submission:
    """What lies there as one submission, however the files lie in it."""
    entry = as_one(place)
    key = entry.named.key or bounded(f"unnamed-{digest(place.name)}")
    return Intake(manifest, release).submission(Student(key, (entry,)))


def _is_one(folder: Path) -> bool:
    return not (folder / METADATA).exists() and any(
        next(tree.glob(DAY_FOLDERS), None) is not None
        for tree in (folder, folder / "vla_course" / "exercises")
    )
