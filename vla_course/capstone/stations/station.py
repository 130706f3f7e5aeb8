"""What a station is: who measures what, which bars its numbers must reach, and what a reached bar is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vla_course.capstone.own.pieces import Pieces

Emit = Callable[[dict[str, Any]], None]
"""takes an event, plain enough for JSON"""


@dataclass(frozen=True)
class Bar:
    """What a number must reach.

    Attributes:
        better: whether more of it is better, or less.
        value: the bar itself, where physics gives one; else the fraction of what the reference reaches.
        relative: whether it is such a fraction.
        slack: in the unit of the number, by which a relative bar gives way: where the reference reaches 0.
    """

    better: Literal["more", "less"]
    value: float
    relative: bool = False
    slack: float = 0.0

    def limit(self, reference: float) -> float:
        """Return the bar, where the reference reaches that much."""
        if not self.relative:
            return self.value
        return self.value * reference + (self.slack if self.better == "less" else -self.slack)

    def reached(self, value: float, reference: float) -> bool:
        """Tell whether a number reaches it."""
        limit = self.limit(reference)
        return value >= limit - 1e-9 if self.better == "more" else value <= limit + 1e-9


@dataclass(frozen=True)
class Property:
    """A sentence that is true of a good robot: its number, and the points for reaching the bar."""

    number: str
    says: str
    points: int
    bar: Bar
    unit: str = ""


@dataclass(frozen=True)
class Axes:
    """What a curve of a station is drawn over; `better` says whether high or low is good."""

    title: str
    x: str
    y: str
    better: Literal["more", "less"]


class Notes:
    """What a station writes down while it measures.

    Args:
        emit: takes each event as it happens, so that what was measured before a fault stays.
        seed: of all that is drawn.
        quick: whether fewer scenes have to do.
        folder: for films.
    """

    def __init__(self, emit: Emit, seed: int, quick: bool, folder: Path) -> None:
        self._emit, self.seed, self.quick, self.folder = emit, seed, quick, folder

    def rng(self, *stream: int) -> np.random.Generator:
        """Return chance that depends on the seed and on `stream` alone."""
        return np.random.default_rng([self.seed, *stream])

    def few(self, quickly: int, usually: int) -> int:
        """Return how many scenes there are."""
        return quickly if self.quick else usually

    def done(self) -> None:
        """Tell that one more scene is over."""
        self._emit({"event": "scene"})

    def number(self, name: str, value: float) -> None:
        """Write down a number that a property asks for.

        Raises:
            ValueError: it is not finite.
        """
        if not np.isfinite(value):
            raise ValueError(f"{name} is {value}, expected a finite number")
        self._emit({"event": "number", "name": name, "value": round(float(value), 6)})

    def curve(self, x: list[float], y: list[float]) -> None:
        """Write down the curve of the station."""
        self._emit(
            {"event": "curve", "x": [round(float(v), 6) for v in x], "y": [round(float(v), 6) for v in y]}
        )

    def film(self, path: Path, caption: str) -> None:
        """Write down that there is a film."""
        self._emit({"event": "film", "path": path.name, "caption": caption})


Measure = Callable[[Pieces, Notes], None]
"""runs the scenes of a station and writes down what came of them"""


@dataclass(frozen=True)
class Station:
    """A station of the capstone.

    Attributes:
        name: in a word.
        about: in a sentence for students.
        exercises: the ids of those whose code runs here.
        properties: what its numbers must reach.
        measure: the name of the module below `capstone.stations` that has `measure(pieces, notes)`.
        scenes: how many there are, quick and full, for the bar that says how far it is.
        seconds: of processor time that it may take, several times what the reference needs.
        axes: of its curve; None where it has none.
        whole: whether it needs all that other stations try alone: it comes last, and where something broke down there
            the reference's stands in for it here, so that one mistake does not take all the points of the others.
    """

    name: str
    about: str
    exercises: tuple[str, ...]
    properties: tuple[Property, ...]
    measure: str
    scenes: tuple[int, int]
    seconds: float
    axes: Axes | None = None
    whole: bool = False

    @property
    def points(self) -> int:
        """All that there are."""
        return sum(one.points for one in self.properties)


def at_least(value: float) -> Bar:
    """Return a bar that physics gives: so much, or more."""
    return Bar("more", value)


def at_most(value: float) -> Bar:
    """Return a bar that physics gives: so much, or less."""
    return Bar("less", value)


def as_good(fraction: float, slack: float = 0.0) -> Bar:
    """Return a bar of this fraction of what the reference reaches, of what more is better of."""
    return Bar("more", fraction, relative=True, slack=slack)


def as_low(fraction: float, slack: float = 0.0) -> Bar:
    """Return a bar of this fraction of what the reference reaches, of what less is better of."""
    return Bar("less", fraction, relative=True, slack=slack)
