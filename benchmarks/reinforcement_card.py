"""Writes the card of the skill that was cloned and then learnt by trying, from the results that are kept.

python benchmarks/reinforcement_card.py
"""

import json
from collections.abc import Sequence
from typing import Any

from report import RESULTS

from vla_course.learning.reinforcement.files import POINTING

CARD = POINTING / "README.md"
SHIPPED = "corrected, training 0"
"""what of the results ships"""


def card() -> str:
    """Return the card."""
    found = json.loads((RESULTS / "reinforcement.json").read_text(encoding="utf-8"))
    figures = {one["name"]: one for one in found["figures"]}

    def value(name: str) -> float:
        return float(figures[name]["value"])

    shown = figures["cloning"]["n"]
    trained = [name.removeprefix("success, ") for name in figures if name.startswith("success, corrected")]
    rounds = [line for line in found["notes"] if line.startswith(f"{SHIPPED}: round ")]
    causes = [line for line in found["notes"] if ": round " not in line]
    return "\n".join(
        (
            "# Pointing, cloned and then learnt by trying",
            "",
            "`clone/` is a small direct policy that points at things, cloned from the expert; `residual/` is what",
            "proximal policy optimisation learnt on top of it: two numbers a decision, by how much the hand is turned",
            "beside what the clone does. Day 4 learns another one live (`vla_course.panels.model.improving`).",
            "",
            f"Made by `python benchmarks/reinforcement.py --ship`, seed {found['seed']}, from {shown} demonstrations",
            f"({value('cloning'):.1f} core-minutes to clone them) and",
            f"{value(f'decisions tried, {SHIPPED}'):.0f} decisions that were tried",
            f"({value(f'trying, {SHIPPED}'):.1f} core-minutes). All numbers are of",
            f"`benchmarks/results/reinforcement.json` ({found['commit']}).",
            "",
            "| in the same scenes, none of them used before | points at the thing | of | only it succeeds "
            "| only the clone | p (McNemar, exact) |",
            "|---|---|---|---|---|---|",
            f"| the clone | {_share(figures['success, the clone'])} | | | |",
            *(
                f"| {name} | {_share(figures[f'success, {name}'])} | {value(f'only it succeeds, {name}'):.0f} | "
                f"{value(f'only the clone succeeds, {name}'):.0f} | {value(f'p (McNemar, exact), {name}'):.1g} |"
                for name in trained
            ),
            "",
            "The task's own rule judges, within the fifteen seconds that it gives; intervals are Wilson's, 95 %.",
            *_ships(trained),
            "",
            "What goes wrong otherwise:",
            "",
            *(f"- {line}" for line in causes),
            "",
            "How it went:",
            "",
            *(f"- {line.removeprefix(f'{SHIPPED}: ')}" for line in rounds),
            "",
            "## Limits",
            "",
            "- One skill and one clone. Where things are comes from the simulator with the error of eyes, not from",
            "  cameras.",
            "- In training the reward was shaped by the true angle between the fingers and the thing, and the critic",
            "  was given the true miss; the policy never was.",
            "- The weights are kept in half precision; the comparison was made with them as they ship.",
            "",
        )
    )


def _ships(trained: Sequence[str]) -> tuple[str, ...]:
    if len(trained) == 1:
        return ("One training, of one seed.",)
    return (f"The trainings differ in their seed alone; {SHIPPED.removeprefix('corrected, ')} is the one that ships.",)


def _share(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{100 * figure['value']:.1f} % [{100 * low:.1f}, {100 * high:.1f}] | {figure['n']}"


if __name__ == "__main__":
    CARD.write_text(card(), encoding="utf-8")
