"""Writes the card of what acts on words and pixels, planned and direct, from the results that are kept.

python benchmarks/policy_card.py
"""

import json
from collections.abc import Sequence

from report import RESULTS

from vla_course.learning.demonstrations.plan import DIRECT as LEARNED
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.encoders.weights import CONFIG
from vla_course.learning.evaluation.episodes import CONTROLS, SPLITS
from vla_course.learning.planned.policy import UNSURE, WONDERS
from vla_course.learning.reading.calibration import MISSED
from vla_course.learning.reading.files import SHIPPED
from vla_course.simulation.tasks.instructions import SKILLS

CARD, DIRECT = MODELS / "POLICY_CARD.md", MODELS / "direct"

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
_SURE = "confidence, {} training: calibration error"
_IT, _CONTROL = 'second command: "it": right', "blind, pictures of another moment: right"
_GROUNDING = (
    ("trained pairs: right", "pairs that its training named"),
    ("held-out pairs, all: right", "pairs that its training never named"),
    ("reworded command: right", "a command in words of no training"),
    ("synonym of noun or colour: right", "a synonym of noun or colour"),
    ("a relation: the other: right", "the other thing of a relation"),
    (_IT, '"it", in a second command'),
    ("0.9 to 1.4 m, cut or small as well: right", "0.9 to 1.4 m away, cut or small as well"),
    ("1.4 to 4 m, cut or small as well: right", "1.4 to 4 m away, cut or small as well"),
    ("light and table: other light: right", "in a light that no scene draws"),
    (_CONTROL, "pictures of another moment (a control)"),
)


def card() -> str:
    """Return the card."""
    reading, grounding = (_results(name) for name in ("reading", "grounding"))
    heard, seen = reading["figures"], grounding["figures"]
    made = json.loads((SHIPPED / CONFIG).read_text(encoding="utf-8"))["made"]
    worst = min((one for one in seen if one["name"].startswith("held out: ")), key=lambda one: one["value"])
    return "\n".join(
        (
            "# What the policies have learned",
            "",
            "Small models on the frozen encoders beside them. `reader/` hears in a sentence which command it is,",
            "field by field; `grounder/` finds in the pictures of three cameras what the sentence names. From both and",
            "from depth `vla_course.learning.planned` knows what is asked and where; the stack of Day 3 moves, or the",
            'network in `direct/`. Try `vla-course run "pick up the red cup"`.',
            "",
            f"Numbers are those of `benchmarks/results/reading.json` ({reading['commit']}) and `grounding.json`",
            f"({grounding['commit']}), one training seed each, with 95 % intervals (Wilson 1927).",
            "",
            "## Hearing",
            "",
            "Every field of the command right, of sentences drawn anew:",
            "",
            *_table(heard, _READING),
            "",
            "Words that no training said it knows from a dictionary (`DICTIONARY.md`). No template of the reworded",
            "lines, and no word that they alone have, was in its training, nor was any choice made by them. Where it",
            f"is less sure than {UNSURE:g}, the robot refuses. That bound was chosen on near misses of validation, of",
            f"other kinds than those for tests: it may act on {100 * MISSED:.0f} % of them at most, and acts on "
            f"{_percent(heard, f'validation, below {UNSURE:g} refused: near misses acted on')}.",
            f"Where it refuses, is at least {WONDERS:g} sure, and somebody can answer, it asks whether what it heard",
            "was meant. Without anybody to answer:",
            "",
            *_doubt(heard),
            "",
            "How sure it says it is and how often it is right differ by "
            f"{_figure(heard, _SURE.format('as in'))['value']:.3f} on sentences as in",
            f"training and by {_figure(heard, _SURE.format('unlike'))['value']:.3f} on all others (expected "
            f"calibration error; the bar is {_figure(heard, _SURE.format('unlike'))['bar']}).",
            "Of near misses of kinds that it has never met it acts most often on these:",
            _believed(heard) + ".",
            "",
            f"{_figure(heard, 'parameters')['value']:.2f} million parameters, trained in "
            f"{made['processor_minutes']:.0f} processor minutes on one core, seed {made['recipe']['seed']},",
            f"{made['steps_done']} of {made['recipe']['steps']} steps, by "
            "`python -m vla_course.learning.reading.train_reader`. Its lessons were",
            "drawn in an order that differed from process to process. That is mended since: the command now draws the",
            "same ones in every process, but makes other weights than these.",
            "",
            "## Finding",
            "",
            "The thing that is meant, of several on the table, where it shows clearly:",
            "",
            *_table(seen, _GROUNDING),
            "",
            f"{_figure(seen, 'parameters')['value']:.2f} million parameters. Its median error is "
            f"{_figure(seen, 'trained pairs: error, median')['value']:.2f} of 96 pixels",
            "(pairs that its training named). Made by",
            "`python -m vla_course.learning.grounding.train_grounder`.",
            "",
            *_direct(),
            *_closed_loop(),
            "## Where it fails",
            "",
            *_misheard(heard),
            f"- {worst['name'].removeprefix('held out: ').removesuffix(', right').capitalize()}, of the pairs that its "
            f"training never named: found in {100 * worst['value']:.0f} % of {worst['n']} pictures.",
            "- Far things (above), things in the hand "
            f"({_percent(seen, 'expert at work, trained pairs, in the hand: right')}), and \"it\" "
            f"({_percent(seen, _IT)}, and {_percent(seen, _CONTROL)} in the control).",
            *_weak(),
            "- It is told the sizes of the six kinds of things and of the table, and that the table stands along the",
            "  axes of the world.",
            "",
        )
    )


