"""What the robot can be told: an instruction, how it is said, and how a sentence is understood.

`understand` is the exact inverse of `say`. A sentence that is not of the language is not guessed at: it is refused,
with the nearest things that the robot can do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from functools import cache
from typing import Final, Literal, cast, get_args

import numpy as np

from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.things import ALL_THINGS, COLOURS, SHAPES, TRAINED
from vla_course.simulation.tasks.phrases import (
    NUMBERS,
    QUANTITIES,
    TEMPLATES,
    UNITS,
    WORDS,
    Wording,
    fields_of,
)

Skill = Literal[
    "walk",
    "turn",
    "look at",
    "go to",
    "reach for",
    "point at",
    "pick up",
    "place",
    "move to",
    "stand still",
    "serve a drink",
    "tidy the table",
]
Relation = Literal["on", "next to", "left of"]
Unit = Literal["steps", "metres", "degrees"]
Direction = Literal["forward", "backward", "left", "right"]

SKILLS: Final[tuple[Skill, ...]] = get_args(Skill)
LONGEST: Final = 100
"""characters of a sentence"""
AMOUNTS: Final[Mapping[str, tuple[float, float, float]]] = {
    "steps": (1, 12, 1),
    "metres": (0.1, 5, 0.1),
    "degrees": (5, 180, 1),
}
"""of each unit the least and the greatest amount, and the grain between them"""
USUAL: Final[Mapping[str, tuple[float, ...]]] = {
    "steps": tuple(range(1, 13)),
    "metres": (0.5, 1, 1.5, 2, 2.5, 3),
    "degrees": tuple(range(15, 181, 15)),
}
"""the amounts that `sentences` name"""
DRINKS: Final = tuple(name for name in ALL_THINGS if name.endswith((" cup", " bottle")))
"""what a drink is served in"""
SPOTS: Final = tuple(WORDS["spot"][1])
"""places on a table"""

_Form = Mapping[str, Sequence[str]]
_WALK: Final[_Form] = {"direction": get_args(Direction), "amount": (), "unit": ("steps", "metres")}
_TURN: Final[_Form] = {"direction": ("left", "right"), "amount": (), "unit": ("degrees",)}
_THING: Final[_Form] = {"thing": ALL_THINGS}
_BY_HAND: Final[_Form] = {"thing": ALL_THINGS, "hand": ("left", "right")}
_FORMS: Final[Mapping[Skill, tuple[_Form, ...]]] = {
    "walk": (_WALK,),
    "turn": (_TURN,),
    "look at": (_THING, {"other": ("person",)}),
    "go to": (_THING, {"other": ("person", "table")}),
    "reach for": (_THING, _BY_HAND),
    "point at": (_THING, _BY_HAND),
    "pick up": (_THING, _BY_HAND),
    "place": ({"thing": ALL_THINGS, "relation": get_args(Relation), "other": ALL_THINGS},),
    "move to": ({"thing": ALL_THINGS, "other": SPOTS},),
    "stand still": ({},),
    "serve a drink": ({}, {"thing": DRINKS}),
    "tidy the table": ({},),
}
"""Which fields each skill has, and which values they may have."""


class UnknownCommand(ValueError):
    """A sentence that is not of the language; says what the robot can do instead."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the robot is to do. Directions and sides are the robot's own.

    Raises:
        ValueError: a field is missing, not of this skill, or has a value that the skill does not know.
    """

    skill: Skill
    thing: str | None = None
    """what it is about, "red cup" """
    relation: Relation | None = None
    other: str | None = None
    """the other thing of a relation; a place: "person", "table", or one of `SPOTS`"""
    amount: float | None = None
    unit: Unit | None = None
    direction: Direction | None = None
    hand: Side | None = None
    """the hand to use; None: the one on whose side the thing is"""

    def __post_init__(self) -> None:
        if self.skill not in SKILLS:
            raise ValueError(f"Instruction.skill is {self.skill!r}, expected one of: {', '.join(SKILLS)}")
        given = {name: value for name, value in self.said().items() if value is not None}
        forms = [form for form in _FORMS[self.skill] if form.keys() == given.keys()]
        if not forms:
            expected = " or ".join("(" + ", ".join(form) + ")" for form in _FORMS[self.skill])
            raise ValueError(f"Instruction of {self.skill!r} has ({', '.join(given)}), expected {expected}")
        for name, values in forms[0].items():
            if values and given[name] not in values:
                raise ValueError(
                    f"Instruction.{name} of {self.skill!r} is {given[name]!r}, expected one of: {', '.join(values)}"
                )
        if self.thing is not None and self.thing == self.other:
            raise ValueError(f"Instruction.other is {self.other!r}, expected another thing than the first")
        if self.unit is not None:
            self._check_amount(self.unit)

    def _check_amount(self, unit: str) -> None:
        least, most, grain = AMOUNTS[unit]
        amount = cast(float, self.amount)
        if not least <= amount <= most or amount != round(amount, 0 if grain == 1 else 1):
            raise ValueError(
                f"Instruction.amount is {amount:g} {unit}, expected {least:g} to {most:g} in steps of {grain:g}"
            )

    def said(self) -> dict[str, object]:
        """Return every field but the skill by its name, None where there is nothing to say."""
        return {field.name: getattr(self, field.name) for field in fields(self)[1:]}

    @property
    def things(self) -> tuple[str, ...]:
        """The names of the things that it is about."""
        return tuple(name for name in (self.thing, self.other) if name in ALL_THINGS)


# ---- saying -----------------------------------------------------------------------------------


def say(instruction: Instruction, rng: np.random.Generator, held_out: bool = False) -> str:
    """Say an instruction in words of training, or in a paraphrase with words that no training has seen.

    A held-out sentence has a held-out template; synonyms are drawn among all words there are.
    """
    fitting = [
        template for template in _templates(instruction.skill, held_out) if _fits(template, instruction)
    ]
    template = fitting[rng.integers(len(fitting))]
    words = {field: _word(field, instruction, rng, held_out) for field in fields_of(template)}
    return template.format(**words)


def sentences(held_out: bool = False, things: Sequence[str] = TRAINED) -> Iterator[str]:
    """Yield every template with every word of each of its fields at least once, naming no thing but `things`.

    With `held_out` the templates are the held-out ones, and words all there are.
    """
    for skill in SKILLS:
        for template in _templates(skill, held_out):
            choices = {field: _choices(field, held_out, things) for field in fields_of(template)}
            for k in range(max(map(len, choices.values()), default=1)):
                # Fields start apart: nothing is put beside itself.
                picked = {
                    field: words[(k + place * len(words) // 4) % len(words)]
                    for place, (field, words) in enumerate(choices.items())
                }
                yield template.format(**picked)


def _templates(skill: Skill, held_out: bool) -> tuple[str, ...]:
    return TEMPLATES[skill].held_out if held_out else TEMPLATES[skill].seen


def _fits(template: str, instruction: Instruction) -> bool:
    """Tell whether a template says all that an instruction has, and nothing else."""
    said, named = instruction.said(), set[str]()
    for field in fields_of(template):
        if field in QUANTITIES:
            if instruction.unit not in QUANTITIES[field]:
                return False
            named |= {"amount", "unit"}
        else:
            attribute, words = WORDS[field]
            if said[attribute] not in words:
                return False
            named.add(attribute)
    return named == {name for name, value in said.items() if value is not None}


def _word(field: str, instruction: Instruction, rng: np.random.Generator, held_out: bool) -> str:
    if field in QUANTITIES:
        ways = _quantities(cast(float, instruction.amount), cast(str, instruction.unit), held_out)
    else:
        attribute, words = WORDS[field]
        ways = _words(words[cast(str, instruction.said()[attribute])], held_out)
    return ways[rng.integers(len(ways))]


def _quantities(amount: float, unit: str, held_out: bool) -> tuple[str, ...]:
    """Return how a number with its unit is said: in digits, and a small whole one in a word as well."""
    spelt = [NUMBERS[int(amount) - 1]] if amount in range(1, len(NUMBERS) + 1) else []
    nouns = _words(UNITS[unit], held_out)[amount != 1 :: 2]
    return tuple(f"{number} {noun}" for number in (f"{amount:g}", *spelt) for noun in nouns)


def _words(wording: Wording, held_out: bool) -> tuple[str, ...]:
    return wording.every if held_out else wording.seen


def _choices(field: str, held_out: bool, things: Sequence[str]) -> list[str]:
    """Return every word of a field, of numbers those that tasks have."""
    if field in QUANTITIES:
        amounts = [(unit, amount) for unit in QUANTITIES[field] for amount in USUAL[unit]]
        return [way for unit, amount in amounts for way in _quantities(amount, unit, held_out)]
    words = WORDS[field][1].items()
    named = [wording for value, wording in words if value not in ALL_THINGS or value in things]
    return [word for wording in named for word in _words(wording, held_out)]


# ---- understanding ----------------------------------------------------------------------------


def understand(sentence: str) -> Instruction:
    """Return what a sentence of the language asks for, seen or held out; case and punctuation do not matter.

    Raises:
        UnknownCommand: it is none; says what is not known and what the robot can do instead.
    """
    if len(sentence) > LONGEST:
        raise UnknownCommand(
            f"I do not know how to follow {len(sentence)} characters: expected at most {LONGEST} in one command"
        )
    plain = _plain(sentence)
    if not plain:
        raise UnknownCommand(f"I do not know how to follow an empty command. {_can_do('')}")
    for skill, _, pattern in _patterns():
        if match := pattern.fullmatch(plain):
            try:
                return Instruction(skill, **_meaning(match.groupdict()))  # type: ignore[arg-type]
            except ValueError as why:
                expected = str(why).partition("expected ")[2]
                raise UnknownCommand(f"I do not know how to {plain}: expected {expected}") from why
    raise UnknownCommand(f"I do not know how to {plain}: {_not_known(plain) or _can_do(plain)}")


def _plain(sentence: str) -> str:
    """Return a sentence in lower case without punctuation.

    A sign or a point before a digit belongs to the number: it stays, and whoever reads the number may refuse it.
    """
    return " ".join(re.sub(r"\.(?!\d)|(?!(?<!\w)[-−–]\s*\.?\d)[^\w\s.]", " ", sentence.lower()).split())


@cache
def _patterns() -> tuple[tuple[Skill, str, re.Pattern[str]], ...]:
    """Return every template with its pattern, the fields of which are groups."""
    return tuple(
        (
            skill,
            template,
            re.compile(template.format(**{field: _group(field) for field in fields_of(template)})),
        )
        for skill in SKILLS
        for template in TEMPLATES[skill].every
    )


def _group(field: str) -> str:
    if field in QUANTITIES:
        nouns = [noun for unit in QUANTITIES[field] for noun in UNITS[unit].every]
        return rf"(?P<{field}>(?:\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) (?:{'|'.join(nouns)}))"
    return f"(?P<{field}>{'|'.join(_values(field))})"


@cache
def _values(field: str) -> dict[str, str]:
    """Return what each word of a field means."""
    return {word: value for value, wording in WORDS[field][1].items() for word in wording.every}


def _meaning(words: Mapping[str, str]) -> dict[str, object]:
    """Return the attributes of an instruction that the words of a template's fields say."""
    meaning: dict[str, object] = {}
    for field, word in words.items():
        if field in QUANTITIES:
            number, noun = word.split()
            meaning["amount"] = float(NUMBERS.index(number) + 1 if number in NUMBERS else number)
            meaning["unit"] = next(unit for unit, wording in UNITS.items() if noun in wording.every)
        else:
            meaning[WORDS[field][0]] = _values(field)[word]
    return meaning


