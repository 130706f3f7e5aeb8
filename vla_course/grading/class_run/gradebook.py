"""The marks of a class: what each student earned, what policy and adjustments make of it, as CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.manifest import Exercise
from vla_course.course.source.keeping import write_atomically
from vla_course.grading.class_run.policy import Adjustment, Lateness, Person, Policy, lateness
from vla_course.grading.class_run.rules import Rules
from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict


@dataclass(frozen=True)
class Mark:
    """One exercise in the gradebook; `points` is what counts, `verdict.points` what was earned."""

    verdict: ExerciseVerdict
    points: float
    reasons: tuple[str, ...] = ()
    """why the two differ"""


@dataclass(frozen=True)
class Grade:
    """All that counts for one student."""

    submission: Submission
    verdict: SubmissionVerdict
    marks: tuple[Mark, ...]
    late: Lateness
    adjustments: tuple[Adjustment, ...]
    """those of the total"""
    person: Person | None = None

    @property
    def key(self) -> str:
        return self.submission.key

    @property
    def name(self) -> str:
        return (self.person.name if self.person else "") or self.submission.name

    @property
    def before_policy(self) -> float:
        return round(sum(mark.points for mark in self.marks), 2)

    @property
    def deducted(self) -> float:
        """Points lost by lateness."""
        return round(self.before_policy * self.late.share, 2)

    @property
    def points(self) -> float:
        """What goes into the gradebook."""
        points = self.before_policy - self.deducted
        for adjustment in self.adjustments:
            points = adjustment.apply(points)
        return round(points, 2)

    @property
    def out_of(self) -> int:
        return self.verdict.out_of

    @property
    def share(self) -> float:
        return self.points / self.out_of if self.out_of else 0.0

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything remarkable about the submission, for the instructor."""
        late = (self.late.note,) if self.late.note else ()
        return tuple(dict.fromkeys((*self.submission.notes, *self.verdict.notes, *late)))


def grades_of(graded: Iterable[tuple[Submission, SubmissionVerdict]], rules: Rules) -> list[Grade]:
    """Apply policy and adjustments."""
    mine: dict[str, list[Adjustment]] = {}
    for adjustment in rules.adjustments:
        mine.setdefault(adjustment.student, []).append(adjustment)
    grades = []
    for submission, verdict in graded:
        own = mine.get(submission.key, [])
        grades.append(
            Grade(
                submission,
                verdict,
                marks=tuple(_mark(one, own) for one in verdict.graded),
                late=lateness(rules.policy, submission, rules.times),
                adjustments=tuple(one for one in own if one.exercise is None),
                person=rules.people.get(submission.key),
            )
        )
    return grades


def _mark(verdict: ExerciseVerdict, adjustments: Iterable[Adjustment]) -> Mark:
    points, reasons = verdict.points, []
    for adjustment in adjustments:
        if adjustment.exercise == verdict.exercise_id:
            points = adjustment.apply(points)
            reasons.append(adjustment.reason)
    return Mark(verdict, round(points, 2), tuple(reasons))


def write_csv_files(
    out: Path,
    grades: Sequence[Grade],
    missing: Sequence[Person],
    ungraded: Mapping[str, str],
    exercises: Sequence[Exercise],
    policy: Policy,
) -> None:
    """`grades.csv` with everything, `canvas.csv` and `moodle.csv` in the columns that those platforms import.

    Who is `ungraded` has a line without marks in the first, and none in the others.
    """
    out_of = sum(exercise.points for exercise in exercises)
    rows = _full(grades, missing, exercises, out_of)
    width = len(rows[0])
    rows += [[key, *[""] * (width - 2), fault] for key, fault in ungraded.items()]
    _write(out / "grades.csv", rows)
    _write(out / "canvas.csv", _canvas(grades, missing, policy, out_of))
    _write(out / "moodle.csv", _moodle(grades, missing, out_of))


Rows = list[list[object]]


