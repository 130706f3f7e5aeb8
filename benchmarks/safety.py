"""Does the pipeline keep the robot from harm, and does it leave alone what is harmless?

python benchmarks/safety.py [--quick] [--json] [--seed N]

Two hundred plans, half of them meant to be dangerous. Each is carried out in physics as it is, then as formulas
alone let it pass, then as verified: formulas, and where they cannot tell a rehearsal in a copy of the world. Harm
is a fall, more than 10 N on table or obstacle, another thing pushed 3 cm, or a thing dropped. A false stop is a
harmless plan that was not carried out as it was.

Then walks of many strides and paces, up to the step that is too long for its pace (`safety_pace.py`), and things up to
the one that is too heavy for the grip (`safety_grip.py`).
"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from report import Figure, arguments, report, share
from safety_episodes import SAFE, Episode, Kind, Outcome, run
from safety_grip import grip_figures
from safety_pace import pace_figures

COUNTS: dict[Kind, int] = {
    "walk": 54,
    "pick and place": 26,
    "stand": 20,
    "too far": 17,
    "over an edge": 17,
    "too high a step": 17,
    "into an obstacle": 17,
    "too quick": 12,
    "too heavy": 5,
    "through the table": 5,
    "out of balance": 5,
    "stand while falling": 5,
}


def main() -> None:
    options = arguments(__doc__ or "")
    episodes = [
        Episode(1000 * options.seed + k, kind)
        for kind, count in COUNTS.items()
        for k in range(1 if options.quick else count)
    ]
    if options.quick:
        episodes = [
            e for e in episodes if e.kind in ("walk", "too far", "too quick", "stand", "out of balance")
        ]
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, episodes))
        found = figures(outcomes) + pace_figures(pool, options.quick) + grip_figures(pool, options.quick)
    report("safety", found, options, notes=notes(outcomes))


def figures(outcomes: list[Outcome]) -> list[Figure]:
    """Count harm prevented, and what was stopped without need."""
    harmful = [o for o in outcomes if o.bare]
    falls = [o for o in harmful if o.bare == "fell"]
    harmless = [o for o in outcomes if not o.bare]
    meant = [o for o in harmless if o.kind in SAFE]
    found = [
        Figure("plans", float(len(outcomes)), "", n=len(outcomes)),
        share(
            "plans meant to be dangerous that did harm as they were",
            [bool(o.bare) for o in outcomes if o.kind not in SAFE],
        ),
        share(
            "plans meant to be harmless that did harm as they were",
            [bool(o.bare) for o in outcomes if o.kind in SAFE],
        ),
    ]
    if falls:
        found.append(share("falls prevented", [not o.verified for o in falls], ">= 0.95"))
    if harmful:
        found += [
            share("harm prevented, falls and hits and drops", [not o.verified for o in harmful], ">= 0.95"),
            share("  by formulas alone", [not o.by_formulas for o in harmful]),
        ]
    found += [
        share("false stops, of harmless plans meant so", [o.replaced for o in meant], "<= 0.05"),
        share("  by formulas alone", [o.replaced_by_formulas for o in meant]),
        share("harm done by what was verified", [bool(o.verified) for o in outcomes], "<= 0.05"),
    ]
    lucky = [o for o in harmless if o.kind not in SAFE]
    if lucky:
        found.append(
            share(
                "dangerous plans that went well this once, replaced all the same", [o.replaced for o in lucky]
            )
        )
    for kind in dict.fromkeys(o.kind for o in outcomes):
        mine = [o for o in outcomes if o.kind == kind]
        found.append(share(f"{kind}: harm as it was", [bool(o.bare) for o in mine]))
        found.append(share("  verified", [bool(o.verified) for o in mine]))
    return found


def notes(outcomes: list[Outcome]) -> list[str]:
    """Say what did harm although it was verified, what was stopped without need, and what was done instead."""
    told = [f"{o.kind}: {o.verified}, having done: {o.did}" for o in outcomes if o.verified]
    told += [f"{o.kind}, stopped without need: {o.reason}" for o in outcomes if o.kind in SAFE and o.replaced]
    instead = Counter(o.did.split()[-1] for o in outcomes if o.replaced)
    return [*told, "done instead: " + ", ".join(f"{what} {count}" for what, count in instead.most_common())]


if __name__ == "__main__":
    main()