def _not_known(plain: str) -> str:
    """Say which one part of a sentence is not known, where all the rest is of the language; else empty."""
    found: list[tuple[int, str]] = []
    for _, template, _ in _patterns():
        anything = {field: f"(?P<{field}>.+)" for field in fields_of(template)}
        if not re.fullmatch(template.format(**anything), plain):
            continue
        for field in anything:
            known = {other: _group(other) for other in anything}
            match = re.fullmatch(template.format(**known | {field: anything[field]}), plain)
            if match:
                words = match[field]
                found.append((len(words), f"{words!r} is not known, expected {_expected(field)}"))
    return min(found)[1] if found else ""


def _expected(field: str) -> str:
    if field in QUANTITIES:
        units = " or ".join(QUANTITIES[field])
        return f"a number in digits, or in words from {NUMBERS[0]} to {NUMBERS[-1]}, of {units}"
    if field in ("thing", "other", "drink"):
        shapes = ("cup", "bottle") if field == "drink" else tuple(SHAPES)
        return f"a colour ({', '.join(COLOURS)}) and a shape ({', '.join(shapes)})"
    return "one of: " + ", ".join(words.seen[0] for words in WORDS[field][1].values())


def _can_do(plain: str) -> str:
    """Name the three things that come nearest to what was said."""
    nearest = sorted(_EXAMPLES, key=lambda example: -SequenceMatcher(None, plain, example).ratio())
    return "I can, for example: " + "; ".join(nearest[:3])


def _example(wording: Wording) -> str:
    template = wording.seen[0]
    samples = {"way": "2 steps", "angle": "90 degrees", "direction": "forward", "side": "left"}
    samples |= {"thing": "red cup", "relation": "next to", "other": "green box", "spot": SPOTS[0]}
    return template.format(**samples)


_EXAMPLES: Final = tuple(_example(wording) for wording in TEMPLATES.values())