def _full(
    grades: Sequence[Grade], missing: Sequence[Person], exercises: Sequence[Exercise], out_of: int
) -> Rows:
    ids = [exercise.id for exercise in exercises]
    head = ["student", "name", "id", "points", "out_of", "percent", "earned", "late_days", "late_deduction"]
    titles = [f"{exercise.id} {exercise.title}" for exercise in exercises]  # "3.10" alone is 3.1 to a spreadsheet
    rows: Rows = [[*head, "adjusted", "unofficial", *titles, "source", "notes"]]
    for grade in grades:
        points = {mark.verdict.exercise_id: mark.points for mark in grade.marks}
        adjusted = grade.points - (grade.verdict.points - grade.deducted)
        claimed = "" if grade.submission.claimed is None else grade.submission.claimed
        rows.append(
            [
                *(grade.key, grade.name, grade.submission.id, grade.points, out_of, f"{100 * grade.share:.1f}"),
                *(grade.verdict.points, grade.late.days, grade.deducted, round(adjusted, 2), claimed),
                *(points.get(exercise_id, "") for exercise_id in ids),
                *(grade.submission.source, "; ".join(grade.notes)),
            ]
        )
    for person in missing:
        told = [person.student, person.name, person.student, 0, out_of, "0.0", 0, 0, 0, 0, ""]
        rows.append([*told, *[""] * len(ids), "", "nothing handed in"])
    return rows


def _canvas(grades: Sequence[Grade], missing: Sequence[Person], policy: Policy, out_of: int) -> Rows:
    """The columns of Canvas's own export; it finds a student by ID, SIS user id or login, whichever is filled."""
    rows: Rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", policy.assignment],
        ["    Points Possible", "", "", "", "", out_of],
    ]
    ours = _roster_has_ids_of("Canvas", grades)
    for grade in grades:
        person = grade.person or Person(student=grade.key)
        number = _id_of("Canvas", grade.submission)
        rows.append([grade.name, number, person.sis_id, person.login, person.section, grade.points])
    for person in missing:
        number = person.student if ours and person.student.isdecimal() else ""
        rows.append([person.name, number, person.sis_id, person.login, person.section, 0])
    return rows


def _moodle(grades: Sequence[Grade], missing: Sequence[Person], out_of: int) -> Rows:
    """The columns of an assignment's grading worksheet; `Grade import` maps them just as well."""
    head = ["Identifier", "Full name", "Email address", "ID number", "Grade", "Maximum Grade"]
    rows: Rows = [[*head, "Last modified (grade)", "Feedback comments"]]
    ours = _roster_has_ids_of("Moodle", grades)
    for grade in grades:
        number = _id_of("Moodle", grade.submission)
        identifier = f"Participant {number}" if number else ""
        email = (grade.person.email if grade.person else "") or grade.submission.email
        known = grade.person.sis_id if grade.person else _id_of("", grade.submission)
        rows.append([identifier, grade.name, email, known, grade.points, out_of, "-", _comment(grade)])
    for person in missing:
        identifier = f"Participant {person.student}" if ours and person.student.isdecimal() else ""
        rows.append([identifier, person.name, person.email, person.sis_id, 0, out_of, "-", "nothing handed in"])
    return rows


def _id_of(platform: str, submission: Submission) -> str:
    """The student's number there: an id of another platform is somebody else's on this one."""
    return submission.id if submission.platform == platform and submission.id.isdecimal() else ""


def _roster_has_ids_of(platform: str, grades: Sequence[Grade]) -> bool:
    """Whether the roster calls students by that platform's numbers, as far as those show it who handed in."""
    known = {
        grade.submission.platform
        for grade in grades
        if grade.person and grade.person.student.strip() == grade.submission.id != ""
    }
    return known == {platform}


def _comment(grade: Grade) -> str:
    parts = [f"{mark.verdict.exercise_id}: {mark.points:g}/{mark.verdict.out_of}" for mark in grade.marks]
    late = [f"late: -{grade.deducted:g}"] if grade.deducted else []
    return ", ".join([*parts, *late, *(one.reason for one in grade.adjustments)])


def _write(path: Path, rows: Rows) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    write_atomically(path, stream.getvalue())


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula is kept from being one."""
    formula = isinstance(cell, str) and cell != "-" and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if formula else cell
