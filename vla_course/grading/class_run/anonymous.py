"""Marking without names: a key in place of each student in all that markers see, and one file that leads back.

A key follows from the class's secret seed and the student, so that it is the same in every run and tells nothing.
What comes of marking (adjustments, sheets) may use keys or names, now and when the names are shown again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vla_course.course.source.keeping import write_atomically
from vla_course.grading.class_run.run import Run
from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.gradebook import Grade
from vla_course.grading.marks.meant import alias_of
from vla_course.grading.marks.policy import Person
from vla_course.grading.marks.reading import csv_text

SHORTEST = 3
"""letters of a name that is looked for in texts: shorter ones are in every other word"""
WORD = re.compile(r"\w+")


def masked(run: Run) -> Run:
    """The same run without names: in keys, notes, remarks, reasons, comments, and in students' code and its output."""
    veil = _Veil.over(run)
    return replace(
        run,
        submissions=[veil.submission(one) for one in run.submissions],
        grades=sorted((veil.grade(one) for one in run.grades), key=lambda grade: grade.key),
        missing=[
            Person(student=alias_of(run.seed, one.student), excused=veil.text(one.excused)) for one in run.missing
        ],
        ungraded={alias_of(run.seed, key): veil.text(fault) for key, fault in run.ungraded.items()},
        remarks=[veil.text(one) for one in run.remarks],
        changes=[replace(one, student=veil.text(one.student), why=veil.text(one.why)) for one in run.changes],
        pairs=[
            replace(one, left=alias_of(run.seed, one.left), right=alias_of(run.seed, one.right))
            for one in run.pairs
        ],
    )


def write_the_way_back(path: Path, run: Run) -> None:
    """The one file that tells which key is whose: for who publishes the marks, not for who makes them."""
    rows: list[list[object]] = [["key", "student", "name", "id", "source"]]
    people = {one.key: one for one in [*run.submissions, *(grade.submission for grade in run.grades)]}
    rows += [
        [alias_of(run.seed, one.key), one.key, one.name, one.id, one.source]
        for _, one in sorted(people.items())
    ]
    rows += [[alias_of(run.seed, one.student), one.student, one.name, "", ""] for one in run.missing]
    write_atomically(path, csv_text(rows), mode=0o600)


def still_named(run: Run) -> list[str]:
    """A remark on files that name students and are not ours to rewrite, as people wrote or read them before."""
    veil = _Veil.over(run)
    files = [run.out / "adjustments.toml", run.out / "history.csv", *sorted((run.out / "marking").glob("*.csv"))]
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in files if path.exists()}
    named = [path.relative_to(run.out).as_posix() for path, text in texts.items() if veil.text(text) != text]
    told = f"{', '.join(named)}: written before names were hidden, and left as it is: students are named there"
    return [told] if named else []


class _Veil:
    """Knows by what words somebody could be told, and puts their key there."""

    @classmethod
    def over(cls, run: Run) -> _Veil:
        people = [grade.submission for grade in run.grades] + list(run.submissions)
        return cls(run, people, [*run.roster, *run.missing])

    def __init__(self, run: Run, people: Sequence[Submission], roster: Sequence[Person]) -> None:
        self.seed = run.seed
        self.shown = {
            (key, region.path)
            for pair in run.pairs
            for key in (pair.left, pair.right)
            for region in pair.regions
        }
        """code that a page shows: the only code that is looked through"""
        known: dict[str, str] = {}
        for one in people:
            known |= self._words(
                alias_of(self.seed, one.key), one.source, *one.originals, one.name, one.key, one.id
            )
            known |= self._words(self.group(one.group), one.group)
        for person in roster:
            words = (person.student, person.name, person.email, person.sis_id, person.login)
            there = (known[word.casefold()] for word in words if word.casefold() in known)
            known |= self._words(next(there, alias_of(self.seed, person.student)), *words)
        self.by_first: dict[str, list[tuple[str, str]]] = {}
        for phrase in sorted(known, key=len, reverse=True):  # a whole name before its beginning
            if first := WORD.search(phrase):
                bare = phrase[first.start() :]
                self.by_first.setdefault(first[0], []).append((bare, known[phrase]))

    @staticmethod
    def _words(alias: str, *words: str) -> dict[str, str]:
        return {word.strip().casefold(): alias for word in words if len(word.strip()) >= SHORTEST}

    def group(self, name: str) -> str:
        return alias_of(self.seed, f"group {name}").replace("student", "group") if name else ""

    def text(self, text: str) -> str:
        """The text with everybody's key where they are named."""
        parts, end = [], 0
        for word in WORD.finditer(text):
            if word.start() < end:
                continue
            for phrase, alias in self.by_first.get(word[0].casefold(), ()):
                stop = word.start() + len(phrase)
                if text[word.start() : stop].casefold() == phrase and not text[stop : stop + 1].isalnum():
                    parts += [text[end : word.start()], alias]
                    end = stop
                    break
        return "".join([*parts, text[end:]])

    def of(self, one: Submission, text: str) -> str:
        """A text that the student wrote or their code said: each part of their own name hidden as well."""
        parts = [re.escape(part) for part in WORD.findall(one.name) if len(part) >= SHORTEST]
        hidden = self.text(text)
        if not parts:
            return hidden
        return re.sub(rf"\b({'|'.join(parts)})\b", alias_of(self.seed, one.key), hidden, flags=re.IGNORECASE)

    def submission(self, one: Submission) -> Submission:
        alias = alias_of(self.seed, one.key)
        return replace(
            one,
            key=alias,
            name=alias,
            id="",
            source=alias_of(self.seed, f"source {one.source}").replace("student", "work"),
            originals=(),
            group=self.group(one.group),
            notes=tuple(self.text(note) for note in one.notes),
            files={
                path: self.of(one, one.text(path)).encode() if (one.key, path) in self.shown else b""
                for path in one.files
            },
        )

    def grade(self, grade: Grade) -> Grade:
        return replace(
            grade,
            submission=self.submission(grade.submission),
            verdict=self._verdict(grade.submission, grade.verdict),
            marks=tuple(
                replace(
                    mark,
                    verdict=self._exercise(grade.submission, mark.verdict),
                    adjustments=self._decided(mark.adjustments),
                )
                for mark in grade.marks
            ),
            late=replace(grade.late, note=self.text(grade.late.note)),
            adjustments=self._decided(grade.adjustments),
            written=tuple(
                replace(one, comment=self.text(one.comment), adjustments=self._decided(one.adjustments))
                for one in grade.written
            ),
            excused=self.text(grade.excused),
            person=None,
        )

    def _decided(self, adjustments: Sequence[Adjustment]) -> tuple[Adjustment, ...]:
        return tuple(
            one.model_copy(
                update={
                    "student": self.text(one.student),
                    "reason": self.text(one.reason),
                    "request": self.text(one.request),
                }
            )
            for one in adjustments
        )

    def _verdict(self, one: Submission, verdict: SubmissionVerdict) -> SubmissionVerdict:
        return replace(
            verdict,
            exercises=tuple(self._exercise(one, exercise) for exercise in verdict.exercises),
            notes=tuple(self.text(note) for note in verdict.notes),
        )

    def _exercise(self, one: Submission, verdict: ExerciseVerdict) -> ExerciseVerdict:
        return replace(
            verdict,
            message=self.of(one, verdict.message),
            output=self.of(one, verdict.output),
            tests=tuple(replace(test, message=self.of(one, test.message)) for test in verdict.tests),
        )
