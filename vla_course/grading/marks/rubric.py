"""Questions that people mark: a rubric in TOML, a sheet in CSV for each, filled in by one marker or several."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, model_validator

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Manifest
from vla_course.course.source.keeping import write_atomically
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.whose.names import slug
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.meant import meant
from vla_course.grading.marks.reading import (
    Checked,
    csv_text,
    delimiter,
    read_csv,
    read_lines,
    read_toml,
    write_rows,
)

OWN = ("student", "name", "comment", "marker")
"""the columns of a sheet that are no criterion"""


class Criterion(Checked):
    """One thing that an answer is looked at for."""

    id: str = Field(pattern=r"^[A-Za-z][\w-]*$")
    says: str = Field(min_length=1)
    points: float = Field(gt=0)


class Question(Checked):
    """One question in free text; it is worth what its criteria are worth."""

    id: str = Field(pattern=r"^[A-Za-z][\w-]*$")
    title: str = Field(min_length=1)
    criterion: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Question:
        names = [one.id.casefold() for one in self.criterion]
        if taken := next((name for name in names if name in OWN or names.count(name) > 1), None):
            raise ValueError(
                f'the criterion "{taken}" is there twice, or is a column of the sheet: choose another id'
            )
        return self

    @property
    def points(self) -> float:
        return sum(one.points for one in self.criterion)


class _Rubric(Checked):
    question: tuple[Question, ...] = Field(min_length=1)


@dataclass(frozen=True)
class WrittenMark:
    """What people gave for one answer."""

    question: Question
    scores: Mapping[str, float] = field(default_factory=dict)
    """points by criterion; of an answer that nobody has marked, none"""
    comment: str = ""
    marker: str = ""
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def marked(self) -> bool:
        return len(self.scores) == len(self.question.criterion)

    @property
    def earned(self) -> float:
        return sum(self.scores.values()) if self.marked else 0.0

    @property
    def points(self) -> float:
        """What counts."""
        points = self.earned
        for one in self.adjustments:
            points = one.apply(points)
        return round(points, 2)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(one.reason for one in self.adjustments if one.changes)


def read_rubric(path: Path, manifest: Manifest) -> tuple[Question, ...]:
    """The questions in that file; raises `CourseError` where a field is wrong or an id is used twice."""
    questions = read_toml(path, _Rubric).question
    ids = [slug(one.id) for one in questions] + [slug(one.id) for one in manifest.exercises]
    if twice := next((one.id for one in questions if ids.count(slug(one.id)) > 1), None):
        raise CourseError(f'{path.name}: question.id is "{twice}", which is there twice: each needs its own')
    return questions


def read_sheets(
    folder: Path, questions: Sequence[Question], submissions: Sequence[Submission]
) -> tuple[dict[str, list[WrittenMark]], list[str]]:
    """What markers have filled in, and remarks on it.

    Args:
        folder: of the sheets. Those of question W1 are `W1.csv` and any `W1-....csv`, such as one a marker.
        questions: of the rubric.
        submissions: of everybody who may stand in a sheet.

    Returns:
        By the student's key, one mark for each question, in the rubric's order; and remarks on lines that mean
        nobody and on answers that nobody has marked yet.

    Raises:
        CourseError: with file and line, where a value is no number within its criterion's points, a line is filled
            in by half, or two lines mark the same answer.
    """
    found: dict[str, dict[str, WrittenMark]] = {one.key: {} for one in submissions}
    places: dict[tuple[str, str], str] = {}
    known = _by_key(submissions)
    remarks: list[str] = []
    for question in questions:
        for path in sheets_of(folder, question):
            for line, row in read_csv(path, "student", *(one.id.casefold() for one in question.criterion)):
                where = f"{path.name}, line {line}"
                mark = _mark(question, row, where)
                who = [one.key for one in _called(row["student"], submissions, known)]
                if len(who) != 1:
                    whom = f"several ({', '.join(who)})" if who else "nobody of this class"
                    remarks.append(f'{where}: student "{row["student"]}" means {whom}')
                    continue
                if not mark.marked:
                    if mark.comment:
                        remarks.append(f"{where}: a comment without points, which nobody reads until it is marked")
                    continue
                if before := places.get((who[0], question.id)):
                    raise CourseError(f"{where}: {who[0]} is marked for {question.id} already, in {before}")
                places[who[0], question.id] = where
                found[who[0]][question.id] = mark
    for own in works(submissions):
        marks = {name: mark for one in own for name, mark in found[one.key].items()}
        for one in own:
            found[one.key] = marks
    for question in questions:
        answers = [found[own[0].key] for own in works(submissions)]
        if left := sum(question.id not in marks for marks in answers):
            remarks.append(f"{question.id} is not marked yet for {left} of {len(answers)}: it counts 0 there")
    return {
        key: [marks.get(one.id, WrittenMark(one)) for one in questions] for key, marks in found.items()
    }, remarks


def _by_key(submissions: Sequence[Submission]) -> dict[str, Submission]:
    return {name: one for one in submissions for name in (one.alias, one.key) if name}


def _called(
    name: str, submissions: Sequence[Submission], by_key: Mapping[str, Submission]
) -> Sequence[Submission]:
    """Whom a line of a sheet means: most are as the sheet was prepared, by key."""
    return [by_key[name]] if name in by_key else meant(name, submissions)


def works(submissions: Sequence[Submission]) -> list[list[Submission]]:
    """Whose work is one: those of a group together, everybody else alone."""
    found: dict[str, list[Submission]] = {}
    for one in submissions:
        found.setdefault(f"group {one.group}" if one.group else one.key, []).append(one)
    return list(found.values())


def sheets_of(folder: Path, question: Question) -> list[Path]:
    return sorted({*folder.glob(f"{question.id}.csv"), *folder.glob(f"{question.id}-*.csv")})


def _mark(question: Question, row: Mapping[str, str], where: str) -> WrittenMark:
    scores: dict[str, float] = {}
    empty: list[str] = []
    for criterion in question.criterion:
        cell = row[criterion.id.casefold()].strip()
        if not cell:
            empty.append(criterion.id)
            continue
        try:
            points = float(cell.replace(",", "."))
        except ValueError:
            points = -1.0
        if not 0 <= points <= criterion.points:
            raise CourseError(
                f"{where}: {criterion.id} is {cell!r:.40}, expected points from 0 to {criterion.points:g}"
            )
        scores[criterion.id] = points
    if scores and empty:
        raise CourseError(f"{where}: {empty[0]} is empty: fill in every criterion of {question.id}, or none")
    return WrittenMark(question, scores, row.get("comment", "").strip(), row.get("marker", "").strip())


def prepare_sheets(
    folder: Path, questions: Sequence[Question], submissions: Sequence[Submission], *, names: bool
) -> None:
    """Write a sheet a question, or put those at the end of it who stand in none; what is there stays as it is.

    Args:
        folder: of the sheets.
        questions: of the rubric.
        submissions: of everybody; a group has one line.
        names: whether students stand there by key and name; else by what stands in their place.
    """
    everybody, by_key = list(submissions), _by_key(submissions)
    for question in questions:
        sheets = sheets_of(folder, question)
        there = [row["student"] for sheet in sheets for _, row in read_csv(sheet, "student")]
        known = {one.key for name in there for one in _called(name, everybody, by_key)}
        new = {own[0].key for own in works(everybody) if not known & {one.key for one in own}}
        sheet = folder / f"{question.id}.csv"
        if not sheet.exists():
            head = ["student", *(["name"] if names else []), *(one.id for one in question.criterion)]
            write_rows(sheet, [[*head, "comment", "marker"]])
        if new:
            _append(sheet, [one for one in everybody if one.key in new], names)


def _append(sheet: Path, people: Sequence[Submission], names: bool) -> None:
    head, _ = read_lines(sheet)
    text = sheet.read_bytes().decode("utf-8-sig")
    columns = [heading.strip().casefold() for heading in head]
    rows = []
    for one in people:
        known = {"student": one.key, "name": one.group or one.name} if names else {"student": one.alias}
        rows.append([known.get(column, "") for column in columns])
    before = text if text.endswith("\n") else f"{text}\n"
    write_atomically(sheet, before + csv_text(rows, delimiter(text)))


def ids_of(questions: Collection[Question]) -> tuple[str, ...]:
    return tuple(one.id for one in questions)
