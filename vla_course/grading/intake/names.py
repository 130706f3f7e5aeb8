"""Who handed a file in: student, id and lateness, read from the names that learning platforms give to files."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Canvas: doejane_LATE_1234_56789_submission-2.zip; the digits are the user's id and the attachment's.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")
# Moodle: Jane Doe_123456_assignsubmission_file_ as a folder, or in front of the file's own name.
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_?(?P<file>.*)")
_LATE = re.compile(r"[\s._-]*[(\[]?\b(late|overdue|verspätet)\b[)\]]?[\s._-]*", re.IGNORECASE)
_AGAIN = re.compile(r"-(\d{1,2})$")  # Canvas numbers the attempts; elsewhere, student-2 is another student
_NOISE = re.compile(r"[\s_-]*(vla[-_]course|submission|exercises)[\s_-]*", re.IGNORECASE)
_ID = re.compile(r"(?:^|[\s_-])(?P<id>[a-z]?\d{5,12})(?=$|[\s_-])", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """What a name tells: `name` as a person reads it, `id` as the platform knows the student (or nothing)."""

    name: str
    id: str = ""
    late: bool = False
    attempt: int = 0
    file: str = ""
    """the file's own name before the platform put the student's in front of it"""
    platform: str = ""

    @property
    def key(self) -> str:
        """One word for the student, for file names and tables."""
        return "-".join(filter(None, [slug(self.name), slug(self.id)])) or "unnamed"


def read_name(name: str) -> Named:
    """Read a file's or a folder's name; one that fits no platform is the student's name itself."""
    stem = re.sub(r"\.(zip|py|rar|7z|tgz|tar|tar\.gz|ipynb|pdf)$", "", name, flags=re.IGNORECASE)
    if moodle := _MOODLE.fullmatch(stem):
        return Named(moodle["name"].strip(), moodle["id"], platform="Moodle", file=moodle["file"])
    if canvas := _CANVAS.fullmatch(stem):
        file, attempt = _without_attempt(canvas["file"])
        return Named(canvas["name"], canvas["id"], bool(canvas["late"]), attempt, file, "Canvas")
    late = _LATE.search(stem) is not None
    rest = _LATE.sub(" ", stem)
    found = _ID.search(rest)
    rest = _ID.sub(" ", rest) if found else rest
    person = re.sub(r"[\s_]+", " ", _NOISE.sub(" ", rest)).strip(" .-_")
    number = found["id"] if found else ""
    return Named(person or ("" if number else stem.strip()), number, late)


def slug(text: str) -> str:
    """Small letters, digits and hyphens; letters of any script stay."""
    return re.sub(r"[^\w]+|_+", "-", text.casefold()).strip("-")


def _without_attempt(stem: str) -> tuple[str, int]:
    """The name without the number that a second upload puts behind it."""
    found = _AGAIN.search(stem)
    return (stem[: found.start()], int(found[1])) if found else (stem, 0)
