"""`progress()`: where the student stands, by day, from the checks made so far."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from vla_course.course.manifest import Day, Exercise, Manifest, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.shown import as_html
from vla_course.course.source.keeping import read_state, write_state
from vla_course.course.verdict import Verdict


@dataclass(frozen=True)
class Standing:
    """The last check of one exercise; `edited` says that its file has changed since."""

    exercise: Exercise
    status: str
    points: float
    edited: bool


@dataclass(frozen=True)
class DayStanding:
    day: Day
    exercises: tuple[Standing, ...]

    @property
    def points(self) -> float:
        return sum(standing.points for standing in self.exercises)

    @property
    def out_of(self) -> int:
        return sum(standing.exercise.points for standing in self.exercises)


@dataclass(frozen=True, repr=False)
class Progress:
    days: tuple[DayStanding, ...]

    @property
    def points(self) -> float:
        return sum(day.points for day in self.days)

    @property
    def out_of(self) -> int:
        return sum(day.out_of for day in self.days)

    def as_json(self) -> dict[str, object]:
        exercises = {
            one.exercise.id: {
                "status": one.status,
                "points": one.points,
                "out_of": one.exercise.points,
                "edited": one.edited,
            }
            for day in self.days
            for one in day.exercises
        }
        return {"exercises": exercises, "points": self.points, "out_of": self.out_of}

    def __repr__(self) -> str:
        return f"{self.points:g} of {self.out_of} points (unofficial)"

    def _repr_html_(self) -> str | None:
        return as_html(self)


def progress() -> Progress:
    """Where you stand: a table by day, from the checks you have made."""
    root = CourseRoot.current()
    manifest = load_manifest(root)
    return Progress(tuple(_day(root, manifest, day) for day in manifest.days))


def _day(root: CourseRoot, manifest: Manifest, day: Day) -> DayStanding:
    checks = read_state(root, "progress")
    return DayStanding(day, tuple(_standing(root, one, checks.get(one.id)) for one in manifest.of_day(day)))


def _standing(root: CourseRoot, exercise: Exercise, last: dict[str, object] | None) -> Standing:
    if last is None:
        return Standing(exercise, "not checked", 0.0, edited=False)
    points = last.get("points")
    return Standing(
        exercise,
        status=str(last.get("status")),
        points=min(float(points), exercise.points) if isinstance(points, int | float) else 0.0,
        edited=last.get("file") != _fingerprint(root, exercise),
    )


def remember(root: CourseRoot, verdicts: Iterable[Verdict]) -> str:
    """Note the verdicts on the student's own answers; a submission or the solutions are not theirs.

    Returns why they could not be noted, in a sentence, else nothing.
    """
    if not root.at_desk():
        return ""
    manifest = load_manifest(root)
    state = read_state(root, "progress")
    for verdict in verdicts:
        if verdict.status == "too busy":  # nothing was found out; what was known before still holds
            continue
        state[verdict.id] = {
            "status": verdict.status,
            "points": verdict.points,
            "file": _fingerprint(root, manifest.exercise(verdict.id)),
        }
    return write_state(root, "progress", state)


def _fingerprint(root: CourseRoot, exercise: Exercise) -> str:
    path = root.stubs / exercise.path
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
