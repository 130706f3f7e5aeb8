"""Writes the card of the reader and the grounder that the planned policy is made of, from the results that are kept.

python benchmarks/policy_card.py
"""

import json
from collections.abc import Sequence

from report import RESULTS

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.planned.policy import UNSURE
from vla_course.learning.reading.files import CONFIG, SHIPPED

CARD = MODELS / "POLICY_CARD.md"

_READING = (
    ("one command, as in training", "one command, said as in training"),
    ("two commands, as in training", "two commands, said as in training"),
    ("pairs never named, all", "a colour with a shape that no sentence of its training put together"),
    ("one command, template reworded", "one command, said in a template it has never heard"),
    ("two commands, templates reworded", "two of those"),
    ("noun replaced by a synonym", "a noun replaced by a synonym"),
)
_DOUBT = (
    ("one command, as in training", "one command, said as in training"),
    ("one command, template reworded", "in a template it has never heard"),
    ("two commands, templates reworded", "two of those"),
    ("noun replaced by a synonym", "a noun replaced by a synonym"),
    ("no command: a fault in one", "a near miss: a command with something wrong in it"),
    ("no command: an aside of another kind", "a near miss: of a kind that it has never met"),
)
_GROUNDING = (
    ("trained pairs: right", "pairs that its training named"),
    ("held-out pairs, all: right", "pairs that its training never named"),
    ("reworded command: right", "a command in words of no training"),
    ("synonym of noun or colour: right", "a synonym of noun or colour"),
    ("a relation: the other: right", "the other thing of a relation"),
    ('second command: "it": right', '"it", in a second command'),
    ("0.9 to 1.4 m, cut or small as well: right", "0.9 to 1.4 m away"),
    ("1.4 to 4 m, cut or small as well: right", "more than 1.4 m away"),
    ("light and table: other light: right", "in a light that no scene draws"),
    ("blind, pictures of another moment: right", "pictures of another moment (a control)"),
)


def card() -> str:
    """Return the card."""
    reading, grounding = (_results(name) for name in ("reading", "grounding"))
    heard, seen = reading["figures"], grounding["figures"]
    made = json.loads((SHIPPED / CONFIG).read_text(encoding="utf-8"))["made"]
    worst = min((one for one in seen if one["name"].startswith("held out: ")), key=lambda one: one["value"])
    return "\n".join(
        (
            "# What the planned policy has learned",
            "",
            "Two small models on the frozen encoders beside them. `reader/` hears in a sentence which command it is,",
            "field by field; `grounder/` finds in the pictures of three cameras what the sentence names. From both and",
            "from depth `vla_course.learning.planned` knows what is asked and where; the stack of Day 3 moves. Try",
            '`vla-course run "pick up the red cup"`.',
            "",
            f"Numbers are those of `benchmarks/results/reading.json` ({reading['commit']}) and `grounding.json`",
            f"({grounding['commit']}), one training seed each, with 95 % intervals (Wilson 1927). How often the whole",
            "robot does what it is told `benchmarks/policy.py` measures.",
            "",
            "## Hearing",
            "",
            "Every field of the command right, of sentences drawn anew:",
            "",
            *_table(heard, _READING),
            "",
            "Words that no training said it knows from a dictionary (`DICTIONARY.md`). No frame, verb or noun of the",
            "reworded lines was in its training, nor was any choice made by them. Where it is less sure than "
            f"{UNSURE:g},",
            "the robot refuses: so it acts on a tenth at most of the near misses that are kept for validation, of",
            "other kinds than those for tests. What comes of it:",
            "",
            *_doubt(heard),
            "",
            "How sure it says it is and how often it is right differ by "
            f"{_figure(heard, 'confidence, as in training: calibration error')['value']:.3f} on sentences as in",
            f"training and by {_figure(heard, 'confidence, unlike training: calibration error')['value']:.3f} on all "
            "others (expected calibration error). Of near misses that it has never",
            "met it acts most often on these: " + _believed(heard) + ".",
            "",
            f"{_figure(heard, 'parameters')['value']:.2f} million parameters, trained in "
            f"{made['processor_minutes']:.0f} processor minutes on one core (AMD EPYC), seed {made['recipe']['seed']},",
            "by `python -m vla_course.learning.reading.train_reader`; stopped after "
            f"{made['steps_done']} of {made['recipe']['steps']} steps.",
            "Its lessons were drawn in an order that differed from process to process. That is mended since: the",
            "command now draws the same ones in every process, but makes other weights than these.",
            "",
            "## Finding",
            "",
            "The thing that is meant, of several on the table, where it shows clearly:",
            "",
            *_table(seen, _GROUNDING),
            "",
            f"{_figure(seen, 'parameters')['value']:.2f} million parameters; half of its answers are off by less than",
            f"{_figure(seen, 'trained pairs: error, median')['value']:.1f} of 96 pixels. Made by `python -m "
            "vla_course.learning.grounding.train_grounder`.",
            "",
            "## Where it fails",
            "",
            "- What is said in other words is sometimes refused, and sometimes understood wrongly: the second table. A",
            "  noun it has never heard is now and then taken for another thing and acted on, and so are near misses.",
            f"- {worst['name'].removeprefix('held out: ').removesuffix(', right').capitalize()}: found in "
            f"{100 * worst['value']:.0f} % of {worst['n']} pictures.",
            '- Far things, things in the hand, and "it".',
            "- It is told the sizes of the six kinds of things and of the table, and that the table stands along the",
            "  axes of the world.",
            "",
        )
    )


def _results(name: str) -> dict:
    found: dict = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _figure(figures: Sequence[dict], name: str) -> dict:
    return next(one for one in figures if one["name"] == name)


def _percent(figures: Sequence[dict], name: str) -> str:
    return f"{100 * _figure(figures, name)['value']:.1f} %"


def _believed(figures: Sequence[dict], count: int = 3) -> str:
    """Name the kinds of near misses that are acted on most often."""
    kinds = [one for one in figures if one["name"].startswith("acted on: ")]
    most = sorted(kinds, key=lambda one: -one["value"])[:count]
    return ", ".join(f'"{one["name"].removeprefix("acted on: ")}" {100 * one["value"]:.0f} %' for one in most)


def _doubt(figures: Sequence[dict]) -> list[str]:
    """Return the table of what the robot acts on and what it refuses."""
    lines = [
        "| | acted on, rightly | acted on, wrongly | refused, though right | refused, rightly |",
        "|---|---|---|---|---|",
    ]
    for name, told in _DOUBT:
        shares = [
            _percent(figures, f"doubt, {name}: {what}")
            if any(one["name"] == f"doubt, {name}: {what}" for one in figures)
            else "-"
            for what in (
                "acted on, rightly",
                "acted on, wrongly",
                "refused, though right",
                "refused, rightly",
            )
        ]
        lines.append(f"| {told} | {' | '.join(shares)} |")
    return lines


def _table(figures: Sequence[dict], rows: Sequence[tuple[str, str]]) -> list[str]:
    lines = ["| | right | of |", "|---|---|---|"]
    for name, told in rows:
        one = _figure(figures, name)
        low, high = one["interval"]
        lines.append(
            f"| {told} | {100 * one['value']:.1f} % [{100 * low:.1f}, {100 * high:.1f}] | {one['n']} |"
        )
    return lines


if __name__ == "__main__":
    CARD.write_text(card(), encoding="utf-8")
