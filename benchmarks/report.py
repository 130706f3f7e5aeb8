"""How a benchmark reports: a table for people, one JSON object for machines."""

import argparse
import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured number and the number that was asked for."""

    name: str
    value: float
    unit: str
    bar: str = ""
    """what was asked, such as "<= 1"; empty for a limit or a peer that only stands beside"""
    aim: str = ""
    interval: tuple[float, float] | None = None
    n: int = 1

    @property
    def holds(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if not self.bar:
            return None
        sign, number = self.bar.split()
        return {"<=": self.value <= float(number), ">=": self.value >= float(number)}[sign]


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z, part = 1.96, successes / n
    middle = (part + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(name: str, outcomes: Sequence[bool], bar: str = "", aim: str = "") -> Figure:
    """Return a share of successes with its interval."""
    good, n = sum(outcomes), len(outcomes)
    return Figure(name, good / n, "", bar, aim, wilson(good, n), n)


def arguments(description: str) -> argparse.Namespace:
    """Parse what every benchmark takes: --quick, --json, --seed."""
    return parser(description).parse_args()


def parser(description: str) -> argparse.ArgumentParser:
    """The parser of that, for a benchmark that takes more."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="fewer episodes, under a minute")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def listed(parser: argparse.ArgumentParser, name: str, value: str, known: Sequence[str]) -> list[str]:
    """Return what an option names, separated by commas; ends the program where that is none of what is known."""
    names = [part.strip() for part in value.split(",")]
    for unknown in (part for part in names if part not in known):
        parser.error(f"--{name} names {unknown!r}, expected some of: {', '.join(known)}")
    return names


def report(
    benchmark: str,
    figures: list[Figure],
    options: argparse.Namespace,
    *,
    notes: Sequence[str] = (),
    keep: bool = True,
    measured: str = "",
) -> None:
    """Print the table; with --json also the object, which a full run keeps in `benchmarks/results`.

    `notes` are lines that say what a figure counts, such as each mutant that lives and why. `measured` is the commit
    that was measured, where that is not the one that tells of it.
    """
    console = Console(width=110)
    table = Table(title=benchmark + (" (quick)" if options.quick else ""))
    for column in ("figure", "value", "unit", "asked", "aim", "n", "holds"):
        table.add_column(column, justify="right" if column in ("value", "n") else "left")
    for f in figures:
        holds = {True: "[green]yes[/]", False: "[red]NO[/]", None: ""}[f.holds]
        spread = f" [{f.interval[0]:.4g}, {f.interval[1]:.4g}]" if f.interval else ""
        table.add_row(f.name, f"{f.value:.4g}{spread}", f.unit, f.bar, f.aim, str(f.n), holds)
    console.print(table)
    if options.json:
        result = {
            "benchmark": benchmark,
            "commit": measured or commit(),
            "seed": options.seed,
            "quick": options.quick,
            "figures": [asdict(f) | {"holds": f.holds} for f in figures],
        }
        if notes:
            result["notes"] = list(notes)
        if keep and not options.quick:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{benchmark}.json").write_text(json.dumps(result, indent=1, default=_plain) + "\n")
        print(json.dumps(result, default=_plain))


def _plain(number: np.generic) -> object:
    """Return what JSON knows in place of one of numpy's numbers or truths."""
    return number.item()


def commit() -> str:
    """Return the commit that was measured, with a plus sign where the tree had changes of its own."""
    here = Path(__file__).parent
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=here, capture_output=True, text=True, check=False
    ).stdout.strip()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return (head or "unknown") + ("+" if changed else "")
