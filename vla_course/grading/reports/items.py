"""Item statistics: how difficult each exercise and test was, and how well it tells the stronger from the weaker.

Difficulty is the mean fraction of an item's points. Discrimination is the correlation of an item's score with the
score of everything else, the corrected point-biserial of a test that holds or does not: the item itself is taken out
of the total, as it would correlate with itself (Henrysson, Psychometrika 28, 1963).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_course.grading.marks.gradebook import Grade
from vla_course.grading.marks.reading import write_rows

FEWEST = 10
"""submissions below which a correlation says nothing"""
LOW = 0.1
"""discrimination below which an item is worth a look; 0.2 is the customary bar for one that is kept as it is"""


@dataclass(frozen=True)
class Item:
    """What a class made of one exercise, question or test."""

    id: str
    says: str
    worth: float
    n: int
    difficulty: float
    """mean fraction of the points, 0 to 1: high is easy"""
    discrimination: float | None
    """-1 to 1; None with fewer than ten submissions, or where all did alike"""

    @property
    def odd(self) -> bool:
        """Whether it is worth a look: the strong do no better on it than the weak."""
        return self.discrimination is not None and self.discrimination < LOW


def counted(grades: Sequence[Grade]) -> list[Grade]:
    """One grade of each piece of work that ran: a group's once, without who is excused or handed in nothing to run."""
    found: dict[str, Grade] = {}
    for grade in grades:
        if not grade.excused and grade.submission.files:
            found.setdefault(grade.submission.source, grade)
    return list(found.values())


def items_of_exercises(grades: Sequence[Grade]) -> list[Item]:
    """The exercises, and the questions that people marked, in their order."""
    work = counted(grades)
    known: dict[str, tuple[str, float]] = {}
    scores: list[dict[str, float]] = []
    for grade in work:
        known |= {
            one.verdict.exercise_id: (one.verdict.title, float(one.verdict.out_of)) for one in grade.marks
        }
        known |= {one.question.id: (one.question.title, one.question.points) for one in grade.written}
        own = {one.verdict.exercise_id: one.verdict.points for one in grade.marks}
        scores.append(own | {one.question.id: one.earned for one in grade.written})
    totals = [sum(one.values()) for one in scores]
    return [
        _item(name, *about, [one.get(name, 0.0) for one in scores], totals) for name, about in known.items()
    ]


def items_of_tests(grades: Sequence[Grade]) -> list[Item]:
    """The tests, in their order; where an answer did not load, its tests did not hold."""
    work = counted(grades)
    totals = [sum(mark.verdict.points for mark in one.marks) for one in work]
    known = {
        (mark.verdict.exercise_id, test.test_id): test
        for grade in work
        for mark in grade.marks
        for test in mark.verdict.tests
    }
    held = [
        {
            (mark.verdict.exercise_id, test.test_id)
            for mark in grade.marks
            for test in mark.verdict.tests
            if test.passed
        }
        for grade in work
    ]
    return [
        _item(
            exercise_id,
            test.says,
            float(test.points),
            [float(test.points) if (exercise_id, test_id) in one else 0.0 for one in held],
            totals,
        )
        for (exercise_id, test_id), test in sorted(known.items(), key=lambda item: _number(item[0][0]))
    ]


def _number(exercise_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in exercise_id.split(".") if part.isdecimal())


def _item(name: str, says: str, worth: float, scores: Sequence[float], totals: Sequence[float]) -> Item:
    rest = [total - score for total, score in zip(totals, scores, strict=True)]
    return Item(
        name,
        says,
        worth,
        len(scores),
        statistics.fmean(scores) / worth if worth else 0.0,
        discrimination(scores, rest),
    )


def discrimination(scores: Sequence[float], rest: Sequence[float]) -> float | None:
    """The correlation of an item with the rest of the test; None where it is not defined, or of too few."""
    if len(scores) < FEWEST:
        return None
    try:
        return statistics.correlation(scores, rest)
    except statistics.StatisticsError:  # all alike
        return None


def write_items(path: Path, grades: Sequence[Grade]) -> None:
    """`items.csv`: every exercise, question and test with its statistics."""
    rows: list[list[object]] = [["kind", "item", "says", "out_of", "n", "difficulty", "discrimination"]]
    for kind, items in (("exercise", items_of_exercises(grades)), ("test", items_of_tests(grades))):
        for one in items:
            told = "" if one.discrimination is None else round(one.discrimination, 3)
            rows.append(
                [kind, f"exercise {one.id}", one.says, one.worth, one.n, round(one.difficulty, 3), told]
            )
    write_rows(path, rows)
