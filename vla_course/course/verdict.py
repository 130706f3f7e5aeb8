"""What a check found: one verdict on one exercise, and its parts."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import Any, Literal

from vla_course.course.shown import as_html, present

Status = Literal[
    "correct", "partly", "wrong", "not attempted", "does not load", "timed out", "crashed", "too busy"
]
"""`too busy`: the machine had no time for the check, which says nothing of the answer"""


UNOFFICIAL = "Unofficial points: from the tests that you can run. An instructor grades with more of them."


def with_unit(value: str, unit: str) -> str:
    """A value as it was written down, with its unit where it is a number or a row of numbers."""
    is_number = value[:1] == "[" or value.lstrip("-+")[:1].isdigit() or value.lstrip("-+") in ("nan", "inf")
    return f"{value} {unit}".rstrip() if is_number else value


@dataclass(frozen=True)
class Property:
    """One graded property; `message` says in a sentence what is not so.

    Of a hidden property nothing but `says`, `passed` and `points` is ever told to a student.
    """

    says: str
    passed: bool
    points: int
    expected: str = ""
    got: str = ""
    unit: str = ""
    message: str = ""
    mistake: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Hint:
    """A hint and why it is given: for a known mistake, or because it is the next in line."""

    text: str
    mistake: str | None = None


@dataclass(frozen=True, repr=False)
class Verdict:
    """The outcome of one check of one exercise.

    `points` is the exercise's points times the share of the graded points that passed: unofficial where only
    the shown tests ran. `output` is the end of what the student's code printed, `picture` a PNG.
    """

    id: str
    title: str
    place: str
    status: Status
    points: float
    out_of: int
    properties: tuple[Property, ...]
    message: str = ""
    hint: Hint | None = None
    seconds: float = 0.0
    output: str = ""
    picture: bytes | None = None
    remark: str = ""
    """what is to be said beside it: that it could not be noted, and why"""

    @property
    def correct(self) -> bool:
        return self.status == "correct"

    def share(self, part: Property) -> int:
        """How many in a hundred of the points that property is worth; those of all properties add up."""
        return round(100 * part.points / sum(one.points for one in self.properties))

    @property
    def mistake(self) -> str | None:
        """The known mistake that the answer gives away, if any."""
        return self.hint.mistake if self.hint else None

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain values; the picture in base64."""
        picture = base64.b64encode(self.picture).decode("ascii") if self.picture else None
        return {**asdict(self), "picture": picture}

    def __repr__(self) -> str:
        return f"{self.id} {self.title}: {self.status}, {self.points:g} of {self.out_of} points"

    def _repr_html_(self) -> str | None:
        return as_html(self)

    def _ipython_display_(self) -> None:
        present(self)
