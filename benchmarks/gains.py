"""Which of the robot's gains matter, and how far may each be turned before something breaks?

python benchmarks/gains.py [--quick] [--json] [--seed N] [--gain NAME ...] [--page]

Each gain is tried alone, the others as they are in the code, in situations that it is there for (`gains.toml` says
which). The curves go to `benchmarks/results/gains.json`; with --gain only some are measured anew.
With --page the page `docs/gains.md` and its figures are drawn from what was measured last, and nothing is measured.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from math import isfinite

import gains_hands
import gains_standing
import gains_walking
from forked import forked
from gains_build import Build, changed
from gains_curves import Curve, Gain, Outcome, catalogue_and_gains, curves, keep
from report import Figure, commit, parser, report
from rich.progress import track

TRIALS = {**gains_standing.TRIALS, **gains_walking.TRIALS, **gains_hands.TRIALS}
QUICK = "standing.dcm_gain", "walking.height_stiffness", "motion.walking.trunk_goal._EASE", "reaching.damping"
"""the gains of a quick run"""


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
    catalogue, listed = catalogue_and_gains()
    if options.page:
        from gains_page import write_page

        write_page(catalogue, listed, curves())
        return
    gains = listed
    if options.gain:
        unknown = set(options.gain) - {name for gain in listed for name in gain.names}
        if unknown:
            sys.exit(
                f"gains.toml has no gain {min(unknown)!r}: say a name such as dcm_gain, or an owner such as walking"
            )
        gains = [gain for gain in listed if {*gain.names} & {*options.gain}]
    elif options.quick:
        gains = [gain for gain in listed if gain.key in QUICK]
    known: dict[str, dict[str, float]] = {}
    measured, at = {}, commit()
    for gain in track(gains, "gains", disable=not sys.stderr.isatty()):
        tried = gain.tried[1::3] if options.quick else gain.tried
        measured[gain.key] = sweep(gain, tried, options.seed, at, known)
        if not options.quick:
            keep(measured, listed)
    figures = [figure for gain in gains for figure in _figures(gain, measured[gain.key], catalogue)]
    report("gains", figures, options, keep=False)


def sweep(
    gain: Gain, tried: Sequence[float], seed: int, at: str, known: dict[str, dict[str, float]]
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
            if value == gain.default and trial in known:
                came = known[trial]
            else:
                came = forked(partial(_tried, gain, value, trial, seed))
            if value == gain.default:
                known[trial] = came
            found |= {f"{trial}.{name}": outcome for name, outcome in came.items()}
        for key in gain.outcomes:
            rows[key].append(round(float(found[key]), 4))
    return Curve(gain.default, values, {key: tuple(row) for key, row in rows.items()}, seed, at)


def _tried(gain: Gain, value: float, trial: str, seed: int) -> dict[str, float]:
    return TRIALS[trial](changed(Build(), gain.owner, gain.name, value), seed)


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
