"""What one student handed in, however many files and attempts it is, as the one submission that is graded.

Files of one attempt belong together: answers are taken from all that hold any, from the later one where two hold the
same. Of several attempts the last that holds exercises is graded. What holds none is told and never wins.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from vla_course.course.manifest import Manifest
from vla_course.grading.intake.contents.archives import read_any
from vla_course.grading.intake.contents.locate import Files, locate
from vla_course.grading.intake.contents.packing_note import compare_with_note
from vla_course.grading.intake.contents.sources import Sources
from vla_course.grading.intake.submission import Cells, Submission
from vla_course.grading.intake.whose.entries import Entry, Student
from vla_course.grading.intake.whose.plain import stem_of

LISTED = 4
BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class _Handful:
    """Entries that are read together: one archive or folder, or the loose files of one attempt."""

    entries: tuple[Entry, ...]
    sources: Sources
    files: Files

    @property
    def shown(self) -> str:
        first = self.entries[0].shown
        return first if len(self.entries) == 1 else f"{len(self.entries)} files such as {first}"

    @property
    def age(self) -> tuple[int, int, float, str]:
        """Of those of one attempt the one that came later has the greater."""
        last = self.entries[-1]
        return last.named.copy, last.named.order, max(map(_changed, self.entries)), last.shown


@dataclass(frozen=True)
class Intake:
    """What submissions are read by."""

    manifest: Manifest
    release: str
    """names the exercises that are graded, to tell who worked on older ones"""
    counting: Collection[str] = ()
    """the exercises that count, by id; none named: all"""

    def submission(self, student: Student) -> Submission:
        """All that the student handed in as one record; whatever it holds, it becomes a note and raises nothing."""
        try:
            return self._read(student)
        except Exception as fault:
            told = f"{student.entries[-1].shown} cannot be read: {type(fault).__name__}: {fault}"
            sources = Sources()
            sources.note(told)
            return _record(student, student.entries, {}, sources.notes, None)

    def _read(self, student: Student) -> Submission:
        files_of = [entry for entry in student.entries if not entry.named.text]
        if not files_of:
            typed = student.entries[-1].shown
            told = f"only text was typed in ({typed}): expected a file, as `vla-course submit` writes it"
            return _record(student, student.entries, {}, [told], None)
        attempts: dict[tuple[str, int], list[Entry]] = {}
        for entry in files_of:
            attempts.setdefault((entry.named.attempt, entry.named.copy), []).append(entry)
        read = {attempt: self._handfuls(own) for attempt, own in sorted(attempts.items())}
        holding = [attempt for attempt, handfuls in read.items() if any(one.files for one in handfuls)]
        chosen = holding[-1] if holding else max(read)
        notes = _Notes()
        files, graded, sources = self._merged(read[chosen], notes)
        claimed = compare_with_note(sources, files, self.release)
        notes.take(sources.notes)
        self._note_what_is_missing(files, notes)
        others = [one.shown for attempt, handfuls in read.items() if attempt != chosen for one in handfuls]
        if others:
            mine = " and ".join(one.shown for one in graded)
            why = "" if chosen == max(read) else " (what came later holds no exercises)"
            notes.add(f"handed in {len(read)} times: {mine} is graded, not {_listed(others)}{why}")
        entries = tuple(entry for one in graded for entry in one.entries)
        return _record(student, entries, files, notes.texts, claimed, sources.notebooks)

    def _handfuls(self, entries: Sequence[Entry]) -> list[_Handful]:
        """The entries of one attempt, the oldest first; single Python files of one student are one handful."""
        loose = [entry for entry in entries if entry.path.suffix.lower() == ".py" and not entry.path.is_dir()]
        groups = [tuple(loose)] if loose else []
        groups += [(entry,) for entry in entries if entry not in loose]
        return sorted((self._handful(group) for group in groups), key=lambda one: one.age)

    def _handful(self, entries: tuple[Entry, ...]) -> _Handful:
        if len(entries) == 1 and entries[0].path.suffix.lower() != ".py":
            sources = read_any(entries[0].path)
        else:
            sources = Sources()
            for entry in sorted(entries, key=lambda one: (one.named.order, _changed(one), one.shown)):
                self._add_loose(entry, sources)
        return _Handful(entries, sources, {} if sources.foreign else locate(sources, self.manifest))

    def _add_loose(self, entry: Entry, sources: Sources) -> None:
        """A single file, under the name that the student gave it before platform and browser wrote theirs."""
        read = read_any(entry.path)
        names = {exercise.file for exercise in self.manifest.exercises}
        for data in read.files.values():
            given = PurePosixPath(entry.named.file or entry.shown).name
            bare = stem_of(given).rpartition("-")
            counted = f"{bare[0]}.py" if bare[2].isdecimal() else ""  # Canvas numbers what is uploaded again
            name = counted if given not in names and counted in names else f"{stem_of(given)}.py"
            sources.files.pop(PurePosixPath(name), None)
            sources.add(PurePosixPath(name), data)
        for note in read.notes:
            sources.note(note)

    def _merged(self, handfuls: Sequence[_Handful], notes: _Notes) -> tuple[Files, list[_Handful], Sources]:
        """The files of all that hold any, later ones in the place of earlier; and of what else there is, a note."""
        holding = [one for one in handfuls if one.files]
        graded = holding or [handfuls[-1]]
        beside = [one for one in handfuls if one not in graded]
        files: Files = {}
        holder: dict[PurePosixPath, str] = {}
        sources = Sources()
        twice: dict[tuple[str, str], int] = {}
        for one in graded:
            for path, data in one.files.items():
                if files.get(path, data) != data:
                    pair = holder[path], one.shown
                    twice[pair] = twice.get(pair, 0) + 1
                files[path], holder[path] = data, one.shown
            for path, data in one.sources.files.items():
                sources.files[path] = data
            sources.notebooks |= one.sources.notebooks
            for note in one.sources.notes:
                sources.note(note if len(graded) == 1 else f"{one.shown}: {note}")
        for (early, late), count in twice.items():
            which = "1 file of both differs" if count == 1 else f"{count} files of both differ"
            notes.add(f"{early} and {late} belong together, and {which}: {late} counts, as it came later")
        for one in beside:
            sources.notebooks |= one.sources.notebooks
            if not one.sources.foreign:
                notes.take(f"{one.shown}: {note}" for note in one.sources.notes)
        if beside:
            notes.add(f"handed in beside, without exercises: {_listed([one.shown for one in beside])}")
        return files, graded, sources

    def _note_what_is_missing(self, files: Files, notes: _Notes) -> None:
        """Say what of the exercises that count is not there, or not as a text."""
        counting = [one for one in self.manifest.exercises if not self.counting or one.id in self.counting]
        for path in sorted({one.path for one in counting} & files.keys()):
            if files[path].startswith(BOMS) or b"\0" in files[path][:200]:
                notes.add(f"{path} is not a text in UTF-8: it has to be saved as one")
        missing = sorted({str(one.path) for one in counting if one.path not in files}) if files else []
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            notes.add(f"{_listed(missing)} {verb} missing")


class _Notes:
    """Sentences about a submission, each once."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, text: str) -> None:
        bounded = Sources()
        bounded.note(text)
        self.texts += [note for note in bounded.notes if note not in self.texts]

    def take(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.add(text)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _changed(entry: Entry) -> float:
    try:
        return entry.path.lstat().st_mtime
    except OSError:
        return 0.0


def _record(
    student: Student,
    graded: Sequence[Entry],
    files: Files,
    notes: Sequence[str],
    claimed: float | None,
    notebooks: Mapping[PurePosixPath, Cells] | None = None,
) -> Submission:
    named = student.entries[-1].named
    times = [entry.named.submitted for entry in graded if entry.named.submitted]
    return Submission(
        key=student.key,
        name=named.name or named.id,
        id=named.id,
        source=graded[0].shown if len(graded) == 1 else f"{len(graded)} files such as {graded[0].shown}",
        files=files,
        notes=tuple(notes),
        late_marker=any(entry.named.late for entry in graded),
        modified=_modified(graded),
        claimed=claimed,
        platform=named.platform,
        submitted=times[-1] if times else None,
        email=named.email,
        came_by=named.platform,
        originals=tuple(entry.path.name for entry in graded),
        notebooks=notebooks or {},
    )


def _modified(graded: Sequence[Entry]) -> datetime.datetime | None:
    """When the last of these files was written; None where the file system's time is no date."""
    try:
        return datetime.datetime.fromtimestamp(max(map(_changed, graded)), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None
