"""The course as data: days and exercises, read from `data/course.toml` and checked."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from vla_course.course.errors import CourseError, Unresolved
from vla_course.course.root import CourseRoot

EXERCISE_ID = re.compile(r"[1-9]\d*\.[1-9]\d*")
SYMBOL = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?")
MISTAKE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SYSTEM = re.compile(r"S\d+")
DAY_FOLDER = re.compile(r"day(\d+)_[a-z0-9_]+")

DEFAULT_SECONDS = 20.0
"""of processor time, for one check or for one grading of an exercise; loading libraries and tests does not count"""


@dataclass(frozen=True)
class Day:
    number: int
    folder: str
    title: str


@dataclass(frozen=True)
class Exercise:
    """One exercise: where it is written, what it is worth and what helps.

    `minutes` is how long it usually takes, `seconds` how long one check of it may compute, `mistakes` maps the
    name of a known mistake to the hint for it. `core` says that it is on the path of half a day through its day.
    """

    id: str
    title: str
    day: Day
    file: str
    symbol: str
    points: int
    minutes: int
    difficulty: int
    objective: str
    hints: tuple[str, ...]
    mistakes: Mapping[str, str]
    prerequisites: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    seconds: float = DEFAULT_SECONDS
    core: bool = False

    @property
    def path(self) -> PurePosixPath:
        """The file it is written in, below `vla_course/exercises` and below `solutions` alike."""
        return PurePosixPath(self.day.folder, self.file)

    @property
    def module(self) -> str:
        """The same as a dotted name below `vla_course.exercises` and `vla_course.reference`."""
        return f"{self.day.folder}.{self.file.removesuffix('.py')}"


@dataclass(frozen=True)
class Manifest:
    days: tuple[Day, ...]
    exercises: tuple[Exercise, ...]

    def exercise(self, exercise_id: str) -> Exercise:
        """The exercise of that id; an unknown one is a `CourseError` that lists the nearest ids."""
        if not isinstance(exercise_id, str):
            raise CourseError(f'exercise ids are text: write "{exercise_id}" in quotes')
        for exercise in self.exercises:
            if exercise.id == exercise_id:
                return exercise
        ids = [exercise.id for exercise in self.exercises]
        near = difflib.get_close_matches(exercise_id, ids, n=3, cutoff=0.3) or ids[:3]
        raise CourseError(
            f'no exercise "{exercise_id}"; near it: {", ".join(near)} (`vla-course progress` lists them all)'
        )

    def of_day(self, day: Day) -> tuple[Exercise, ...]:
        return tuple(exercise for exercise in self.exercises if exercise.day == day)


def load_manifest(root: CourseRoot) -> Manifest:
    """Read and check the manifest of that course."""
    where = root.shorten(root.manifest)
    try:
        tables = tomllib.loads(root.manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{where} is missing: this folder is not a checkout of the course") from None
    except tomllib.TOMLDecodeError as fault:
        raise CourseError(f"{where} is not valid TOML: {fault}") from None
    return read_manifest(tables, where)


def read_manifest(tables: Mapping[str, Any], where: str = "course.toml") -> Manifest:
    """Check every field of the parsed file; raises `Unresolved` with every problem found."""
    problems: list[str] = []
    _only_known("", tables, {"day", "exercise"}, problems)
    days = [_read_day(_Table(table, "day", problems)) for table in tables.get("day", ())]
    by_number = {day.number: day for day in days}
    exercises: list[Exercise] = []
    for table in tables.get("exercise", ()):
        name = table.get("id", f"number {len(exercises) + 1}")
        exercise = _read_exercise(_Table(table, f"exercise {name}", problems), by_number)
        known = {other.id for other in exercises}
        if exercise.id in known:
            problems.append(f"exercise {exercise.id}: field id is used twice")
        for earlier in exercise.prerequisites:
            if earlier not in known:
                problems.append(
                    f'exercise {exercise.id}: field prerequisites holds "{earlier}", '
                    "expected the id of an exercise listed before it"
                )
        exercises.append(exercise)
    if problems:
        raise Unresolved(f"{where} has {len(problems)} problem(s):", problems)
    return Manifest(tuple(days), tuple(exercises))


class _Table:
    """One table of the file; every reader notes what is wrong and goes on with a placeholder."""

    def __init__(self, table: Mapping[str, Any], name: str, problems: list[str]) -> None:
        self.table, self.name, self.problems = table, name, problems

    def problem(self, field: str, expected: str) -> None:
        found = f"is {self.table[field]!r}" if field in self.table else "is missing"
        self.problems.append(f"{self.name}: field {field} {found}, expected {expected}")

    def text(self, field: str, pattern: re.Pattern[str] | None = None, like: str = "a text") -> str:
        value = self.table.get(field)
        if not isinstance(value, str) or not value.strip() or (pattern and not pattern.fullmatch(value)):
            self.problem(field, like)
            return ""
        return value

    def whole(self, field: str, low: int, high: int) -> int:
        value = self.table.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.problem(field, f"a whole number from {low} to {high}")
            return low
        return value

    def truth(self, field: str) -> bool:
        value = self.table.get(field, False)
        if not isinstance(value, bool):
            self.problem(field, "true or false")
        return value is True

    def texts(self, field: str, pattern: re.Pattern[str] | None, like: str, least: int) -> tuple[str, ...]:
        values = self.table.get(field, [])
        sound = isinstance(values, list) and all(
            isinstance(value, str) and value.strip() and (not pattern or pattern.fullmatch(value))
            for value in values
        )
        if not sound or len(values) < least:
            self.problem(field, f"a list of {like}" + (f", at least {least}" if least else ""))
            return ()
        return tuple(values)


def _read_day(table: _Table) -> Day:
    _only_known("day: ", table.table, {"number", "folder", "title"}, table.problems)
    number = table.whole("number", 1, 99)
    folder = table.text("folder", DAY_FOLDER, "a name such as day3_humanoid_balance")
    if folder and not folder.startswith(f"day{number}_"):
        table.problem("folder", f"a name that starts with day{number}_")
    return Day(number, folder, table.text("title"))


def _read_exercise(table: _Table, days: Mapping[int, Day]) -> Exercise:
    _only_known(f"{table.name}: ", table.table, set(Exercise.__annotations__) - {"day"}, table.problems)
    exercise_id = table.text("id", EXERCISE_ID, 'text such as "3.5"')
    day = days.get(int(exercise_id.split(".")[0])) if exercise_id else None
    if exercise_id and day is None:
        table.problem("id", "the number of a [[day]] before the dot")
    mistakes = table.table.get("mistakes", {})
    for name, text in mistakes.items():
        if not MISTAKE_NAME.fullmatch(name):
            table.problems.append(
                f'{table.name}: field mistakes names "{name}", expected words joined by hyphens'
            )
        if not isinstance(text, str) or not text.strip():
            table.problems.append(
                f"{table.name}: field mistakes.{name} is {text!r}, expected the hint for that mistake"
            )
    seconds = table.table.get("seconds", DEFAULT_SECONDS)
    if not isinstance(seconds, int | float) or not 0 < seconds <= 600:
        table.problem("seconds", "a number of seconds up to 600")
    return Exercise(
        id=exercise_id,
        title=table.text("title"),
        day=day or Day(0, "", ""),
        file=table.text("file", re.compile(r"[a-z_]\w*\.py"), "a file name such as zmp.py"),
        symbol=table.text("symbol", SYMBOL, "a function, or Class.method"),
        points=table.whole("points", 1, 100),
        minutes=table.whole("minutes", 1, 240),
        difficulty=table.whole("difficulty", 1, 5),
        objective=table.text("objective"),
        hints=table.texts("hints", None, "hints, gentlest first", least=1),
        mistakes=dict(mistakes),
        prerequisites=table.texts("prerequisites", EXERCISE_ID, "exercise ids", least=0),
        systems=table.texts("systems", SYSTEM, "systems such as S21", least=0),
        seconds=float(seconds) if isinstance(seconds, int | float) else DEFAULT_SECONDS,
        core=table.truth("core"),
    )


def _only_known(name: str, table: Mapping[str, Any], known: set[str], problems: list[str]) -> None:
    for field in sorted(set(table) - known):
        near = difflib.get_close_matches(field, known, n=1)
        meant = f", did you mean {near[0]}?" if near else f", expected one of {', '.join(sorted(known))}"
        problems.append(f"{name}unknown field {field}{meant}")
