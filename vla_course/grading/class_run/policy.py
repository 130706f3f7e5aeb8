"""What an instructor decides beside the marks: deadline, lateness, extensions, who is excused, names; `policy.toml`."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Manifest
from vla_course.grading.class_run.reading import Checked, read_csv, read_toml, validated
from vla_course.grading.intake.intake import Submission
from vla_course.grading.intake.names import slug


class Late(Checked):
    """What lateness costs: `per_day` (share of the marks earned) for each day begun after deadline and grace."""

    deadline: AwareDatetime | None = None
    grace_minutes: float = Field(default=0.0, ge=0)
    per_day: float = Field(default=0.0, ge=0, le=1)
    at_most: float = Field(default=1.0, ge=0, le=1)
    times: str = "names"
    """where times come from: `names` (only "late" in file names), `files` (when the file was last written here),
    or a CSV file with the columns student and submitted"""
    days_if_unknown: int = Field(default=1, ge=0)
    """how many days a submission counts as late that a platform only marked "late" """


class Policy(Checked):
    """The whole of `policy.toml`; without one, nothing is late and every exercise counts."""

    assignment: str = "VLA course"
    exercises: tuple[str, ...] = ()
    """which are graded; none named: all"""
    late: Late = Late()
    extensions: dict[str, AwareDatetime | float] = Field(default_factory=dict)
    """by student: another deadline, or so many days more"""
    excused: dict[str, str] = Field(default_factory=dict)
    """by student, why: no mark, which is neither a zero nor missing"""
    missing: Literal["zero", "blank"] = "zero"
    """what who handed in nothing gets: 0 points, or no mark"""
    roster: str = ""
    """a CSV file with the column student (id, key or name) and any of name, email, sis_id, login, section"""
    gradebook: str = ""
    """the CSV file that Canvas exports: `canvas.csv` fills its column; the roster, where none is named"""
    groups: str = ""
    """a CSV file with the columns group and student: what one of them hands in is everybody's"""
    rubric: str = ""
    """a TOML file with the questions that people mark"""
    notebooks: Literal["told", "taken"] = "told"
    """what becomes of an answer in a notebook's cell: told in the report, or graded where the file has none"""
    anonymous: bool = False
    """whether keys stand in place of names in all that who marks gets to see"""
    hidden_visibility: Literal["hidden", "after_due_date", "after_published", "visible"] = "after_published"
    """when Gradescope shows students the properties that hidden tests looked at"""


class Person(Checked):
    """One line of the roster."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    student: str = Field(min_length=1)
    name: str = ""
    email: str = ""
    sis_id: str = ""
    login: str = ""
    section: str = ""
    excused: str = ""
    """why no mark is given, or nothing"""


def read_policy(path: Path | None, manifest: Manifest) -> Policy:
    """The policy in that file, or the one without rules; raises `CourseError` or `Unresolved`."""
    if path is None:
        return Policy()
    policy = read_toml(path, Policy)
    for exercise_id in policy.exercises:
        manifest.exercise(exercise_id)
    return policy


def read_roster(path: Path) -> tuple[Person, ...]:
    """The people of the class, from a CSV file with headings."""
    return tuple(
        validated(Person, row, f"{path.name}, line {line}") for line, row in read_csv(path, "student")
    )


def read_times(path: Path) -> dict[str, datetime.datetime]:
    """When each student handed in, from a CSV file with the columns student and submitted (ISO 8601)."""
    found = {}
    for line, row in read_csv(path, "student", "submitted"):
        try:
            time = datetime.datetime.fromisoformat(row["submitted"].strip())
        except ValueError:
            raise CourseError(
                f"{path.name}, line {line}: submitted is {row['submitted']!r}, expected such as 2026-10-01T23:59+02:00"
            ) from None
        found[slug(row["student"])] = time if time.tzinfo else time.astimezone()
    return found


@dataclass(frozen=True)
class Lateness:
    """How late a submission is, and which share of its marks that costs."""

    days: int = 0
    share: float = 0.0
    note: str = ""


def lateness(policy: Policy, submission: Submission, times: Mapping[str, datetime.datetime]) -> Lateness:
    """How late the submission is by the policy; `times` are by `slug` of key, id or name."""
    late = policy.late
    deadline = late.deadline
    given = next((policy.extensions[name] for name in policy.extensions if is_about(name, submission)), None)
    if isinstance(given, datetime.datetime):
        deadline = given
    elif given is not None and deadline is not None:
        deadline += datetime.timedelta(days=given)
    extended = " (extended)" if given is not None else ""
    submitted = next((times[name] for name in _names(submission) if name in times), None)
    if submitted is None and late.times == "files":
        submitted = submission.modified
    if submitted is not None and deadline is not None:
        over = submitted - deadline - datetime.timedelta(minutes=late.grace_minutes)
        days = max(0, math.ceil(over / datetime.timedelta(days=1)))
        note = f"handed in {submitted:%Y-%m-%d %H:%M}, due {deadline:%Y-%m-%d %H:%M}{extended}"
    elif submission.late_marker and given is None:
        days = late.days_if_unknown
        note = f'marked "late" by the platform, counted as {_days(days)}'
    elif submission.late_marker:
        days, note = 0, 'marked "late" by the platform; has an extension, so it is not counted'
    else:
        return Lateness()
    if days == 0:
        return Lateness(note=note if submission.late_marker or extended else "")
    share = min(late.at_most, days * late.per_day)
    return Lateness(days, share, f"{note}: {_days(days)} late, {share:.0%} of the marks deducted")


def excused(person: Person, policy: Policy) -> Person:
    """Somebody who handed in nothing, with why they need not, where the policy says so."""
    names = {slug(name) for name in (person.student, person.name, person.sis_id, person.login)}
    why = next((why for name, why in policy.excused.items() if slug(name) in names), person.excused)
    return person.model_copy(update={"excused": why})


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def is_about(name: str, submission: Submission) -> bool:
    """Whether a name written by the instructor means this student: their key, id, name or alias."""
    return slug(name) in _names(submission)


def _names(submission: Submission) -> tuple[str, ...]:
    return tuple(
        filter(None, (submission.key, slug(submission.id), slug(submission.name), slug(submission.alias)))
    )


def alias_of(seed: int, key: str) -> str:
    """What stands in place of that student: `student-` and eight digits, drawn from the class's secret seed."""
    return "student-" + hmac.new(str(seed).encode(), key.encode(), hashlib.sha256).hexdigest()[:8]


def with_alias(submission: Submission, seed: int) -> Submission:
    """The submission with what stands in place of its student while marking is anonymous."""
    return replace(submission, alias=alias_of(seed, submission.key))