def _direct() -> list[str]:
    """Tell how the direct policy's network was made."""
    if not DIRECT.exists():
        return []
    made = json.loads((DIRECT / "config.json").read_text(encoding="utf-8"))["made"]
    learn, held_out = made["frames"]
    # What was made where processor time cannot be read says nothing of it.
    took = f" in {made['processor_minutes']:.0f} processor minutes" if "processor_minutes" in made else ""
    return [
        "## Acting, chunk by chunk",
        "",
        "`direct/` says the next twelve actions of arms, head, grippers, base and stance, from what was heard, where",
        "things were found, and what the body feels. It was cloned, `vla-course train`, seed "
        f"{made['options']['seed']}, {made['options']['steps']:,} steps of",
        f"{made['options']['batch']}{took}, from {learn:,} frames "
        f"(each with its mirror image, {held_out:,} more",
        "held out for validation) that these commands collect:",
        "",
        "```",
        *made["demonstrations"],
        "```",
        "",
        "A `--learner` is an earlier stage of this training: it and the expert take turns in those episodes.",
        "",
    ]


def _closed_loop() -> list[str]:
    """Tell how often the whole robot did what it was told, in physics."""
    lines = []
    for name in ("planned", "direct"):
        path = RESULTS / f"policy_{name}.json"
        if not path.exists():
            continue
        known = json.loads(path.read_text(encoding="utf-8"))
        figures, notes = known["figures"], known["notes"]
        splits = [split for split in SPLITS if split in {one["name"] for one in figures}]
        stood = any(one["name"].strip() == "the expert" for one in figures)
        lines += [
            f"## In closed loop, {name}",
            "",
            f"`benchmarks/results/policy_{name}.json` ({known['commit']}, seed {known['seed']}): done in physics, by",
            "the task's own rule, in time and with nothing gone wrong"
            + (", beside the expert in the same episodes." if stood else "."),
            _went_wrong(figures, notes),
            "",
            *(f"- `{split}`: {SPLITS[split]}." for split in splits),
            "",
            *_of_controls(splits),
            *_not_measured(splits),
            "| | done | of |" + (" the expert |" if stood else ""),
            "|---|---|---|" + ("---|" if stood else ""),
        ]
        for one, after in zip(figures, [*figures[1:], None], strict=True):
            if one.get("interval") is None or one["name"].strip().startswith("the expert"):
                continue
            expert = after is not None and after["name"].strip() == "the expert"
            beside = f"{100 * after['value']:.0f} %" if expert else ""
            low, high = one["interval"]
            told = one["name"].strip().replace("did the other one", "swap, did the other one")
            lines.append(
                f"| {told} | {100 * one['value']:.0f} % [{100 * low:.0f}, {100 * high:.0f}] "
                f"| {one['n']} |" + (f" {beside} |" if stood else "")
            )
        lines.append("")
    return lines


def _went_wrong(figures: Sequence[dict], notes: Sequence[str]) -> str:
    """Tell how often a robot fell, and how often its policy itself broke."""
    falls, broke = _figure(figures, "falls"), sum(": broke: " in note for note in notes)
    told = f"Falls: {falls['value']:.0f} in {falls['n']:,} episodes."
    return told + (f" In {broke} the policy broke off with an error, which counts as not done." if broke else "")


def _of_controls(splits: Sequence[str]) -> list[str]:
    """Say what controls are for, where there are some."""
    if not {*splits} & {*CONTROLS}:
        return []
    return ["What is done in a control needed no words, or no eyes, or was done by chance.", ""]


def _not_measured(splits: Sequence[str]) -> list[str]:
    """Name the splits that are missing; of both levels of composition what ships has the first."""
    missing = [f"`{split}`" for split in SPLITS if split not in (*splits, "grounded")]
    return [f"Not measured: {', '.join(missing)}.", ""] if missing else []


def _misheard(heard: Sequence[dict]) -> list[str]:
    """Tell what comes of words that it has never heard, and of what is no command."""

    def told(name: str, *what: str) -> str:
        return f"{100 * sum(_figure(heard, f'doubt, {name}: {one}')['value'] for one in what):.1f} %"

    reworded, noun = "one command, template reworded", "noun replaced by a synonym"
    right, wrong = "refused, though right", "acted on, wrongly"
    faults, asides = (told(name, wrong) for name, _ in _DOUBT[-2:])
    return [
        f"- Of commands in a template that it has never heard it refuses {told(reworded, right, 'refused, rightly')}: "
        f"{told(reworded, right)} though it heard",
        f"  them rightly. {told(reworded, wrong)} it hears wrongly and acts on.",
        f"- Of commands with a noun that it has never heard {told(noun, wrong)} are heard wrongly and acted on. The "
        "grounder reads",
        "  the sentence for itself: what the robot then does is the split `nouns`.",
        f"- It acts on {faults} of commands with something wrong in them, and on {asides} of near misses of new kinds.",
    ]


def _weak() -> list[str]:
    """Name what acting direct was never learned, and what is done less often than every other time."""
    path = RESULTS / "policy_direct.json"
    if not path.exists():
        return []
    figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
    weak = [one for one in figures if one["name"].startswith("  seen, ") and one["value"] < 0.5]
    told = [f"{one['name'].strip().removeprefix('seen, ')} ({100 * one['value']:.0f} %)" for one in weak]
    never = " or to ".join(skill for skill in SKILLS if skill not in LEARNED)
    return [
        *([f"- Acting direct it does these less than every other time: {', '.join(told)}."] if told else []),
        f"- Acting direct it does one command at a time, and never learned to {never}.",
    ]


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
