"""Names that people give: a student's name, perhaps a number, perhaps "late", perhaps a copy of a browser."""

from __future__ import annotations

import re

from vla_course.grading.intake.whose.named import Named
from vla_course.grading.intake.whose.names import readable, slug

SUFFIX = re.compile(
    r"\.(zip|tar|tar\.(gz|bz2|xz)|tgz|tbz2?|txz|gz|7z|rar|py|ipynb|pdf|html?|txt)$", re.IGNORECASE
)
# Names have "Late" in them: without brackets or underscores only small letters mark lateness.
_LATE = (
    re.compile(r"[\s._-]*[(\[](late|overdue|verspätet)[)\]][\s._-]*", re.IGNORECASE),
    re.compile(r"(?<=[^_])_LATE_|_LATE$"),
    re.compile(r"(^|[\s._-]+)(late|overdue|verspätet)($|[\s._-]+)"),
)
_PERHAPS_LATE = re.compile(r"[\s._-](late|overdue)$", re.IGNORECASE)
_COPIES = (
    re.compile(r"^(?P<rest>.+?) - (?:Copy|Kopie|Copie)(?: \((?P<count>\d{1,3})\))?$"),  # Windows
    re.compile(r"^(?P<rest>.+?)\s*\((?P<count>\d{1,3})\)$"),  # browsers
    re.compile(r"^(?P<rest>.+?) (?:copy|kopie)(?: (?P<count>\d{1,3}))?$"),  # a Mac
    re.compile(r"^Copy of (?P<rest>.+)$"),  # Google Drive
)
_NOISE = re.compile(r"[\s_-]*(vla[-_]course|submission|exercises)[\s_-]*", re.IGNORECASE)
_ID = re.compile(r"(?:^|[\s_-])(?P<id>[a-z]?\d{5,12})(?=$|[\s_-])", re.IGNORECASE)


def stem_of(name: str) -> str:
    """The name without what says of which kind the file is."""
    return SUFFIX.sub("", name)


def read_plain(name: str) -> Named:
    """Read a name that no platform made; what cannot be somebody's is kept as it is."""
    stem = stem_of(readable(name)).strip()
    rest, copy = without_copy_number(stem)
    late = False
    for pattern in _LATE:
        taken = pattern.sub(" ", rest)
        if taken != rest and slug(taken):
            rest, late = taken.strip(), True
    if late and not copy:  # `jane (1) (late)`
        rest, copy = without_copy_number(rest)
    found = _ID.search(rest)
    bare = _ID.sub(" ", rest) if found else rest
    person = re.sub(r"[\s_]+", " ", _NOISE.sub(" ", bare)).strip(" .-_")
    number = found["id"] if found else ""
    if not any(letter.isalpha() for letter in person):  # `submission_1` is called so, and not 1
        person = re.sub(r"[\s_]+", " ", bare).strip(" .-_") if slug(person) else ""
    if (
        not person and not number
    ):  # `submission (2)`: of somebody else than `submission (1)`, for all one knows
        return Named(stem, remark="the name says nobody's: it counts as one student")
    doubt = _PERHAPS_LATE.search(rest)
    remark = (
        f'"{doubt[1]}" is read as a part of the name and not as lateness: write "(late)" for that'
        if doubt
        else ""
    )
    return Named(person, number, late=late, copy=copy, remark=remark)


def without_copy_number(stem: str) -> tuple[str, int]:
    """The name before a browser, an explorer or a drive made a copy, and which copy it is (0: none)."""
    for pattern in _COPIES:
        if found := pattern.match(stem):
            count = found.groupdict().get("count")
            return found["rest"], int(count) if count else 1
    return stem, 0
