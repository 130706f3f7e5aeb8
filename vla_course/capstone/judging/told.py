"""What came of a whole capstone: its points, and a verdict as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_course.capstone.judging.results import Result
from vla_course.capstone.own.desk import Whose


@dataclass(frozen=True)
class Assessment:
    """What came of a capstone.

    Attributes:
        seed, quick: of the scenes.
        results: station by station.
        of_reference: whether it was the reference that was assessed.
        reference_commit: at which commit what it is held against was measured.
        commit: of the course, now.
        films: the folder of its films.
    """

    seed: int
    quick: bool
    results: Sequence[Result]
    of_reference: bool
    reference_commit: str
    commit: str
    films: Path

    @property
    def points(self) -> float:
        """All points for what is one's own."""
        return round(sum(one.points for one in self.results), 1)

    @property
    def out_of(self) -> int:
        """All points that there are."""
        return sum(one.station.points for one in self.results)

    @property
    def whose(self) -> Sequence[Whose]:
        """Of every exercise that runs anywhere, whether the student's function ran."""
        found = {one.exercise.id: one for result in self.results for one in result.whose}
        return sorted(found.values(), key=lambda one: [int(part) for part in one.exercise.id.split(".")])

    def as_json(self) -> dict[str, object]:
        """Return the verdict, without films: the same for the same code and seed."""
        return {
            "seed": self.seed,
            "quick": self.quick,
            "points": self.points,
            "out_of": self.out_of,
            "own": [one.exercise.id for one in self.whose if one.own],
            "stations": {
                one.station.name: {
                    "points": one.points,
                    "out_of": one.station.points,
                    "fault": one.measured.fault,
                    **one.measured.as_kept(),
                }
                for one in self.results
            },
        }
