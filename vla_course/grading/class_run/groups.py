"""Groups that hand in once: what one of them hands in is everybody's."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vla_course.course.errors import CourseError
from vla_course.grading.class_run.policy import Lateness, Person, Policy, is_about, lateness
from vla_course.grading.class_run.reading import read_csv
from vla_course.grading.intake.intake import Submission
from vla_course.grading.intake.names import slug


@dataclass(frozen=True)
class Group:
    """Who works together; `members` are called by key, id or name."""

    name: str
    members: tuple[str, ...]

    def handed_in(self, submission: Submission) -> bool:
        """Whether the submission is one of theirs: a member's, or one in the group's own name."""
        return any(is_about(name, submission) for name in (self.name, *self.members))


def read_groups(path: Path) -> tuple[Group, ...]:
    """The groups of the class, from a CSV file with the columns group and student.

    Raises:
        CourseError: where the file cannot be read, a cell is empty, or somebody is in two groups.
    """
    members: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for line, row in read_csv(path, "group", "student"):
        group, student = row["group"].strip(), row["student"].strip()
        for column, value in (("group", group), ("student", student)):
            if not slug(value):
                raise CourseError(
                    f"{path.name}, line {line}: {column} is {value!r}, expected a name or an id"
                )
        if slug(student) in seen:
            raise CourseError(f'{path.name}, line {line}: "{student}" is in "{seen[slug(student)]}" already')
        seen[slug(student)] = group
        members.setdefault(group, []).append(student)
    return tuple(Group(name, tuple(who)) for name, who in members.items())


def given_to(member: str, submission: Submission, group: Group, roster: Sequence[Person]) -> Submission:
    """The group's submission as that member's own: their key, name and id, the same files, and a note whose it was."""
    if is_about(member, submission):
        return submission
    person = next((one for one in roster if slug(member) in {slug(one.student), slug(one.name)}), None)
    known = person or Person(student=member)
    name, key = known.name or known.student, slug(known.student)
    return replace(
        submission,
        key=key if slug(name) in key else f"{slug(name)}-{key}",
        name=name,
        id=known.student if known.student.isdecimal() else "",
        notes=(*submission.notes, f"handed in by {submission.name} for {group.name}"),
    )


def lateness_of_all(
    policy: Policy, submission: Submission, group: Group, times: Mapping[str, datetime.datetime]
) -> Lateness:
    """How late the group is: what is given to one of them, or to the group by its name, is given to all."""
    names = {
        slug(name) for name in (submission.key, submission.name, submission.id, group.name, *group.members)
    }
    given = [
        lateness(policy.model_copy(update={"extensions": {submission.key: extension}}), submission, times)
        for name, extension in policy.extensions.items()
        if slug(name) in names
    ]
    return min(given, key=lambda one: one.share, default=lateness(policy, submission, times))
