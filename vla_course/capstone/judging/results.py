"""What came of a station, and what it is worth beside the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vla_course.capstone.own.desk import Whose
from vla_course.capstone.stations.station import Axes, Property, Station


@dataclass(frozen=True)
class Measured:
    """What was measured at a station.

    Attributes:
        numbers: by name.
        curve: where it has one, points and values.
        films: of each its file's name and what is to be said of it.
        fault: in a sentence, why it did not come to its end; empty where it did.
        remarks: on the student's code.
    """

    numbers: Mapping[str, float] = field(default_factory=dict)
    curve: tuple[Sequence[float], Sequence[float]] | None = None
    films: Sequence[tuple[str, str]] = ()
    fault: str = ""
    remarks: Sequence[str] = ()

    @classmethod
    def of(cls, events: Iterable[Mapping[str, Any]], fault: str) -> Measured:
        """Return what a child's events say."""
        numbers: dict[str, float] = {}
        curve, films, remarks = None, list[tuple[str, str]](), list[str]()
        for event in events:
            match event["event"]:
                case "number":
                    numbers[event["name"]] = event["value"]
                case "curve":
                    curve = event["x"], event["y"]
                case "film":
                    films.append((event["path"], event["caption"]))
                case "remark":
                    remarks.append(event["message"])
        return cls(numbers, curve, films, fault, remarks)

    @classmethod
    def kept(cls, told: Mapping[str, Any]) -> Measured:
        """Return what `as_kept` gave."""
        curve = told.get("curve")
        return cls(told["numbers"], None if curve is None else (curve["x"], curve["y"]))

    def as_kept(self) -> dict[str, Any]:
        """Return numbers and curve, plain enough for JSON."""
        told: dict[str, Any] = {"numbers": dict(self.numbers)}
        if self.curve is not None:
            told["curve"] = {"x": list(self.curve[0]), "y": list(self.curve[1])}
        return told


@dataclass(frozen=True)
class Judged:
    """A property, its number beside the reference's, and whether the bar was reached; `value` is None unmeasured."""

    asked: Property
    value: float | None
    reference: float
    reached: bool

    @property
    def limit(self) -> float:
        """The bar in the number's own unit."""
        return self.asked.bar.limit(self.reference)


@dataclass(frozen=True)
class Result:
    """A station of the capstone, as it is told.

    Attributes:
        station: it.
        judged: property by property.
        whose: of each exercise, whether the student's function ran.
        measured: numbers, curve, films and what went wrong.
        reference: the same of the reference, in the same scenes.
        stood_in: exercises of the student's that the reference's stood in for here, because they broke down at
            another station.
    """

    station: Station
    judged: Sequence[Judged]
    whose: Sequence[Whose]
    measured: Measured
    reference: Measured
    stood_in: Sequence[str] = ()

    @property
    def own(self) -> float:
        """The fraction of the exercises here that are the student's, by their points in the course."""
        return sum(one.exercise.points for one in self.whose if one.own) / sum(
            one.exercise.points for one in self.whose
        )

    @property
    def points(self) -> float:
        """Points for what is one's own: those of the bars that were reached, times `own`."""
        return round(sum(one.asked.points for one in self.judged if one.reached) * self.own, 1)

    @property
    def open_points(self) -> float:
        """Points that nobody can have as long as some exercises are the reference's."""
        return round(self.station.points * (1.0 - self.own), 1)


def judge(
    station: Station,
    measured: Measured,
    reference: Measured,
    whose: Sequence[Whose],
    stood_in: Sequence[str] = (),
) -> Result:
    """Hold what was measured at a station against its bars.

    Raises:
        ValueError: the reference lacks a number; names it.
    """
    judged = []
    for one in station.properties:
        if one.number not in reference.numbers:
            raise ValueError(f"the reference's {station.name} has no number {one.number!r}, expected one")
        value, beside = measured.numbers.get(one.number), reference.numbers[one.number]
        judged.append(Judged(one, value, beside, value is not None and one.bar.reached(value, beside)))
    return Result(station, tuple(judged), tuple(whose), measured, reference, tuple(stood_in))


def area_beside(axes: Axes, mine: Measured, reference: Measured) -> float | None:
    """Return the area under one's curve, of the reference's: more than 1 is better; None where there is no curve.

    Of a curve that is good where it is low it is the reference's area, of one's own. Areas are by the trapezoidal rule.
    """
    if mine.curve is None or reference.curve is None:
        return None
    own, beside = (float(abs(np.trapezoid(curve[1], curve[0]))) for curve in (mine.curve, reference.curve))
    one, other = (own, beside) if axes.better == "more" else (beside, own)
    return 1.0 if one == other else one / max(other, 1e-9)
