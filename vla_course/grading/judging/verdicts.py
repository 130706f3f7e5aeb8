"""What grading found: one verdict a test, an exercise and a submission, each to JSON and back.

Texts in a verdict may hold what a student's code said (`message`, `output`): they are bounded, but whoever
prints them into HTML or a terminal escapes them first.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeVar

from vla_course.course.errors import CourseError


class TooBusy(CourseError):
    """This machine had no time for an answer. That is no mark: grade again."""


Status = Literal["correct", "partly", "wrong", "not attempted", "does not load", "timed out", "crashed"]

V = TypeVar("V")


@dataclass(frozen=True)
class TestVerdict:
    """One graded property. Of a hidden one, `message` is empty: the student reads what it `says`, no more."""

    __test__ = False  # pytest takes a class called Test... for a test

    test_id: str
    """`shown/day3_humanoid_balance/test_3_5_zero_moment_point.py::test_at_rest`"""
    says: str
    hidden: bool
    points: int
    """what the test is worth, whether it passed or not"""
    passed: bool
    message: str = ""
    mistake: str | None = None
    """the name of the known mistake that the answer gives away; its hint is in the manifest"""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> TestVerdict:
        return _read(cls, values)


@dataclass(frozen=True)
class ExerciseVerdict:
    """One exercise, graded on the reference's other parts; or, with `integration`, a day's whole own chain."""

    exercise_id: str
    """an id of the manifest; of an integration, `day3`"""
    title: str
    status: Status
    points: float
    out_of: int
    tests: tuple[TestVerdict, ...]
    integration: bool = False
    message: str = ""
    """why there is nothing to grade, or what cut the grading short"""
    output: str = ""
    """the end of what the student's code printed before the first hidden test began"""
    picture: str = ""
    """a PNG in base64 that explains the first failure of a shown test, or nothing"""
    seconds: float = 0.0

    @property
    def mistake(self) -> str | None:
        """The known mistake to talk about first."""
        return next((test.mistake for test in self.tests if test.mistake and not test.passed), None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ExerciseVerdict:
        return _read(cls, values)


@dataclass(frozen=True)
class SubmissionVerdict:
    """A whole submission. `points` and `out_of` count exercises; integrations are told beside them."""

    submission_id: str
    exercises: tuple[ExerciseVerdict, ...]
    points: float
    out_of: int
    seed: int
    course_version: str
    sandbox_level: str
    """`bubblewrap` or `limits`"""
    seconds: float
    notes: tuple[str, ...] = ()
    """what an instructor should know: a file that is a link, a grader that had to start again"""

    @property
    def graded(self) -> tuple[ExerciseVerdict, ...]:
        """The exercises of the manifest."""
        return tuple(verdict for verdict in self.exercises if not verdict.integration)

    @property
    def integrations(self) -> tuple[ExerciseVerdict, ...]:
        """What the student's own parts do together."""
        return tuple(verdict for verdict in self.exercises if verdict.integration)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SubmissionVerdict:
        return _read(cls, values)


def _read(kind: type[V], values: Mapping[str, Any]) -> V:
    """A verdict from plain values; raises ValueError that names the field, the value and what was expected."""
    if not isinstance(values, Mapping):
        raise ValueError(f"{kind.__name__} is {values!r:.80}, expected an object")
    hints = typing.get_type_hints(kind)
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"{kind.__name__}: unknown field {unknown[0]}, expected one of {', '.join(sorted(known))}")
    read = {name: _value(hints[name], value, f"{kind.__name__}.{name}") for name, value in values.items()}
    try:
        return kind(**read)
    except TypeError as fault:  # a field is missing
        raise ValueError(f"{kind.__name__}: {fault}") from None


def _value(hint: Any, value: Any, where: str) -> Any:
    """The value as the field's type; tuples are lists in JSON, whole numbers pass for floats."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if isinstance(value, list | tuple):
            return tuple(_value(inner[0], element, where) for element in value)
    elif origin is Literal:
        if value in inner:
            return value
    elif origin is types.UnionType:
        if value is None or isinstance(value, str):
            return value
    elif hasattr(hint, "from_json"):
        return value if isinstance(value, hint) else hint.from_json(value)
    elif hint is float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    elif isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    expected = inner if origin is Literal else getattr(hint, "__name__", hint)
    raise ValueError(f"{where} is {value!r:.80}, expected {expected}")
