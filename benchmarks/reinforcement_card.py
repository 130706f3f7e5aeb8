"""Writes the card of the skill that was cloned and then learnt by trying, from the results that are kept.

python benchmarks/reinforcement_card.py
"""

import json
from typing import Any

from report import RESULTS

from vla_course.learning.reinforcement.files import POINTING

CARD = POINTING / "README.md"


def card() -> str:
    """Return the card."""
    found = json.loads((RESULTS / "reinforcement.json").read_text(encoding="utf-8"))
    figures = {one["name"].strip(): one for one in found["figures"]}

    def value(name: str) -> float:
        return float(figures[name]["value"])

    shown = figures["time of demonstrating"]["n"]
    rounds = [line for line in found["notes"] if line.startswith("round ")]
    causes = [line for line in found["notes"] if not line.startswith("round ")]
    return "\n".join(
        (
            "# Pointing, cloned and then learnt by trying",
            "",
            "`clone/` is a small policy of arms and trunk that points at things, cloned from the expert;",
            "`residual/` is what proximal policy optimisation learnt on top of it, two numbers a decision: by how much",
            "the hand is turned beside what the clone does. Day 4 learns another one live",
            "(`vla_course.panels.model.improving`).",
            "",
            f"Made by `python benchmarks/reinforcement.py --ship`, seed {found['seed']}, from {shown} demonstrations",
            f"({value('time of demonstrating'):.1f} core-minutes, and {value('time of cloning'):.1f} of cloning) and "
            f"{value('decisions tried'):.0f} decisions",
            f"that were tried ({value('time of learning by trying, two cores'):.1f} core-minutes). Numbers are of "
            f"`benchmarks/results/reinforcement.json` ({found['commit']}).",
            "",
            "| in the same scenes, none of them used before | points at the thing within 5 s | of |",
            "|---|---|---|",
            f"| the clone | {_share(figures['success, the clone'])} |",
            f"| corrected | {_share(figures['success, corrected'])} |",
            "",
            f"Only the corrected one succeeds in {value('only corrected succeeds'):.0f} scenes, only the clone in "
            f"{value('only the clone succeeds'):.0f} (McNemar, exact: p = {value('p (McNemar, exact)'):.1g}).",
            "The task's own rule judges; intervals are Wilson's, 95 %.",
            "",
            "What goes wrong otherwise:",
            "",
            *(f"- {line}" for line in causes),
            "",
            "How it went:",
            "",
            *(f"- {line}" for line in rounds),
            "",
            "## Limits",
            "",
            "- One skill, one training seed. Where the thing is comes from the simulator with the error of eyes",
            "  (8 mm), not from cameras.",
            "- In training the reward was shaped by, and the critic was given, the true miss of the fingers' line; the",
            "  policy never was.",
            "- The weights are kept in half precision; the comparison was made with them as they ship.",
            "",
        )
    )


def _share(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{100 * figure['value']:.1f} % [{100 * low:.1f}, {100 * high:.1f}] | {figure['n']}"


if __name__ == "__main__":
    CARD.write_text(card(), encoding="utf-8")
