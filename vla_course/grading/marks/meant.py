"""Whom an instructor means: names, keys and ids in policy, times, adjustments and roster, and the students they are.

An id says who it is, and a name only where no id does. Nothing is guessed: what means nobody, or several, is said.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.whose.names import forms, readable, run_together, slug
from vla_course.grading.marks.policy import Person

# Their ids are of the platform's own making; elsewhere an id is a number or a login of the school.
OWN_IDS = ("Canvas", "Moodle", "Brightspace")
LISTED = 6


def meant(written: str, submissions: Iterable[Submission]) -> list[Submission]:
    """The students whose key, alias, id, e-mail or name that is; several where it does not tell them apart."""
    everybody = list(submissions)
    for is_theirs in (_is_key, _is_alias, _is_id, _is_mail):
        if found := [one for one in everybody if is_theirs(written, one)]:
            return found
    return by_name(written, everybody)


def _is_key(written: str, submission: Submission) -> bool:
    """Whether it is the key: any spelling of it where an id is part of it, else letter for letter."""
    by_id = submission.key != slug(submission.name) and slug(written) == submission.key
    return by_id or written.strip() == submission.key


def _is_alias(written: str, submission: Submission) -> bool:
    return slug(written) == submission.alias != ""


def _is_id(written: str, submission: Submission) -> bool:
    return slug(written) == slug(submission.id) != ""


def _is_mail(written: str, submission: Submission) -> bool:
    return _same(written.casefold(), submission.email.casefold())


def by_name(written: str, submissions: Iterable[Submission]) -> list[Submission]:
    """The students of that name: as it is written, or else but for capitals and signs."""
    everybody = list(submissions)
    exactly = [one for one in everybody if _same(one.name, written)]
    return exactly or [one for one in everybody if _is_called(one, written)]


def _same(one: str, other: str) -> bool:
    return " ".join(readable(one).split()) == " ".join(readable(other).split()) != ""


def _is_called(submission: Submission, written: str) -> bool:
    called = forms(written)
    if submission.platform == "Canvas":  # it writes `doejane`
        called |= run_together(written)
    return slug(submission.name) in called


def lines_of(written: str, roster: Iterable[Person]) -> list[Person]:
    """The lines of the roster that are meant: by id, login or e-mail, or else by name; several if it fits several."""
    everybody = list(roster)
    called = slug(written)
    by_id = [
        one
        for one in everybody
        if called in {slug(one.student), slug(one.sis_id), slug(one.login)} - {""}
        or _same(written.casefold(), one.email.casefold())
    ]
    exactly = by_id or [one for one in everybody if _same(one.name, written)]
    return exactly or [one for one in everybody if forms(one.name) & forms(written)]


def by_roster(
    written: str, submissions: Iterable[Submission], people: Mapping[str, Person]
) -> list[Submission]:
    """The students whom the roster knows by that id, login, e-mail or name; `people` are its lines by key."""
    found = lines_of(written, people.values())
    return [one for one in submissions if people.get(one.key) in found]


@dataclass
class Roll:
    """The roster and the submissions, each with the other."""

    people: dict[str, Person] = field(default_factory=dict)
    """by the student's key"""
    absent: list[Person] = field(default_factory=list)
    """who is on the roster and handed in nothing"""
    remarks: list[str] = field(default_factory=list)


def call_the_roll(roster: Sequence[Person], submissions: Sequence[Submission]) -> Roll:
    """Find for each line of the roster its submission: by ids first, by names for who is left.

    Whoever may be one of several is neither: they get no line of the roster and are not absent, and it is said.
    """
    roll = Roll()
    if not roster:
        return roll
    by_id = {at: [one for one in submissions if _has_id(person, one)] for at, person in enumerate(roster)}
    found = {at: own[0] for at, own in by_id.items() if len(own) == 1}
    numbered = {one.platform for at, one in found.items() if _is_id(roster[at].student, one)}
    taken = {one.key for own in by_id.values() for one in own}
    left = [one for one in submissions if one.key not in taken]
    called = {
        at: [one for one in _named(roster[at], left) if not _is_another(roster[at], one, numbered)]
        for at, own in by_id.items()
        if not own
    }
    claims = Counter(one.key for own in called.values() for one in own)
    found |= {at: own[0] for at, own in called.items() if len(own) == 1 and claims[own[0].key] == 1}
    doubtful: set[str] = set()
    for at, person in enumerate(roster):
        candidates = by_id[at] or called[at]
        if at in found:
            if found[at].key in roll.people:
                roll.remarks.append(
                    f"{_line(person)} is {found[at].key}, whom an earlier line is already: left out"
                )
            roll.people.setdefault(found[at].key, person)
        elif candidates:
            doubtful |= {one.key for one in candidates}
            keys = _listed([one.key for one in candidates])
            roll.remarks.append(
                f"{_line(person)} may be {keys}, but not it alone: write a key or an id as student"
            )
        else:
            roll.absent.append(person)
    strangers = [one.key for one in submissions if one.key not in roll.people and one.key not in doubtful]
    if strangers:
        roll.remarks.append(f"on no line of the roster: {_listed(strangers)}")
    roll.remarks += [
        remark
        for at, one in found.items()
        if (remark := _contradiction(roster[at], one, roster, submissions))
    ]
    return roll


def _contradiction(
    person: Person, submission: Submission, roster: Sequence[Person], submissions: Sequence[Submission]
) -> str:
    """Where an id says one line of the roster and the name says another."""
    if not person.name or by_name(person.name, [submission]):
        return ""
    others = [
        one.name for one in roster if one is not person and one.name and by_name(one.name, [submission])
    ]
    if not others:
        return ""
    return (
        f"{_line(person)} has the id of {submission.key}, but that is the name of {others[0]}: the id counts"
    )


def _has_id(person: Person, submission: Submission) -> bool:
    """Whether a line's ids are this one's: `student` of any platform, the school's own where the id is one of those."""
    if submission.key != slug(submission.name) and slug(person.student) == submission.key:
        return True
    if _is_id(person.student, submission) or (person.email and _is_mail(person.email, submission)):
        return True
    school = () if submission.platform in OWN_IDS else (person.sis_id, person.login)
    return any(_is_id(one, submission) for one in school)


def _named(person: Person, submissions: Sequence[Submission]) -> list[Submission]:
    for name in (person.name, person.student):
        if slug(name) and (own := by_name(name, submissions)):
            return own
    return []


def _is_another(person: Person, submission: Submission, numbered: set[str]) -> bool:
    """Whether it is only somebody of the same name: the roster has the platform's ids, and theirs is another."""
    return (
        submission.platform in numbered
        and bool(submission.id)
        and person.student.strip().isdecimal()
        and slug(person.student) != slug(submission.id)
    )


def _line(person: Person) -> str:
    name = f" ({person.name})" if person.name and person.name != person.student else ""
    return f'roster: "{readable(person.student)}"{readable(name)}'


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - LISTED} more" if len(keys) > LISTED else ""
    return ", ".join(keys[:LISTED]) + more


def alias_of(seed: int, key: str) -> str:
    """What stands in place of that student: `student-` and eight digits, drawn from the class's secret seed."""
    return "student-" + hmac.new(str(seed).encode(), key.encode(), hashlib.sha256).hexdigest()[:8]


def with_alias(submission: Submission, seed: int) -> Submission:
    """The submission with what stands in place of its student while marking is anonymous."""
    return replace(submission, alias=alias_of(seed, submission.key))
