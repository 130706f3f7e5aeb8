"""Which of the robot's gains matter, and how far may each be turned before something breaks?

python benchmarks/gains.py [--quick] [--json] [--seed N] [--gain NAME ...] [--page]

Each gain is tried alone, the others as they are in the code, in situations that it is there for (`gains.toml` says
which). The curves go to `benchmarks/results/gains.json`; with --gain only some are measured anew.
With --page the page `docs/gains.md` and its figures are drawn from what was measured last, and nothing is measured.
"""

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite, nan
from pathlib import Path

import gains_hands
import gains_standing
import gains_walking
from forked import forked
from gains_build import Build, changed, default, unit
from report import RESULTS, Figure, commit, parser, report
from rich.progress import track

TRIALS = {**gains_standing.TRIALS, **gains_walking.TRIALS, **gains_hands.TRIALS}
CURVES = RESULTS / "gains.json"
QUICK = {
    "standing.dcm_gain": 2,
    "walking.height_stiffness": 2,
    "motion.walking._EASE": 2,
    "reaching.damping": 6,
}
"""the gains of a quick run, and how many values beside the default"""


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
    """of `vla_course.panels.style`, of what is measured"""

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


def main() -> None:
    """Measure, or draw."""
    arguments = parser(__doc__ or "")
    arguments.add_argument(
        "--gain",
        nargs="+",
        default=[],
        metavar="NAME",
        help="only gains of this name or owner, such as walking",
    )
    arguments.add_argument("--page", action="store_true", help="write docs/gains.md from the last curves")
    options = arguments.parse_args()
    catalogue, gains = catalogue_and_gains()
    if options.page:
        from gains_page import write_page

        write_page(catalogue, gains, curves())
        return
    if options.gain:
        unknown = set(options.gain) - {name for gain in gains for name in gain.names}
        if unknown:
            sys.exit(
                f"gains.toml has no gain {min(unknown)!r}: say a name such as dcm_gain, or an owner such as walking"
            )
        gains = [gain for gain in gains if {*gain.names} & {*options.gain}]
    elif options.quick:
        gains = [gain for gain in gains if gain.key in QUICK]
    known: dict[tuple[str, str], dict[str, float]] = {}
    measured, at = {}, commit()
    for gain in track(gains, "gains", disable=not sys.stderr.isatty()):
        tried = gain.tried[:: len(gain.tried) // QUICK[gain.key]] if options.quick else gain.tried
        measured[gain.key] = sweep(gain, tried, options.seed, at, known)
        if not options.quick:
            keep(measured)
    figures = [figure for gain in gains for figure in _figures(gain, measured[gain.key], catalogue)]
    report("gains", figures, options, keep=False)


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
    return {key: _curve(entry) for key, entry in data.items()}


def keep(measured: Mapping[str, Curve]) -> None:
    """Write curves, beside those of other gains measured before."""
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
    }
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(entries.items()))
    CURVES.write_text(f'{{"benchmark": "gains", "gains": {{\n{lines}\n}}}}\n', encoding="utf-8")


def sweep(
    gain: Gain, tried: Sequence[float], seed: int, at: str, known: dict[tuple[str, str], dict[str, float]]
) -> Curve:
    """Try a gain with each value; `known` are the outcomes of trials at the default, which all gains share.

    `at` is the commit that is measured.
    """
    trials = dict.fromkeys(key.split(".")[0] for key in gain.outcomes)
    values = tuple(sorted({gain.default, *tried}))
    rows: dict[str, list[float]] = {key: [] for key in gain.outcomes}
    for value in values:
        found: dict[str, float] = {}
        for trial in trials:
            where = ("", trial) if value == gain.default else (gain.key, trial)
            if where not in known or where[0]:
                known[where] = forked(partial(_tried, gain, value, trial, seed))
            found |= {f"{trial}.{name}": outcome for name, outcome in known[where].items()}
        for key in gain.outcomes:
            rows[key].append(round(float(found[key]), 4))
    return Curve(gain.default, values, {key: tuple(row) for key, row in rows.items()}, seed, at)


def _tried(gain: Gain, value: float, trial: str, seed: int) -> dict[str, float]:
    return TRIALS[trial](changed(Build(), gain.owner, gain.name, value), seed)


def _curve(entry: Mapping[str, object]) -> Curve:
    outcomes = {
        key: tuple(nan if v is None else v for v in row)
        for key, row in entry["outcomes"].items()  # type: ignore[attr-defined]
    }
    return Curve(entry["default"], tuple(entry["values"]), outcomes, entry["seed"], entry["commit"])  # type: ignore[arg-type]


def _figures(gain: Gain, curve: Curve, catalogue: Mapping[str, Outcome]) -> list[Figure]:
    low, high = curve.works(catalogue)
    n, middle = len(curve.values), curve.values.index(curve.default)
    figures = [
        Figure(f"{gain.key} works from", low, gain.unit, n=n),
        Figure("  to", high, gain.unit, n=n),
    ]
    for key, row in curve.outcomes.items():
        what = catalogue[key]
        seen = [v for v in row if isfinite(v)]
        spread = (min(seen), max(seen)) if seen else None
        figures.append(Figure(f"  {what.says}; sweep", row[middle], what.unit, interval=spread, n=n))
    return figures


if __name__ == "__main__":
    main()
