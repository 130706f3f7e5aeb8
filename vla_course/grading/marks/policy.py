"""What an instructor decides beside the marks: deadline, lateness, extensions, who is excused, names; `policy.toml`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    PlainValidator,
    field_validator,
    model_validator,
)

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Manifest
from vla_course.grading.intake.submission import Submission
from vla_course.grading.marks.reading import Checked, read_csv, read_toml, validated

YEARS = range(1990, 2200)
MOST_DAYS = 36_500
NO_REASONS = {"no", "n", "false", "0", "-", "none"}
"""what a spreadsheet has where somebody is not excused"""


def _in_our_time(time: datetime.datetime) -> datetime.datetime:
    if time.year not in YEARS:
        raise ValueError(f"expected a year from {YEARS.start} to {YEARS.stop - 1}")
    return time


def _extension(value: object) -> object:
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return _in_our_time(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_DAYS:
        return float(value)
    raise ValueError(f"expected 0 to {MOST_DAYS} days, or a date with time and zone (2026-10-08T12:00:00+02:00)")


Time = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Extension = Annotated[datetime.datetime | float, PlainValidator(_extension)]
"""another deadline, or so many days more"""


class Late(Checked):
    """What lateness costs: `per_day` (share of the marks earned) for each day begun after deadline and grace."""

    deadline: Time | None = None
    grace_minutes: float = Field(default=0.0, ge=0, le=MOST_DAYS * 24 * 60)
    per_day: float = Field(default=0.0, ge=0, le=1)
    at_most: float = Field(default=1.0, ge=0, le=1)
    times: str = "names"
    """where times come from: `names` (only "late" in file names), `files` (when the file was last written here),
    or a CSV file with the columns student and submitted; a time that a platform itself wrote goes before `files`"""
    days_if_unknown: int = Field(default=1, ge=0, le=MOST_DAYS)
    """how many days a submission counts as late that a platform only marked "late" """


class Policy(Checked):
    """The whole of `policy.toml`; without one, nothing is late and every exercise counts."""

    assignment: str = "VLA course"
    exercises: tuple[str, ...] = ()
    """which are graded; none named: all"""
    late: Late = Late()
    extensions: dict[str, Extension] = Field(default_factory=dict)
    """by student: another deadline, or so many days more"""
    excused: dict[str, str] = Field(default_factory=dict)
    """by student, why: no mark, which is neither a zero nor missing"""
    missing: Literal["zero", "blank"] = "zero"
    """what who handed in nothing gets: 0 points, or no mark"""
    roster: str = ""
    """a CSV file with the column student (id, key or name) and any of name, email, sis_id, login, section, excused"""
    gradebook: str = ""
    """the CSV file that Canvas exports: `canvas.csv` fills its column; the roster, where none is named"""
    groups: str = ""
    """a CSV file with the columns group and student: what one of them hands in is everybody's"""
    rubric: str = ""
    """a TOML file with the questions that people mark"""
    notebooks: Literal["told", "taken"] = "told"
    """what becomes of an answer in a notebook's cell: told in the report, or graded where the file has none"""
    anonymous: bool = False
    """whether keys stand in place of names in all that markers get to see"""
    hidden_visibility: Literal["hidden", "after_due_date", "after_published", "visible"] = "after_published"
    """when Gradescope shows students the properties that hidden tests looked at"""

    @model_validator(mode="after")
    def _fields_stand_above_tables(self) -> Policy:
        for table, names in (("extensions", self.extensions), ("excused", self.excused)):
            if below := [name for name in names if name in Policy.model_fields]:
                told = f"{below[0]} stands below [{table}] and is read as a student: move it above all tables"
                raise ValueError(told)
        return self


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

    @field_validator("excused")
    @classmethod
    def _is_a_reason(cls, excused: str) -> str:
        if excused.strip().casefold() in NO_REASONS:
            raise ValueError("expected why this student is excused, or nothing where they are not")
        return excused.strip()


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


@dataclass(frozen=True)
class Stamp:
    """One line of the list of times; without a zone where none is written."""

    student: str
    time: datetime.datetime
    line: int


def read_times(path: Path) -> tuple[Stamp, ...]:
    """When each student handed in, from a CSV file with the columns student and submitted (ISO 8601)."""
    found = []
    for line, row in read_csv(path, "student", "submitted"):
        try:
            time = _in_our_time(datetime.datetime.fromisoformat(row["submitted"].strip()))
        except ValueError:
            raise CourseError(
                f"{path.name}, line {line}: submitted is {row['submitted']!r}, expected such as 2026-10-01T23:59+02:00"
            ) from None
        found.append(Stamp(row["student"], time, line))
    return tuple(found)


@dataclass(frozen=True)
class Lateness:
    """How late a submission is, and which share of its marks that costs."""

    days: int = 0
    share: float = 0.0
    note: str = ""


def lateness(policy: Policy, submission: Submission, times: Mapping[str, datetime.datetime]) -> Lateness:
    """How late the submission is by the policy, every time in the deadline's zone.

    Extensions of the policy and `times` are by the student's key (`rules.resolve` makes them so).
    """
    late = policy.late
    given = policy.extensions.get(submission.key)
    deadline = _extended(late.deadline, given)
    extended = " (extended)" if given is not None else ""
    submitted = times.get(submission.key) or submission.submitted
    if submitted is None and late.times == "files":
        submitted = submission.modified
    if submitted is not None and deadline is not None:
        submitted = in_zone_of(submitted, deadline)
        over = submitted - deadline - datetime.timedelta(minutes=late.grace_minutes)
        days = max(0, math.ceil(over / datetime.timedelta(days=1)))
        note = f"handed in {_shown(submitted)}, due {_shown(deadline)}{extended} ({zone_of(deadline)})"
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


def _extended(deadline: datetime.datetime | None, given: Extension | None) -> datetime.datetime | None:
    if isinstance(given, datetime.datetime):
        return given if deadline is None else given.astimezone(deadline.tzinfo)
    if given is None or deadline is None:
        return deadline
    return deadline + datetime.timedelta(days=given)


def in_zone_of(time: datetime.datetime, deadline: datetime.datetime) -> datetime.datetime:
    """The time in the deadline's zone, whole seconds; one without a zone is in that zone already."""
    whole = time.replace(microsecond=0)
    return (
        whole.replace(tzinfo=deadline.tzinfo) if whole.tzinfo is None else whole.astimezone(deadline.tzinfo)
    )


def zone_of(time: datetime.datetime) -> str:
    """The zone of a time as an offset, such as "UTC+02:00"."""
    offset = time.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def _shown(time: datetime.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
