"""Gains as `gains.toml` lists them, and their curves as `benchmarks/results/gains.json` keeps them."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path

from gains_build import default, unit
from report import RESULTS

CURVES = RESULTS / "gains.json"


@dataclass(frozen=True)
class Outcome:
    """Something that a trial measures, "trial.name"."""

    key: str
    says: str
    unit: str
    better: str
    """more or less"""
    grain: float
    """differences up to this one say nothing"""
    colour: str = "INK"
    """of `vla_course.panels.drawing.style`, of what is measured"""

    def __post_init__(self) -> None:
        if self.better not in ("more", "less"):
            raise ValueError(f"outcome {self.key}: better is {self.better!r}, expected 'more' or 'less'")

    def broken(self, value: float, by_default: float) -> bool:
        """Whether `value` is a fall or so much worse than the one by default that the gain does not do its work."""
        if not isfinite(value):
            return True
        if self.better == "more":
            return value < by_default - max(0.2 * by_default, self.grain)
        return value > by_default + max(0.5 * by_default, self.grain)


@dataclass(frozen=True)
class Gain:
    """One gain, what it is tried with, and what is said of it."""

    owner: str
    name: str
    tried: tuple[float, ...]
    outcomes: tuple[str, ...]
    does: str = ""
    low: str = ""
    high: str = ""

    @property
    def key(self) -> str:
        """Its full name."""
        return f"{self.owner}.{self.name}"

    @property
    def names(self) -> tuple[str, str, str]:
        """What it may be called by."""
        return self.name, self.owner, self.key

    @property
    def label(self) -> str:
        """Its name on the page."""
        return f"FOLLOWING.{self.name}" if self.owner == "following" else self.name

    @property
    def default(self) -> float:
        """Its value in the code."""
        return default(self.owner, self.name)

    @property
    def unit(self) -> str:
        """Its unit as the code has it."""
        return unit(self.owner, self.name)


@dataclass(frozen=True)
class Curve:
    """What was measured of a gain: at each of its `values`, the default among them, every outcome."""

    default: float
    values: tuple[float, ...]
    outcomes: Mapping[str, tuple[float, ...]]
    seed: int
    commit: str

    def broken(self, catalogue: Mapping[str, Outcome]) -> tuple[bool, ...]:
        """Return for each value whether any of the outcomes is broken there."""
        middle = self.values.index(self.default)
        return tuple(
            any(catalogue[key].broken(row[k], row[middle]) for key, row in self.outcomes.items())
            for k in range(len(self.values))
        )

    def works(self, catalogue: Mapping[str, Outcome]) -> tuple[float, float]:
        """Return the least and the greatest value around the default between which nothing is broken."""
        broken, low = self.broken(catalogue), self.values.index(self.default)
        high = low
        while low > 0 and not broken[low - 1]:
            low -= 1
        while high < len(self.values) - 1 and not broken[high + 1]:
            high += 1
        return self.values[low], self.values[high]


def catalogue_and_gains() -> tuple[dict[str, Outcome], list[Gain]]:
    """Read `gains.toml`."""
    data = tomllib.loads((Path(__file__).parent / "gains.toml").read_text(encoding="utf-8"))
    catalogue = {key: Outcome(key, **entry) for key, entry in data["outcomes"].items()}
    gains = [
        Gain(**entry | {"tried": tuple(entry["tried"]), "outcomes": tuple(entry["outcomes"])})
        for entry in data["gain"]
    ]
    return catalogue, gains


def curves() -> dict[str, Curve]:
    """Read what was measured last."""
    data = json.loads(CURVES.read_text(encoding="utf-8"))["gains"] if CURVES.exists() else {}
    return {
        key: Curve(
            default=entry["default"],
            values=tuple(entry["values"]),
            outcomes={
                name: tuple(nan if v is None else v for v in row) for name, row in entry["outcomes"].items()
            },
            seed=entry["seed"],
            commit=entry["commit"],
        )
        for key, entry in data.items()
    }


def keep(measured: Mapping[str, Curve], gains: Sequence[Gain]) -> None:
    """Write curves, beside those of others of `gains` measured before."""
    entries = {
        key: {
            "default": curve.default,
            "values": curve.values,
            "outcomes": {
                name: [v if isfinite(v) else None for v in row] for name, row in curve.outcomes.items()
            },
            "seed": curve.seed,
            "commit": curve.commit,
        }
        for key, curve in (curves() | dict(measured)).items()
        if key in {gain.key for gain in gains}
    }
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(entries.items()))
    CURVES.write_text(f'{{"benchmark": "gains", "gains": {{\n{lines}\n}}}}\n', encoding="utf-8")
