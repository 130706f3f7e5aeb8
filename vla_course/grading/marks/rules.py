"""What an instructor wrote, by the students it means: policy, times, adjustments and roster, and what fits nobody."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from vla_course.course.errors import CourseError
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.whose.names import slug
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.meant import LISTED, by_roster, call_the_roll, lines_of, meant
from vla_course.grading.marks.policy import Extension, Person, Policy, Stamp, zone_of
from vla_course.grading.marks.rubric import WrittenMark

V = TypeVar("V")


@dataclass
class Rules:
    """The same as the instructor wrote, but that every student is called by key."""

    policy: Policy
    times: dict[str, datetime.datetime] = field(default_factory=dict)
    adjustments: list[Adjustment] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    """who of the roster each is"""
    absent: list[Person] = field(default_factory=list)
    """who is on the roster and handed in nothing"""
    excused: dict[str, str] = field(default_factory=dict)
    """why their marks do not count"""
    written: dict[str, list[WrittenMark]] = field(default_factory=dict)
    """what people gave for answers in words"""
    remarks: list[str] = field(default_factory=list)
    """what was written and means nobody, or contradicts itself"""


def resolve(
    submissions: Sequence[Submission],
    *,
    policy: Policy,
    times: Sequence[Stamp] = (),
    adjustments: Sequence[Adjustment] = (),
    roster: Sequence[Person] = (),
    questions: Collection[str] = (),
) -> Rules:
    """Find out whom each line means.

    Args:
        submissions: of the whole class.
        policy: as it is read; its extensions call students by key, id, e-mail or name.
        times: the lines of the list of times.
        adjustments: changes by hand.
        roster: the people of the class.
        questions: ids of the questions that people mark, which count whatever exercises do.

    Returns:
        The rules by key.

    Raises:
        CourseError: a line means several students; it says which keys there are.
    """
    roll = call_the_roll(roster, submissions)
    rules = Rules(policy, people=roll.people, absent=roll.absent, remarks=list(roll.remarks))
    finder = _Finder(submissions, roll.people, roll.absent, rules.remarks.append)
    extensions: dict[str, Extension] = {}
    for written, extension in policy.extensions.items():
        finder.keep(extensions, written, extension, "policy.toml, extensions")
    for stamp in times:
        finder.keep(rules.times, stamp.student, stamp.time, f"{policy.late.times}, line {stamp.line}")
    for written, why in policy.excused.items():
        finder.keep(rules.excused, written, why, "policy.toml, excused")
    rules.excused |= {key: one.excused for key, one in roll.people.items() if one.excused}
    for adjustment in adjustments:
        for found in finder.find(adjustment.student, "adjustments.toml"):
            rules.adjustments.append(adjustment.model_copy(update={"student": found.key}))
        counting = {*policy.exercises, *questions} if policy.exercises else ()
        if adjustment.exercise and counting and adjustment.exercise not in counting:
            rules.remarks.append(
                f'adjustments.toml: {adjustment.exercise} of "{adjustment.student}" is changed, and does not count'
            )
    _share(submissions, rules.times, max, lambda one: (one.group, one.content))
    _share(submissions, extensions, lambda given: max(given, key=_latest(policy)), lambda one: (one.group,))
    rules.policy = policy.model_copy(update={"extensions": extensions})
    rules.absent = [_excused(one, policy) for one in roll.absent]
    rules.remarks += _of_times(submissions, rules, policy, times)
    return rules


class _Finder:
    """Finds the one student that a line means, and says where there is none."""

    def __init__(
        self,
        submissions: Sequence[Submission],
        people: dict[str, Person],
        absent: Iterable[Person],
        say: Callable[[str], None],
    ) -> None:
        self.submissions, self.people, self.say = submissions, people, say
        self.absent = list(absent)

    def find(self, written: str, where: str) -> list[Submission]:
        """The one who is meant, or everybody of the group that is; nobody, and a remark, where it fits no one."""
        if group := [one for one in self.submissions if one.group and slug(one.group) == slug(written)]:
            return group
        own = meant(written, self.submissions) or by_roster(written, self.submissions, self.people)
        if len(own) > 1:
            keys = ", ".join(one.key for one in own)
            raise CourseError(f'{where}: student "{written}" means several, write one of {keys}')
        # Who handed in nothing is no slip of whoever gave an extension.
        if not own and not lines_of(written, self.absent):
            self.say(f'{where}: nobody of this class is "{written}"')
        return own

    def keep(self, into: dict[str, V], written: str, value: V, where: str) -> None:
        for found in self.find(written, where):
            if found.key in into:
                self.say(
                    f'{where}: "{written}" is {found.key}, of whom another line tells already: the last one counts'
                )
            into[found.key] = value


def _share(
    submissions: Sequence[Submission],
    known: dict[str, V],
    chosen: Callable[[list[V]], V],
    alike: Callable[[Submission], tuple[str, ...]],
) -> None:
    """What is known of one of a group is known of all who are alike in it."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in submissions:
        if one.group:
            found.setdefault(alike(one), []).append(one.key)
    for keys in found.values():
        if values := [known[key] for key in keys if key in known]:
            known |= dict.fromkeys(keys, chosen(values))


def _latest(policy: Policy) -> Callable[[Extension], float]:
    """Orders extensions by the deadline that they lead to."""
    due = policy.late.deadline

    def when(given: Extension) -> float:
        if isinstance(given, datetime.datetime):
            return given.timestamp()
        return (due.timestamp() if due else 0.0) + given * 86400.0

    return when


def _excused(person: Person, policy: Policy) -> Person:
    """Somebody who handed in nothing, with why they need not, where the policy says so."""
    why = next((why for written, why in policy.excused.items() if lines_of(written, [person])), person.excused)
    return person.model_copy(update={"excused": why})


def _of_times(
    submissions: Sequence[Submission], rules: Rules, policy: Policy, stamps: Sequence[Stamp]
) -> list[str]:
    """What nobody would see in the marks: times that are unknown, and zones that were not written."""
    late, remarks = policy.late, []
    if late.deadline is None:
        if any(not isinstance(one, datetime.datetime) for one in policy.extensions.values()):
            remarks.append(
                "policy.toml: extensions of so many days do nothing where late.deadline is not set"
            )
        return remarks
    zone = zone_of(late.deadline)
    without = sum(one.time.tzinfo is None for one in stamps)
    if without:
        remarks.append(
            f"{late.times}: {without} of {len(stamps)} times have no zone and are read in the deadline's, {zone}"
        )
    local = sorted({one.platform for one in submissions if one.submitted and one.submitted.tzinfo is None})
    if local:
        remarks.append(f"{' and '.join(local)}: times without a zone are read in the deadline's, {zone}")
    unknown = [one.key for one in submissions if one.key not in rules.times and not _is_timed(one, late.times)]
    if unknown:
        more = f" and {len(unknown) - LISTED} more" if len(unknown) > LISTED else ""
        where = {"names": "file names", "files": "the files' own times"}.get(late.times, late.times)
        remarks.append(f"{where}: no time of {', '.join(unknown[:LISTED])}{more}, who count as in time")
    return remarks


def _is_timed(submission: Submission, times: str) -> bool:
    """Whether something says how late it is, or that it is not."""
    by_name = submission.late_marker or submission.platform == "Canvas"
    return bool(submission.submitted or by_name or (times == "files" and submission.modified))
