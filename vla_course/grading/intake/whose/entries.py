"""What lies in a folder of submissions: what is somebody's, whose it is, and what is only lying there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vla_course.grading.intake.contents.sources import is_archive
from vla_course.grading.intake.whose import gradescope_export
from vla_course.grading.intake.whose.named import Named
from vla_course.grading.intake.whose.names import bounded, digest, readable, slug
from vla_course.grading.intake.whose.platforms import read_export

# Archives that are not opened are somebody's hand-in all the same: a sentence says what to do.
HANDED_IN = (".py", ".ipynb", ".zip", ".rar", ".7z", ".tar.xz", ".txz", ".gz", ".bz2", ".xz")
INSTRUCTORS_OWN = (".toml", ".csv")
SYSTEM = {
    "__macosx",
    "@eadir",
    "#recycle",
    "$recycle.bin",
    "lost+found",
    "system volume information",
    "__pycache__",
}
LISTED = 6

Say = Callable[[str], None]


@dataclass(frozen=True)
class Entry:
    """One file or folder among the submissions, and what its name tells."""

    path: Path
    named: Named

    @property
    def shown(self) -> str:
        return readable(self.path.name)


@dataclass(frozen=True)
class Student:
    """Everything that one student handed in."""

    key: str
    entries: tuple[Entry, ...]


def entries_of(place: Path, say: Say) -> list[Entry]:
    """What lies in the folder and is somebody's; says once what was left out."""
    paths = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    exported = gradescope_export.read(place, say)
    named = dict(zip(paths, read_export(paths), strict=True))
    found: list[Entry] = []
    aside: list[str] = []
    for path in paths:
        if path.name == gradescope_export.METADATA:
            continue
        if path.name in exported:
            found += [Entry(path, one) for one in exported[path.name]]
        elif named[path].platform or _handed_in(path):
            found.append(Entry(path, named[path]))
        elif not path.name.lower().endswith(INSTRUCTORS_OWN):
            aside.append(readable(path.name))
    if aside:
        more = f" and {len(aside) - LISTED} more" if len(aside) > LISTED else ""
        say(f"left out, as no submission is a file of that kind: {', '.join(aside[:LISTED])}{more}")
    return found


def _handed_in(path: Path) -> bool:
    name = path.name.lower()
    if name in SYSTEM or name.startswith("~$"):
        return False
    return path.is_dir() or is_archive(name) or name.endswith(HANDED_IN)


def by_person(entries: Iterable[Entry], say: Say) -> list[Student]:
    """The entries of each student together, sorted by a key that is nobody else's."""
    people: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        people.setdefault(entry.named.person, []).append(entry)
        if entry.named.remark:
            say(f"{entry.shown}: {entry.named.remark}")
    by_key: dict[str, list[tuple[str, ...]]] = {}
    for person, own in people.items():
        own.sort(key=lambda entry: (entry.named.attempt, entry.named.copy, entry.named.order, entry.shown))
        by_key.setdefault(own[-1].named.key, []).append(person)
    found = []
    for key, several in by_key.items():
        if key and len(several) > 1:
            names = ", ".join(people[person][-1].shown for person in several)
            say(f"{names} are alike but for capitals or signs, and are taken for {len(several)} students")
        for person in several:
            own = people[person]
            alone = key and len(several) == 1
            found.append(
                Student(key if alone else bounded(f"{key or 'unnamed'}-{_mark(person)}"), tuple(own))
            )
    _say_of_shared_numbers(people, say)
    return sorted(found, key=lambda person: person.key)


def _mark(person: Sequence[str]) -> str:
    return digest("\0".join(person))


def _say_of_shared_numbers(people: Iterable[tuple[str, ...]], say: Say) -> None:
    """A number that people wrote into several names is no student's, or two names are one student's."""
    holders: dict[str, list[str]] = {}
    for person in people:
        match person:
            case ("", str() as number, str() as name) if number:
                holders.setdefault(slug(number), []).append(name or "no name")
    for number, names in holders.items():
        if len(names) > 1:
            say(f"the number {number} is in the names of {len(names)} students: {', '.join(names[:LISTED])}")


def as_one(path: Path) -> Entry:
    """The entry of a place that is one submission itself."""
    (named,) = read_export([path])
    return Entry(path, replace(named, remark=""))
