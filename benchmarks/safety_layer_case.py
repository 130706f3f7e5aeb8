"""Writes docs/safety_case.md: what could go wrong, what is done against it, and what was measured.

python benchmarks/safety_layer_case.py

Every number is of benchmarks/results/safety_layer.json; what was not measured is said to be so.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CASE = ROOT / "docs" / "safety_case.md"

HAZARDS = (
    (
        "A joint runs into its hard stop",
        "clip by a barrier, the brakes counted on (5.1); commands keep 0.03 rad from the stops",
        "joint position",
    ),
    (
        "A joint is faster than it may",
        "the same clip, and starts and stops within an acceleration",
        "joint speed",
    ),
    (
        "A hand hits the table, or presses on it",
        "distances from the arms bound the speeds of the joints; feet and trunk stop short of tables",
        "workspace: table",
    ),
    ("The robot hits itself", "the same, for trunk, head, legs and the other arm", "workspace: itself"),
    (
        "A person is hit, or the robot is too fast to stop before them",
        "speed and separation (5.2); a person whose speed nobody measured is taken to walk",
        "people",
    ),
    (
        "An action makes the robot fall",
        "arms and trunk slow down as the DCM nears the edge of the soles; the balance stack may veto",
        "fell",
    ),
)

TEXT = """# Safety case

One page, for whoever lets a policy move this robot: what could go wrong, what stands against it, what was measured.
`python benchmarks/safety_layer_case.py` writes it from `benchmarks/results/safety_layer.json`{commit}.

**Claim.** Whatever 36 numbers a policy says, ten times a second, the robot of the simulation keeps the limits below
*in physics*, and does not fall over because of them.

**Not claimed.** Anything about hardware. The robot is as its model says: masses, brakes and distances are known,
people and tables are where the layer is told they are, and nobody pushes. The layer has no certificate.

## Hazards, mitigations, evidence

Each stream of actions is three seconds long and was carried out twice from the same beginning. The columns count
streams in which a limit was exceeded in the simulator: beyond a stop, 3 rad/s, 25 N on the table, 50 N on itself, 10 N
on a person or 0.1 m/s more than their distance allows, a fall. {streams}

| hazard | mitigation | random: without | with | hostile: without | with |
|---|---|---|---|---|---|
{rows}

| hazard | mitigation | evidence |
|---|---|---|
| What comes is no action: NaN, another shape | the robot stands, and says why | `test_safety_layer.py` |
| The policy is unsure | below a threshold it holds still and asks; silence is no | `test_safety_layer.py` |
| A stop comes too late | a latch that is read before every tick, in no queue | {press} |
| Power off makes a biped fall | category 2: power stays on, the robot comes to a stand | {stand} |
| The layer stops what is good, and is switched off | only what binds is changed, as little as it takes | {good} |

## Where it ends

- What the table above does not show with zeros is open; each such stream is named in the notes of the results.
- An arm is covered by balls, and the corner of a finger sticks out of its ball: such a corner may touch a table.
- Things that a task is about may be touched, and are not among the distances; legs are the balance stack's.
- A base velocity is slowed as a whole; it is not turned along a table.
- A stop takes a step: a walking robot needs more than a second until it stands, and that is in its separation distance.
- A fall that nobody's action causes (a push, a slippery floor) is the balance stack's business (Day 3).
"""


def case(results: Path = ROOT / "benchmarks" / "results" / "safety_layer.json") -> str:
    """Return the page."""
    told = (
        json.loads(results.read_text(encoding="utf-8")) if results.exists() else {"figures": [], "commit": ""}
    )
    figures = {one["name"]: one for one in told["figures"]}
    return TEXT.format(
        commit=f" (measured at {told['commit']})" if told["commit"] else "",
        streams=_streams(figures),
        rows="\n".join(_row(*hazard, figures) for hazard in HAZARDS),
        press=_press(figures),
        stand=_counted(figures, "emergency stop: came to rest on both feet", "came to rest on both feet"),
        good=_good(figures),
    )


_PRESS = "emergency stop: press to first unaffected tick, slowest"
_GOOD = "good demonstrations: decisions stopped"
_NOT = "not measured yet"


def _row(hazard: str, mitigation: str, limit: str, figures: dict[str, dict[str, Any]]) -> str:
    cells = [
        _of(figures, f"{group}: {limit}, {layer}")
        for group in ("random", "hostile")
        for layer in ("without the layer", "with it")
    ]
    return f"| {hazard} | {mitigation} | {' | '.join(cells)} |"


def _of(figures: dict[str, dict[str, Any]], name: str) -> str:
    if name not in figures:
        return _NOT
    one = figures[name]
    return f"{round(one['value'] * one['n'])} of {one['n']}"


def _streams(figures: dict[str, dict[str, Any]]) -> str:
    counts = [
        f"{figures[name]['n']} {group}"
        for group in ("random", "hostile")
        if (name := f"{group} streams, each with the layer and without") in figures
    ]
    return f"Streams measured: {', '.join(counts)}." if counts else "No stream was measured yet."


def _press(figures: dict[str, dict[str, Any]]) -> str:
    if _PRESS not in figures:
        return _NOT
    one = figures[_PRESS]
    return f"press to first unaffected tick: {1000 * one['value']:.0f} ms at most, {one['n']} presses"


def _counted(figures: dict[str, dict[str, Any]], name: str, what: str) -> str:
    return f"{_of(figures, name)} {what}" if name in figures else _NOT


def _good(figures: dict[str, dict[str, Any]]) -> str:
    if _GOOD not in figures:
        return _NOT
    one = figures[_GOOD]
    return f"decisions of good demonstrations stopped: {round(one['value'] * one['n'])} of {one['n']}"


if __name__ == "__main__":
    CASE.write_text(case(), encoding="utf-8")
