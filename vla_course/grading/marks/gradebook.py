"""The marks of a class: what each student earned, and what policy, markers and adjustments make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.policy import Lateness, Person, lateness
from vla_course.grading.marks.rubric import WrittenMark
from vla_course.grading.marks.rules import Rules


@dataclass(frozen=True)
class Mark:
    """One exercise in the gradebook; `points` is what counts, `verdict.points` what was earned."""

    verdict: ExerciseVerdict
    points: float
    adjustments: tuple[Adjustment, ...] = ()
    """why the two differ, and what was asked about it"""

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(one.reason for one in self.adjustments if one.changes)


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
    written: tuple[WrittenMark, ...] = ()
    """what people marked"""
    excused: str = ""
    """why it does not count, or nothing"""

    @property
    def key(self) -> str:
        return self.submission.key

    @property
    def group(self) -> str:
        return self.submission.group

    @property
    def name(self) -> str:
        return (self.person.name if self.person else "") or self.submission.name

    @property
    def earned(self) -> float:
        """By the tests and by those who marked, before anything was changed."""
        return round(self.verdict.points + sum(one.earned for one in self.written), 2)

    @property
    def before_policy(self) -> float:
        return round(sum(one.points for one in self.marks) + sum(one.points for one in self.written), 2)

    @property
    def deducted(self) -> float:
        """Points lost by lateness."""
        return round(self.before_policy * self.late.share, 2)

    @property
    def points(self) -> float:
        """What goes into the gradebook, unless it is excused."""
        points = self.before_policy - self.deducted
        for adjustment in self.adjustments:
            points = adjustment.apply(points)
        return round(points, 2)

    @property
    def out_of(self) -> float:
        worth = self.verdict.out_of + sum(one.question.points for one in self.written)
        return int(worth) if worth == int(worth) else worth

    @property
    def share(self) -> float:
        return self.points / self.out_of if self.out_of else 0.0

    @property
    def decisions(self) -> tuple[tuple[str, Adjustment], ...]:
        """Everything decided or asked by hand, each with what it is about."""
        marks = [(mark.verdict.exercise_id, one) for mark in self.marks for one in mark.adjustments]
        written = [(mark.question.id, one) for mark in self.written for one in mark.adjustments]
        return (*marks, *written, *(("total", one) for one in self.adjustments))

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything remarkable about the submission, for the instructor."""
        late = (self.late.note,) if self.late.note else ()
        excused = (f"excused: {self.excused}",) if self.excused else ()
        return tuple(dict.fromkeys((*excused, *self.submission.notes, *self.verdict.notes, *late)))


def grades_of(graded: Iterable[tuple[Submission, SubmissionVerdict]], rules: Rules) -> list[Grade]:
    """Apply policy, markers' points and adjustments.

    Of what a group handed in more than once, that counts for all which is worth most, lateness taken off.
    """
    pairs = list(graded)
    mine: dict[str, list[Adjustment]] = {}
    for adjustment in rules.adjustments:
        mine.setdefault(adjustment.student, []).append(adjustment)
    grades = []
    for submission, verdict in pairs:
        counts, earned = _best_of_group(submission, verdict, pairs, rules)
        own = mine.get(submission.key, [])
        grades.append(
            Grade(
                submission if counts is submission else _counting(submission, counts, pairs),
                earned,
                marks=tuple(_mark(one, own) for one in earned.graded),
                late=lateness(rules.policy, counts, rules.times),
                adjustments=tuple(one for one in own if one.exercise is None),
                person=rules.people.get(submission.key),
                written=tuple(
                    replace(mark, adjustments=tuple(one for one in own if one.exercise == mark.question.id))
                    for mark in rules.written.get(submission.key, ())
                ),
                excused=rules.excused.get(submission.key, ""),
            )
        )
    return grades


Pair = tuple[Submission, SubmissionVerdict]


def _best_of_group(
    submission: Submission, verdict: SubmissionVerdict, pairs: Sequence[Pair], rules: Rules
) -> Pair:
    """What counts for that student: their own, or where their group handed in more than once, the best of it."""
    theirs = [pair for pair in pairs if submission.group and pair[0].group == submission.group]
    if len({one.content for one, _ in theirs}) < 2:
        return submission, verdict

    def worth(pair: Pair) -> float:
        return pair[1].points * (1.0 - lateness(rules.policy, pair[0], rules.times).share)

    best = max(theirs, key=worth)
    return (submission, verdict) if best[0].content == submission.content else best


def _counting(mine: Submission, best: Submission, pairs: Sequence[Pair]) -> Submission:
    """The student's submission with what counts in it, and a note on what does not."""
    theirs = [one for one, _ in pairs if one.group == mine.group]
    left = sorted({one.source for one in theirs if one.content != best.content})
    note = f"{mine.group} handed in {len(left) + 1} times: {best.source} counts, not {', '.join(left)}"
    return replace(mine, files=best.files, source=best.source, notes=(*best.notes, note))


def _mark(verdict: ExerciseVerdict, adjustments: Iterable[Adjustment]) -> Mark:
    own = tuple(one for one in adjustments if one.exercise == verdict.exercise_id)
    points = verdict.points
    for adjustment in own:
        points = adjustment.apply(points)
    return Mark(verdict, round(points, 2), own)


def beyond_bounds(grades: Sequence[Grade]) -> list[str]:
    """Changes by hand that move more points than there are, or lead to more: said, and applied as written."""
    found = []
    for grade in grades:
        parts = [
            *(
                (m.verdict.exercise_id, m.verdict.points, m.points, m.verdict.out_of, m.adjustments)
                for m in grade.marks
            ),
            *((w.question.id, w.earned, w.points, w.question.points, w.adjustments) for w in grade.written),
            (
                "the total",
                grade.before_policy - grade.deducted,
                grade.points,
                grade.out_of,
                grade.adjustments,
            ),
        ]
        for what, before, after, worth, adjustments in parts:
            if any(one.beyond(after, worth) for one in adjustments):
                found.append(
                    f"adjustments.toml: {grade.key}, {what}: {before:g} became {after:g} of {worth:g} points"
                )
    return found
