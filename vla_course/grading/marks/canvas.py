"""A gradebook that Canvas exported: its people, and the assignment's own column filled, ready to be imported.

Canvas reads back what it wrote (`lib/gradebook_importer.rb`): a column is the assignment whose number stands in
brackets behind its title; a cell is points, EX where a student is excused, or empty, which clears a score that is
there. The row of points possible would change the assignment's, so it goes back as it came.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.errors import CourseError
from vla_course.grading.intake.whose.names import slug
from vla_course.grading.marks.policy import Person
from vla_course.grading.marks.reading import read_lines

LAST = "section"
"""the last column that tells of the student"""
COLUMN = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)")
POSSIBLE = "points possible"


@dataclass(frozen=True)
class CanvasGradebook:
    """The columns of an export that matter here, with the lines as they stood there."""

    head: tuple[str, ...]
    """headings up to and including Section, then the assignment's"""
    above: tuple[tuple[str, ...], ...]
    """lines before the students': posting policy, points possible"""
    students: tuple[tuple[str, ...], ...]

    @property
    def column(self) -> str:
        return self.head[-1]

    @property
    def possible(self) -> float | None:
        """What the assignment is worth in Canvas."""
        said = next((row[-1] for row in self.above if POSSIBLE in row[0].casefold()), "")
        try:
            return float(said)
        except ValueError:
            return None

    def people(self) -> tuple[Person, ...]:
        """The students, for a roster; Canvas's test student is nobody."""
        return tuple(self._person(row) for row in self.students if slug(row[0]) != "student-test")

    def _person(self, row: tuple[str, ...]) -> Person:
        known = dict(zip((heading.strip().casefold() for heading in self.head), row, strict=True))
        last, comma, first = row[0].partition(",")
        return Person(
            student=known["id"],
            name=f"{first.strip()} {last.strip()}" if comma else row[0],
            sis_id=known.get("sis user id", ""),
            login=known.get("sis login id", ""),
            section=known.get(LAST, ""),
        )

    def line_of(self, canvas_id: str, person: Person | None, name: str) -> int | None:
        """Which line is theirs: by Canvas's own number, by what the roster knows, by a name that only one bears."""
        people = [self._person(row) for row in self.students]
        for known, theirs in (
            (canvas_id, [one.student for one in people]),
            (person.sis_id if person else "", [one.sis_id for one in people]),
            (person.login if person else "", [one.login for one in people]),
            (slug(name), [slug(one.name) for one in people]),
        ):
            if known and theirs.count(known) == 1:
                return theirs.index(known)
        return None

    def filled(self, marks: Mapping[int, object]) -> list[list[object]]:
        """The lines of the file to import; where no mark is known, what Canvas had stays."""
        rows: list[list[object]] = [list[object](row) for row in (self.head, *self.above)]
        rows += [[*row[:-1], marks.get(number, row[-1])] for number, row in enumerate(self.students)]
        return rows


def read_gradebook(path: Path, assignment: str) -> CanvasGradebook:
    """The export in that file, with the column of one assignment.

    Args:
        path: the CSV file that Canvas exported.
        assignment: its title, its number, or both as the heading has them.

    Raises:
        CourseError: where it is no such file, a student has no number, or no column or several are that assignment's.
    """
    head, lines = read_lines(path)
    names = [heading.strip().casefold() for heading in head]
    if names[:1] != ["student"] or "id" not in names or LAST not in names:
        raise CourseError(
            f"{path.name}: expected what Canvas exports (Student, ID, ..., Section, ...), found {head[:5]}"
        )
    about = names.index(LAST) + 1
    column = _column(path, head[about:], assignment) + about
    rows = [[*row, *[""] * (len(head) - len(row))] for _, row in lines]
    taken = [tuple([*row[:about], row[column]]) for row in rows]
    first = next((number for number, row in enumerate(taken) if row[1].strip()), len(taken))
    if bare := next((number for number in range(first, len(taken)) if not taken[number][1].strip()), None):
        raise CourseError(
            f"{path.name}, line {lines[bare][0]}: ID is empty, expected Canvas's number of {taken[bare][0]!r}"
        )
    return CanvasGradebook((*head[:about], head[column]), tuple(taken[:first]), tuple(taken[first:]))


def _column(path: Path, headings: list[str], assignment: str) -> int:
    wanted = " ".join(assignment.split()).casefold()
    found = []
    for number, heading in enumerate(headings):
        parts = COLUMN.fullmatch(heading.strip())
        meant = {heading, *(parts.groups() if parts else ())}
        if parts and wanted in {" ".join(one.split()).casefold() for one in meant}:
            found.append(number)
    if len(found) == 1:
        return found[0]
    theirs = [heading for heading in headings if COLUMN.fullmatch(heading.strip())]
    if found:
        several = ", ".join(f'"{headings[number]}"' for number in found)
        raise CourseError(
            f'policy: assignment is "{assignment}", {path.name} has several: write one of {several}'
        )
    near = difflib.get_close_matches(assignment, theirs, n=4, cutoff=0.2) or theirs[:4]
    shown = ", ".join(f'"{heading}"' for heading in near) or "none"
    raise CourseError(
        f'policy: assignment is "{assignment}", no column of {path.name} is called so; it has {shown}'
    )
