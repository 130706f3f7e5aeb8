"""The marks of a class as CSV files: for people, and in the columns that Canvas and Moodle import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.manifest import Exercise
from vla_course.grading.intake.submission import Submission
from vla_course.grading.marks.canvas import CanvasGradebook
from vla_course.grading.marks.gradebook import Grade
from vla_course.grading.marks.policy import Person, Policy
from vla_course.grading.marks.reading import Rows, write_rows
from vla_course.grading.marks.rubric import Question

EXCUSED_IN_CANVAS = "EX"


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class, and what they are marks of."""

    grades: Sequence[Grade]
    missing: Sequence[Person]
    ungraded: Mapping[str, str]
    """by the student's key: why there are no marks"""
    exercises: Sequence[Exercise]
    questions: Sequence[Question]
    policy: Policy

    @property
    def out_of(self) -> float:
        worth = sum(one.points for one in self.exercises) + sum(one.points for one in self.questions)
        return int(worth) if worth == int(worth) else worth

    def of_missing(self, person: Person) -> object:
        """What stands for who handed in nothing."""
        return "" if person.excused or self.policy.missing == "blank" else 0


def write_tables(out: Path, marks: ClassMarks) -> None:
    """`grades.csv` with a line a student, `tests.csv` with a line a test: for people."""
    write_rows(out / "grades.csv", _full(marks))
    write_rows(out / "tests.csv", _by_test(marks))


def write_for_platforms(out: Path, marks: ClassMarks, gradebook: CanvasGradebook | None = None) -> list[str]:
    """`canvas.csv` and `moodle.csv`, in the columns that those import; returns remarks on who has no line there.

    With an exported `gradebook`, `canvas.csv` is that file with the assignment's column filled. Who is not graded
    has no line, or keeps the one that was there.
    """
    remarks: list[str] = []
    rows = _canvas_filled(marks, gradebook, remarks) if gradebook else _canvas(marks)
    write_rows(out / "canvas.csv", rows)
    write_rows(out / "moodle.csv", _moodle(marks))
    return remarks


def _full(marks: ClassMarks) -> Rows:
    head = ["student", "name", "id", "points", "out_of", "percent", "earned", "late_days", "late_deduction"]
    # "3.10" alone is 3.1 to a spreadsheet
    titles = [f"{one.id} {one.title}" for one in marks.exercises]
    titles += [f"{one.id} {one.title}" for one in marks.questions]
    with_groups = bool(marks.policy.groups)
    rows: list[list[object]] = [
        [*head, "adjusted", "unofficial", *titles, *(["group"] if with_groups else []), "source", "notes"]
    ]
    for grade in marks.grades:
        points = {mark.verdict.exercise_id: mark.points for mark in grade.marks}
        given: dict[str, object] = {
            one.question.id: one.points if one.marked else "" for one in grade.written
        }
        adjusted = grade.points - (grade.earned - grade.deducted)
        claimed = "" if grade.submission.claimed is None else grade.submission.claimed
        counts = ("", "") if grade.excused else (grade.points, f"{100 * grade.share:.1f}")
        rows.append(
            [
                *(grade.key, grade.name, grade.submission.id, counts[0], marks.out_of, counts[1]),
                *(grade.earned, grade.late.days, grade.deducted, round(adjusted, 2), claimed),
                *(points.get(one.id, "") for one in marks.exercises),
                *(given.get(one.id, "") for one in marks.questions),
                *([grade.group] if with_groups else []),
                *(grade.submission.source, "; ".join(grade.notes)),
            ]
        )
    width = len(rows[0])
    for person in marks.missing:
        mark = marks.of_missing(person)
        told: list[object] = [person.student, person.name, person.student, mark, marks.out_of]
        told += ["0.0" if mark == 0 else "", *([0] * 4 if mark == 0 else [""] * 4)]
        note = f"excused: {person.excused}" if person.excused else "nothing handed in"
        rows.append([*told, *[""] * (width - len(told) - 1), note])
    rows += [[key, *[""] * (width - 2), fault] for key, fault in marks.ungraded.items()]
    return rows


def _by_test(marks: ClassMarks) -> Rows:
    """A line for every test of every student, for statistics of one's own."""
    rows: list[list[object]] = [
        ["student", "exercise", "test", "hidden", "says", "passed", "points", "out_of", "mistake", "seconds"]
    ]
    for grade in marks.grades:
        for mark in grade.marks:
            rows += [
                [
                    *(
                        grade.key,
                        f"exercise {mark.verdict.exercise_id}",
                        test.test_id,
                        int(test.hidden),
                        test.says,
                    ),
                    *(int(test.passed), test.points if test.passed else 0, test.points),
                    *(test.mistake or "", round(test.seconds, 3)),
                ]
                for test in mark.verdict.tests
            ]
        for written in grade.written:
            rows += [
                [
                    *(grade.key, f"question {written.question.id}", one.id, 0, one.says, ""),
                    *(written.scores.get(one.id, ""), one.points, "", ""),
                ]
                for one in written.question.criterion
            ]
    return rows


