"""The marks of a class: what each student earned, and what policy, markers and adjustments make of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from vla_course.course.errors import CourseError
from vla_course.grading.class_run.adjustments import Adjustment
from vla_course.grading.class_run.groups import Group, given_to, lateness_of_all
from vla_course.grading.class_run.policy import Lateness, Person, Policy, is_about, lateness, with_alias
from vla_course.grading.class_run.rubric import WrittenMark
from vla_course.grading.intake.intake import Submission
from vla_course.grading.intake.names import slug
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict


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
    group: str = ""
    excused: str = ""
    """why it does not count, or nothing"""

    @property
    def key(self) -> str:
        return self.submission.key

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


def grades_of(
    graded: Iterable[tuple[Submission, SubmissionVerdict]],
    *,
    policy: Policy,
    times: Mapping[str, datetime.datetime],
    adjustments: Sequence[Adjustment],
    roster: Sequence[Person],
    groups: Sequence[Group] = (),
    written: Mapping[str, Sequence[WrittenMark]] | None = None,
    seed: int | None = None,
) -> list[Grade]:
    """Apply policy, markers' points and adjustments.

    Args:
        graded: submissions with what the tests said.
        policy: lateness, extensions, who is excused.
        times: when they were handed in, by `slug` of key, id or name.
        adjustments: changes by hand.
        roster: the people of the class.
        groups: whose submission is whose as well.
        written: points that people gave, by the key of the submission.
        seed: the class's secret, from which a member of a group has an alias.

    Returns:
        A grade a student, in the order of the submissions; members of a group stand together.

    Raises:
        CourseError: where an adjustment means several students.
    """
    handed = _handed_in(list(graded), groups, roster, seed)
    mine: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        whole = {
            one.mine.key for one in handed if one.group and slug(one.group.name) == slug(adjustment.student)
        }
        meant = [one.mine.key for one in handed if is_about(adjustment.student, one.mine)]
        if len(meant) > 1:
            raise CourseError(
                f'adjustments.toml: student "{adjustment.student}" means several, write one of {", ".join(meant)}'
            )
        for key in whole or meant:
            mine.setdefault(key, []).append(adjustment)
    grades = []
    for one in handed:
        own = mine.get(one.mine.key, [])
        person = next((person for person in roster if _is(person, one.mine)), None)
        told = (why for name, why in policy.excused.items() if is_about(name, one.mine))
        if one.group:
            late = lateness_of_all(policy, one.whole, one.group, times)
        else:
            late = lateness(policy, one.whole, times)
        grades.append(
            Grade(
                one.mine,
                one.verdict,
                marks=tuple(_mark(mark, own) for mark in one.verdict.graded),
                late=late,
                adjustments=tuple(change for change in own if change.exercise is None),
                person=person,
                written=tuple(
                    replace(mark, adjustments=tuple(a for a in own if a.exercise == mark.question.id))
                    for mark in (written or {}).get(one.whole.key, ())
                ),
                group=one.group.name if one.group else "",
                excused=next(told, person.excused if person else ""),
            )
        )
    return grades


@dataclass(frozen=True)
class _HandedIn:
    """What counts for one student: a submission as their own, and as it was handed in."""

    mine: Submission
    whole: Submission
    verdict: SubmissionVerdict
    group: Group | None = None


def _handed_in(
    pairs: list[tuple[Submission, SubmissionVerdict]],
    groups: Sequence[Group],
    roster: Sequence[Person],
    seed: int | None,
) -> list[_HandedIn]:
    """One for each student; where several of a group have handed in, the best of it counts for all."""
    found: list[_HandedIn] = []
    done: set[str] = set()
    for submission, verdict in pairs:
        group = next((one for one in groups if one.handed_in(submission)), None)
        if group is None:
            found.append(_HandedIn(submission, submission, verdict))
        elif group.name not in done:
            done.add(group.name)
            theirs = [pair for pair in pairs if group.handed_in(pair[0])]
            best, earned = max(theirs, key=lambda pair: pair[1].points)
            if left := [one.source for one, _ in theirs if one is not best]:
                note = (
                    f"{group.name} handed in {len(theirs)} times: {best.source} counts, not {', '.join(left)}"
                )
                best = replace(best, notes=(*best.notes, note))
            for member in group.members:
                mine = given_to(member, best, group, roster)
                found.append(_HandedIn(mine if seed is None else with_alias(mine, seed), best, earned, group))
    return found


def strangers(names: Sequence[str], known: Sequence[Submission | Person | Group]) -> list[str]:
    """Names that somebody wrote down and that mean nobody of those."""
    return sorted({name for name in names if not any(_means(name, one) for one in known)})


def _means(name: str, one: Submission | Person | Group) -> bool:
    match one:
        case Submission():
            return is_about(name, one)
        case Person():
            return slug(name) in {
                slug(word) for word in (one.student, one.name, one.sis_id, one.login) if word
            }
        case Group():
            return slug(name) == slug(one.name)


def absent(
    roster: Sequence[Person], submissions: Sequence[Submission], groups: Sequence[Group] = ()
) -> list[Person]:
    """Who is on the roster and handed in nothing, nor did anybody of their group."""
    theirs = [one for one in groups if any(one.handed_in(submission) for submission in submissions)]
    covered = {slug(name) for one in theirs for name in one.members}
    return [
        person
        for person in roster
        if not {slug(person.student), slug(person.name)} & covered
        and not any(_is(person, submission) for submission in submissions)
    ]


def _is(person: Person, submission: Submission) -> bool:
    names = {person.student, person.name, person.sis_id, person.login}
    return any(is_about(name, submission) for name in names if slug(name))


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
