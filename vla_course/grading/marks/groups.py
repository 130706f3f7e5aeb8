"""Groups that hand in once: what one of them hands in is everybody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vla_course.course.errors import CourseError
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.whose.names import key_of, readable, slug
from vla_course.grading.marks.meant import by_roster, call_the_roll, lines_of, meant
from vla_course.grading.marks.policy import Person
from vla_course.grading.marks.reading import read_csv


@dataclass(frozen=True)
class Group:
    """Who works together; `members` are called by key, id, login, e-mail or name."""

    name: str
    members: tuple[str, ...]


def read_groups(path: Path) -> tuple[Group, ...]:
    """The groups of the class, from a CSV file with the columns group and student.

    Raises:
        CourseError: where the file cannot be read, a cell is empty, or somebody is in two groups.
    """
    members: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for line, row in read_csv(path, "group", "student"):
        group, student = readable(row["group"]).strip(), readable(row["student"]).strip()
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


def share_out(
    submissions: Sequence[Submission],
    groups: Sequence[Group],
    roster: Sequence[Person],
    say: Callable[[str], None],
) -> list[Submission]:
    """A submission for each student: what a group handed in is each member's own.

    Args:
        submissions: as they were handed in, by members or in the group's own name.
        groups: of the class.
        roster: knows names, ids, logins and e-mails of members.
        say: told of groups that handed in nothing, and of names that mean several.

    Returns:
        All submissions by key, those of members with their group's name; who hands in what is theirs keeps it.

    Raises:
        CourseError: where a name in a group means several students, or somebody is in two groups.
    """
    people = call_the_roll(roster, submissions).people
    placed: dict[str, str] = {}
    left = {one.key: one for one in submissions}
    for group in groups:
        everybody = list(submissions)
        own = {member: _single(member, group, everybody, people) for member in group.members}
        whole = meant(group.name, everybody)
        theirs = [*(one for one in own.values() if one), *whole]
        if not theirs:
            say(f"{group.name}: nobody of the group has handed anything in")
            continue
        for one in whole:
            left.pop(one.key, None)
        for member, mine in own.items():
            shared = mine or _given_to(member, theirs[0], group, roster)
            if placed.setdefault(shared.key, group.name) != group.name:
                raise CourseError(
                    f'group {group.name}: student "{member}" is {shared.key}, who is in "{placed[shared.key]}" already'
                )
            left[shared.key] = replace(shared, group=group.name)
    return [one for _, one in sorted(left.items())]


def one_of_each_group(submissions: Sequence[Submission]) -> list[Submission]:
    """Each piece of work once: what a group handed in, or several in one submission, is one."""
    found: dict[tuple[str, str], Submission] = {}
    for one in submissions:
        found.setdefault((one.source, one.content), one)
    return list(found.values())


def _single(
    member: str, group: Group, submissions: Sequence[Submission], people: Mapping[str, Person]
) -> Submission | None:
    found = meant(member, submissions) or by_roster(member, submissions, people)
    if len(found) > 1:
        keys = ", ".join(one.key for one in found)
        raise CourseError(f'group {group.name}: student "{member}" means several, write one of {keys}')
    return found[0] if found else None


def _given_to(member: str, submission: Submission, group: Group, roster: Sequence[Person]) -> Submission:
    """The group's submission as that member's own: their key, name and id, the same files, and whose it was.

    The id is none of the platform's, so no platform is named; what was handed in goes back to who did that.
    """
    lines = lines_of(member, roster) or [Person(student=member)]
    if len(lines) > 1:
        ids = ", ".join(one.student for one in lines)
        raise CourseError(f'group {group.name}: student "{member}" means several of the roster, write one of {ids}')
    person = lines[0]
    name = person.name or person.student
    number = person.student if slug(person.student) not in ("", slug(name)) else ""
    return replace(
        submission,
        key=slug(person.student) if slug(name) in slug(person.student) else key_of(name, number),
        name=name,
        id=number,
        email=person.email,
        platform="",
        notes=(*submission.notes, f"handed in by {submission.name} for {group.name}"),
    )