def _canvas(marks: ClassMarks) -> Rows:
    """The columns of Canvas's own export; it finds a student by ID, SIS user id or login, whichever is filled."""
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", marks.policy.assignment],
        ["    Points Possible", "", "", "", "", marks.out_of],
    ]
    ours = _roster_has_ids_of("Canvas", marks.grades)
    for grade in marks.grades:
        person = grade.person or Person(student=grade.key)
        number = _id_of("Canvas", grade.submission)
        mark = EXCUSED_IN_CANVAS if grade.excused else grade.points
        rows.append([grade.name, number, person.sis_id, person.login, person.section, mark])
    for person in marks.missing:
        number = person.student if ours and person.student.isdecimal() else ""
        given = EXCUSED_IN_CANVAS if person.excused else marks.of_missing(person)
        rows.append([person.name, number, person.sis_id, person.login, person.section, given])
    return rows


def _canvas_filled(marks: ClassMarks, gradebook: CanvasGradebook, remarks: list[str]) -> Rows:
    found: dict[int, object] = {}
    for grade in marks.grades:
        line = gradebook.line_of(_id_of("Canvas", grade.submission), grade.person, grade.name)
        if line is None:
            remarks.append(f"{grade.key} is not in {marks.policy.gradebook}: no line in canvas.csv")
        elif line in found:
            remarks.append(
                f"{grade.key} and another are one line of {marks.policy.gradebook}: the first counts there"
            )
        else:
            found[line] = EXCUSED_IN_CANVAS if grade.excused else grade.points
    for person in marks.missing:
        line = gradebook.line_of("" if marks.policy.roster else person.student, person, person.name)
        if line is not None and line not in found and (person.excused or marks.policy.missing == "zero"):
            found[line] = EXCUSED_IN_CANVAS if person.excused else 0
    if gradebook.possible not in (None, float(marks.out_of)):
        remarks.append(
            f'Canvas holds "{gradebook.column}" at {gradebook.possible:g} points, this class is graded out of '
            f"{marks.out_of:g}: change the one or the other"
        )
    return gradebook.filled(found)


def _moodle(marks: ClassMarks) -> Rows:
    """The columns of an assignment's grading worksheet; `Grade import` maps them just as well.

    Who has no mark has no line: an empty one would be taken for a mark.
    """
    head = ["Identifier", "Full name", "Email address", "ID number", "Grade", "Maximum Grade"]
    rows: list[list[object]] = [[*head, "Last modified (grade)", "Feedback comments"]]
    ours = _roster_has_ids_of("Moodle", marks.grades)
    for grade in marks.grades:
        if grade.excused:
            continue
        number = _id_of("Moodle", grade.submission)
        identifier = f"Participant {number}" if number else ""
        email = (grade.person.email if grade.person else "") or grade.submission.email
        known = grade.person.sis_id if grade.person else _id_of("", grade.submission)
        rows.append([identifier, grade.name, email, known, grade.points, marks.out_of, "-", _comment(grade)])
    for person in marks.missing:
        if marks.of_missing(person) == "":
            continue
        identifier = f"Participant {person.student}" if ours and person.student.isdecimal() else ""
        rows.append(
            [identifier, person.name, person.email, person.sis_id, 0, marks.out_of, "-", "nothing handed in"]
        )
    return rows


def _id_of(platform: str, submission: Submission) -> str:
    """The student's number there: an id of another platform is somebody else's on this one."""
    return submission.id if submission.platform == platform and submission.id.isdecimal() else ""


def _roster_has_ids_of(platform: str, grades: Sequence[Grade]) -> bool:
    """Whether the roster calls students by that platform's numbers, as far as those show it who handed in."""
    known = {
        grade.submission.platform
        for grade in grades
        if grade.person
        and grade.person.student.strip() == grade.submission.id != ""
        and grade.submission.platform
    }
    return known == {platform}


def _comment(grade: Grade) -> str:
    parts = [f"{mark.verdict.exercise_id}: {mark.points:g}/{mark.verdict.out_of}" for mark in grade.marks]
    parts += [f"{one.question.id}: {one.points:g}/{one.question.points:g}" for one in grade.written]
    late = [f"late: -{grade.deducted:g}"] if grade.deducted else []
    return ", ".join([*parts, *late, *(one.reason for one in grade.adjustments if one.changes)])
