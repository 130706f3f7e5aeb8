"""How learning platforms name what they hand over: one small reader each, tried by what the export is as a whole.

Whatever a student may choose - the name of the file that was uploaded - comes last in such a name. So a reader takes
the first place that fits, and of several readers the one that most of the export was named by: no file's own name
can pass for another platform's and bring an id, an attempt or a time of its own.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from vla_course.grading.intake.contents.files import NotRead, read_file
from vla_course.grading.intake.whose.named import Named
from vla_course.grading.intake.whose.names import readable
from vla_course.grading.intake.whose.plain import read_plain

Reader = Callable[[str, bool], tuple[int, Named] | None]
"""Reads a name (and whether it is a folder's); gives the place at which the id stands, and what it says."""

# lib/content_zipper.rb of canvas-lms: the name in small letters, LATE, the user's id, the attachment's, the file's.
_CANVAS = re.compile(
    r"(?:(?P<name>[^\sA-Z()-]+?)_)?(?P<late>LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)\.html))"
)
# mod/assign/locallib.php of Moodle: underscores of a name are written as spaces.
_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = (
    rf"(?P<month>{'|'.join(_MONTHS)})[a-z]* (?P<day>\d{{1,2}}), (?P<year>\d{{4}}) "
    r"(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?: (?P<half>[AP]M))?"
)
# `397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM`, as a folder or in front of a file's name.
_BRIGHTSPACE_FOLDER = re.compile(rf"(?P<id>\d+)-\d+ - (?P<name>.+) ?- ?{_DATE}")
_BRIGHTSPACE_FILE = re.compile(rf"(?P<id>\d+)-\d+ - (?P<name>.+?) ?- ?{_DATE} ?- ?(?P<file>.+)")
_BLACKBOARD = re.compile(
    r"(?P<front>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<told>\.txt))?", re.DOTALL
)
MAX_TOLD = 2**20  # bytes of the note that Blackboard writes about a file
_BLACKBOARD_TOLD = re.compile(r"\s*Name:[ \t]*(?P<name>.*?)[ \t]*\((?P<id>[^()\n]+)\)[ \t]*\r?\n")


def _canvas(name: str, folder: bool) -> tuple[int, Named] | None:
    found = _CANVAS.fullmatch(name)
    if not found or folder:
        return None
    number = int(found["attachment"] or 0)
    who = found["name"] or ("" if found["id"].isdigit() else found["id"])
    if not who:
        return None
    named = Named(
        who,
        found["id"].removeprefix("anon_"),
        "Canvas",
        late=bool(found["late"]),
        order=number,
        file=found["file"] or "",
        text=bool(found["typed"]),
    )
    return found.start("id"), named


def _moodle(name: str, folder: bool) -> tuple[int, Named] | None:
    found = _MOODLE.fullmatch(name)
    if not found:
        return None
    typed = found["kind"] != "file"
    return found.start("id"), Named(
        found["name"].strip(), found["id"], "Moodle", file=found["file"] or "", text=typed
    )


def _brightspace(name: str, folder: bool) -> tuple[int, Named] | None:
    found = (_BRIGHTSPACE_FOLDER if folder else _BRIGHTSPACE_FILE).fullmatch(name)
    if not found:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "PM" else 0)
    time = _time(found["year"], _MONTHS.index(found["month"]) + 1, found["day"], hour, found["minute"])
    if time is None:
        return None
    file = found["file"] if not folder else ""
    attempt = time.isoformat()
    return 0, Named(
        found["name"].strip(), found["id"], "Brightspace", attempt=attempt, file=file, submitted=time
    )


def _blackboard(name: str, folder: bool) -> tuple[int, Named] | None:
    found = _BLACKBOARD.fullmatch(name)
    if not found or folder or "_" not in found["front"]:
        return None
    time = _time(*found["time"].split("-"))
    if time is None:
        return None
    named = Named(
        found["front"],
        found["front"],
        "Blackboard",
        attempt=found["time"],
        file=found["file"] or "",
        text=not found["file"],
        submitted=time,
    )
    return found.start("time"), named


def _time(*parts: str | int) -> datetime.datetime | None:
    try:
        return datetime.datetime(*(int(part) for part in parts))  # type: ignore[arg-type]
    except ValueError:  # a 31st of February: no platform wrote that
        return None


READERS: dict[str, Reader] = {
    "Canvas": _canvas,
    "Moodle": _moodle,
    "Brightspace": _brightspace,
    "Blackboard": _blackboard,
}


def read_export(paths: Sequence[Path]) -> list[Named]:
    """What each of these names tells, in their order."""
    names = [(readable(path.name), path.is_dir()) for path in paths]
    read = [
        {platform: told for platform, reader in READERS.items() if (told := reader(name, folder)) is not None}
        for name, folder in names
    ]
    counts = Counter(platform for each in read for platform in each)
    found = []
    for path, each in zip(paths, read, strict=True):
        if each:
            platform = min(each, key=lambda one: (-counts[one], each[one][0]))
            found.append(each[platform][1])
        else:
            found.append(_classroom(path) or read_plain(path.name))
    return _with_usernames(_with_real_numbers(found), paths)


def _classroom(path: Path) -> Named | None:
    """GitHub Classroom clones are `task-submissions/task-student`."""
    task = path.parent.name.removesuffix("-submissions")
    if not path.is_dir() or task == path.parent.name or not path.name.startswith(f"{task}-"):
        return None
    login = readable(path.name.removeprefix(f"{task}-"))
    return Named(login, platform="GitHub Classroom")


def _with_real_numbers(found: Iterable[Named]) -> list[Named]:
    """Brightspace's number taken away where several people have the same: then it is not theirs."""
    found = list(found)
    people = {(one.id, one.name) for one in found if one.platform == "Brightspace"}
    shared = max(Counter(number for number, _ in people).values(), default=1) > 1
    return [replace(one, id="") if shared and one.platform == "Brightspace" else one for one in found]


def _with_usernames(found: Sequence[Named], paths: Sequence[Path]) -> list[Named]:
    """Blackboard's `assignment_username` taken apart: by the note that lies beside, or by what all have in common."""
    fronts = [one.name for one in found if one.platform == "Blackboard"]
    if not fronts:
        return list(found)
    told = dict(
        pair
        for one, path in zip(found, paths, strict=True)
        if one.platform == "Blackboard" and one.text
        for pair in _told(one.name, path)
    )
    ends = {front[: -len(number)] for front, (_, number) in told.items()}
    start = len(ends.pop()) if len(ends) == 1 else _in_common(fronts).rfind("_") + 1
    read = []
    for one in found:
        if one.platform != "Blackboard":
            read.append(one)
            continue
        name, number = told.get(one.name, ("", one.name[start:]))
        read.append(replace(one, name=name or number, id=number))
    return read


def _in_common(fronts: Sequence[str]) -> str:
    """With what all of them begin, letter by letter."""
    first, last = min(fronts), max(fronts)
    differing = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differing, len(first))]


def _told(front: str, path: Path) -> Iterable[tuple[str, tuple[str, str]]]:
    """Name and username from the first line that Blackboard writes, before anything that a student may write."""
    try:
        text = read_file(path, MAX_TOLD).decode("utf-8-sig", errors="replace")
    except NotRead:
        return
    found = _BLACKBOARD_TOLD.match(text)
    if found and front.endswith(f"_{readable(found['id'])}"):
        yield front, (readable(found["name"]).strip(), readable(found["id"]))
